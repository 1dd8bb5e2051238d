package main

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The book that is taken in: 4,000 × 10 × 6 results of 40 component scores.
const (
	bookUnits, bookYears, bookTypes, bookParts = 4000, 10, 6, 40
	bookFirstYear                              = 2015
)

// book measures taking results in beside a loop that inserts a row for every
// component score, and one that inserts a row for every result.
func book(ctx context.Context, b *bench) (r result, err error) {
	dir := filepath.Join(b.out, "book")
	if err := os.RemoveAll(dir); err != nil {
		return r, err
	}
	years, rounds := bookYears, 3
	if b.quick {
		years, rounds = 1, 2
	}
	if err := writeBook(dir, years); err != nil {
		return r, err
	}
	scores := float64(bookUnits * years * bookTypes * bookParts)
	var rates, loops, packed []float64
	for i := range rounds {
		data := filepath.Join(dir, "data"+strconv.Itoa(i))
		if err := b.command(ctx, data, dir, "import", "units", filepath.Join(dir, "units.csv")); err != nil {
			return r, err
		}
		began := time.Now()
		if err := b.command(ctx, data, dir, "import", "results", filepath.Join(dir, "book.csv")); err != nil {
			return r, err
		}
		rate := scores / time.Since(began).Seconds()
		one, err := insertScores(ctx, filepath.Join(dir, "one.db"), min(int(scores), 2_000_000))
		if err != nil {
			return r, err
		}
		all, err := insertPacked(ctx, filepath.Join(dir, "packed.db"), bookUnits*bookTypes)
		if err != nil {
			return r, err
		}
		rates, loops, packed = append(rates, rate), append(loops, rate/one), append(packed, rate/all)
		if i < rounds-1 {
			if err := os.RemoveAll(data); err != nil {
				return r, err
			}
		}
	}
	r.Rows = []row{
		row{What: "import of a book, component scores/s ÷ a bare loop inserting a row for each", AtLeast: 0.3, Aim: 0.6, Decimals: 2}.of(loops),
	}
	r.Notes = []string{
		fmt.Sprintf("`sipas import results` of a CSV file of %d results with %d component scores each (%.1f million scores): reading, checking, storing with", bookUnits*years*bookTypes, bookParts, scores/1e6),
		fmt.Sprintf("history, from the start of the process to its end, %.0f scores/s. The loop is one prepared INSERT of six columns without an index, 50,000 a", median(rates)),
		"transaction. The book keeps the scores of one result as one text, so the loop writes 40 times as many rows; against a loop that inserts",
		fmt.Sprintf("the packed rows without reading a file or checking anything it is %.2f.", median(packed)),
	}
	return r, nil
}

// command runs the program over a folder with the book's types.
func (b *bench) command(ctx context.Context, data, dir string, args ...string) error {
	c := exec.CommandContext(ctx, b.sipas, append(args, "--data", data, "--indices", filepath.Join(dir, "types"))...) //nolint:gosec // our own words
	if text, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("sipas %s: %w\n%s", strings.Join(args, " "), err, text[:min(len(text), 2000)])
	}
	return nil
}

// writeBook writes types, units and results.
func writeBook(dir string, years int) (err error) {
	if err := os.MkdirAll(filepath.Join(dir, "types"), 0o750); err != nil {
		return err
	}
	for t := range bookTypes {
		if err := os.WriteFile(filepath.Join(dir, "types", fmt.Sprintf("type-%d.yaml", t)), []byte(bookType(t)), 0o600); err != nil {
			return err
		}
	}
	var units strings.Builder
	units.WriteString("code,name,kind,parent,valid_from,valid_to\np,Tỉnh,province,,2000-01-01,\n")
	for u := range bookUnits {
		fmt.Fprintf(&units, "p.c%04d,Xã %d,commune,p,2000-01-01,\n", u, u)
	}
	if err := os.WriteFile(filepath.Join(dir, "units.csv"), []byte(units.String()), 0o600); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, "book.csv"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprint(w, "unit,index,year_measured,score,max_score,percent,rank,rank_of,announced,document")
	for c := range bookParts {
		fmt.Fprintf(w, ",component:c%02d", c)
	}
	rnd := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // made-up figures
	for u := range bookUnits {
		for y := range years {
			for t := range bookTypes {
				bookRow(w, rnd, u, y, t)
			}
		}
	}
	fmt.Fprintln(w)
	return w.Flush()
}

// bookRow writes one result whose scores add up.
func bookRow(w *bufio.Writer, rnd *rand.Rand, u, y, t int) {
	total, cells := 0, make([]byte, 0, 8*bookParts)
	for range bookParts {
		c := 150 + rnd.IntN(101) // hundredths, of 2.5
		total += c
		cells = strconv.AppendFloat(append(cells, ','), float64(c)/100, 'f', 2, 64)
	}
	score := float64(total) / 100
	fmt.Fprintf(w, "\np.c%04d,type-%d,%d,%.2f,100,%.2f,%d,%d,%d-06-17,Hội nghị công bố%s",
		u, t, bookFirstYear+y, score, score, u+1, bookUnits, bookFirstYear+y+1, cells)
}

// bookType is an index type of 40 components. The first two are of the families
// that pages look for.
func bookType(t int) string {
	family := "type-" + strconv.Itoa(t)
	if t < 2 {
		family = [...]string{"sipas", "par-index"}[t]
	}
	var b strings.Builder
	fmt.Fprintf(&b, "code: type-%[1]d\nfamily: %[2]s\ntitle: {vi: T%[1]d, en: T%[1]d}\nshort: {vi: T%[1]d, en: T%[1]d}\nowner: {vi: O, en: O}\nlegal_base: {vi: L, en: L}\n"+
		"mark: unconfirmed\nmeasure: points\nmaximum: 100\nmaximum_mark: unconfirmed\nadds: true\ncomponents:\n", t, family)
	for c := range bookParts {
		fmt.Fprintf(&b, "  - {code: c%02[1]d, title: {vi: C%[1]d, en: C%[1]d}, maximum: 2.5, maximum_mark: unconfirmed, mark: unconfirmed}\n", c)
	}
	return b.String()
}

// insertScores inserts a row for each of n component scores, and returns rows a
// second.
func insertScores(ctx context.Context, file string, n int) (float64, error) {
	return inserted(ctx, file, n,
		`CREATE TABLE score (unit TEXT, type TEXT, year INTEGER, component TEXT, source TEXT, score REAL)`,
		`INSERT INTO score VALUES (?, ?, ?, ?, ?, ?)`, func(i int) []any {
			r := i / bookParts
			return []any{"p.c" + strconv.Itoa(r/60%bookUnits), "type-" + strconv.Itoa(r%bookTypes), int64(bookFirstYear + r/6%10), "c" + strconv.Itoa(i%bookParts), "", float64(i%250) / 100}
		})
}

// insertPacked inserts a row for each of n results as the book keeps them, and
// returns component scores a second.
func insertPacked(ctx context.Context, file string, n int) (float64, error) {
	var parts strings.Builder
	for c := range bookParts {
		fmt.Fprintf(&parts, " c%02d=2.25", c)
	}
	text := parts.String()[1:]
	rate, err := inserted(ctx, file, n,
		`CREATE TABLE result (id INTEGER PRIMARY KEY, unit TEXT, type TEXT, year INTEGER, score REAL, maximum REAL, percent REAL, rank INTEGER, rank_of INTEGER, document TEXT, parts TEXT)`,
		`INSERT INTO result VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, func(i int) []any {
			return []any{
				int64(i + 1), "p.c" + strconv.Itoa(i/60%bookUnits), "type-" + strconv.Itoa(i%bookTypes), int64(bookFirstYear + i/6%10),
				90.0, 100.0, 90.0, int64(i % bookUnits), int64(bookUnits), "Hội nghị công bố", text,
			}
		})
	return rate * bookParts, err
}

// inserted runs one prepared statement n times, 50,000 a transaction.
func inserted(ctx context.Context, file string, n int, create, insert string, args func(i int) []any) (rate float64, err error) {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.RemoveAll(file + suffix); err != nil {
			return 0, err
		}
	}
	dsn := "file:" + file + "?_txlock=immediate"
	for _, p := range barePragmas {
		dsn += "&_pragma=" + url.QueryEscape(p)
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, create); err != nil {
		return 0, err
	}
	began := time.Now()
	for from := 0; from < n; from += 50_000 {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return 0, err
		}
		stmt, err := tx.PrepareContext(ctx, insert)
		if err != nil {
			return 0, errors.Join(err, tx.Rollback())
		}
		for i := from; i < min(n, from+50_000); i++ {
			if _, err := stmt.ExecContext(ctx, args(i)...); err != nil {
				return 0, errors.Join(err, tx.Rollback())
			}
		}
		if err := errors.Join(stmt.Close(), tx.Commit()); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(began).Seconds(), nil
}
