package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"sipas/bench/world"
)

// export measures writing a million responses as CSV beside what sqlite3 takes
// to dump the same table, and the memory that it takes.
func export(ctx context.Context, b *bench) (r result, err error) {
	folder, err := b.cache.data(ctx, many)
	if err != nil {
		return r, err
	}
	empty, err := b.cache.data(ctx, 0)
	if err != nil {
		return r, err
	}
	work := filepath.Join(b.out, "export")
	if err := os.MkdirAll(work, 0o700); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	n := 5
	if b.quick {
		n = 1
	}
	var ours, theirs, ratios []float64
	var peaks []time.Duration // bytes, in the only type that median takes beside floats
	for i := range n + 1 {
		mine, peak, err := b.exportOnce(ctx, folder, filepath.Join(work, "ours.csv"))
		if err != nil {
			return r, err
		}
		dump, err := dumpOnce(ctx, filepath.Join(folder, "sipas.db"), filepath.Join(work, "theirs.csv"))
		if err != nil {
			return r, err
		}
		say("  ours %.2f s, sqlite3 %.2f s, peak %.1f MiB", mine.Seconds(), dump.Seconds(), mib(peak))
		if i == 0 {
			continue // reads the file into the kernel's cache
		}
		ours, theirs = append(ours, many/mine.Seconds()), append(theirs, many/dump.Seconds())
		ratios, peaks = append(ratios, dump.Seconds()/mine.Seconds()), append(peaks, time.Duration(peak))
	}
	if err := sameRows(filepath.Join(work, "ours.csv"), filepath.Join(work, "theirs.csv")); err != nil {
		return r, err
	}
	_, idle, err := b.exportOnce(ctx, empty, filepath.Join(work, "none.csv"))
	if err != nil {
		return r, err
	}
	_, bareIdle, err := runToEnd(ctx, nil, b.sipas, "version")
	if err != nil {
		return r, err
	}
	peak := int64(median(peaks))
	r.Rows = []row{
		row{What: "CSV export of 1,000,000 responses: rows/s ÷ `sqlite3 -csv`", AtLeast: 0.3, Aim: 0.8, Decimals: 2}.of(ratios),
		{What: "… and peak memory above idle", AtLeast: 64, Aim: 16, Got: mib(peak - idle), Less: true, Unit: " MiB", Decimals: 1},
	}
	r.Notes = []string{
		fmt.Sprintf("`sipas export responses --format csv`, which makes a file of %s, and `sqlite3 -csv`, `SELECT * FROM response` into a", size(filepath.Join(work, "ours.csv"))),
		fmt.Sprintf("file of %s, in turn, %d times after one round that is not counted; the whole process each, with the database in the", size(filepath.Join(work, "theirs.csv")), n),
		"kernel's cache. Ours does more (a column an item, times with offsets, names of units, SHA-256, fsync); theirs copies columns.",
		"Idle is the same command over the same survey without a response; peak is the highest resident memory of the process (VmHWM).",
		"",
		fmt.Sprintf("- ours %.0f rows/s, sqlite3 %.0f rows/s (medians)", median(ours), median(theirs)),
		fmt.Sprintf("- peak %.1f MiB, idle %.1f MiB; `sipas version`, which opens nothing, %.1f MiB", mib(peak), mib(idle), mib(bareIdle)),
	}
	return r, nil
}

func mib(n int64) float64 { return float64(n) / (1 << 20) }

func size(file string) string {
	info, err := os.Stat(file)
	if err != nil {
		return "unknown size"
	}
	return fmt.Sprintf("%.0f MB", float64(info.Size())/1e6)
}

func (b *bench) exportOnce(ctx context.Context, folder, file string) (time.Duration, int64, error) {
	return runToEnd(ctx, nil, b.sipas, "export", "responses", "--data", folder, "--wave", string(world.Wave), "--format", "csv", "-o", file)
}

func dumpOnce(ctx context.Context, db, file string) (time.Duration, error) {
	out, err := os.Create(file)
	if err != nil {
		return 0, err
	}
	defer out.Close()
	took, _, err := runToEnd(ctx, out, "sqlite3", "-csv", "-header", "-readonly", db, "SELECT * FROM response")
	return took, err
}

// sameRows checks that both files hold every response: the manifest of ours
// says so and the line ends of both agree.
func sameRows(ours, theirs string) error {
	text, err := os.ReadFile(ours + ".manifest.json")
	if err != nil {
		return err
	}
	var m struct {
		Rows int64 `json:"rows"`
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return err
	}
	for _, file := range []string{ours, theirs} {
		n, err := records(file)
		if err != nil {
			return err
		}
		if n != many+1 || m.Rows != many {
			return fmt.Errorf("%s has %d records, the manifest says %d", filepath.Base(file), n, m.Rows)
		}
	}
	return nil
}

// records counts line ends outside quotes.
func records(file string) (n int, err error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<20)
	quoted := false
	for {
		c, err := r.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return n, nil
		case err != nil:
			return n, err
		case c == '"':
			quoted = !quoted
		case c == '\n' && !quoted:
			n++
		}
	}
}
