package export

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"sipas/internal/survey"
)

// Source is what an export reads.
type Source interface {
	// Head is the last response stored.
	Head(ctx context.Context) (survey.Watermark, error)
	// EachResponse calls f for at most limit responses that pass the filter and
	// have Seq > after, by Seq. The response is valid until f returns, its
	// strings for good.
	EachResponse(ctx context.Context, filter survey.Filter, after int64, limit int, f func(*survey.Response) error) error
	// Clashes calls f for every body kept aside because its id was taken.
	Clashes(ctx context.Context, f func(survey.Clash) error) error
	// Response returns the response with seq.
	Response(ctx context.Context, seq int64) (survey.Response, error)
}

// Exporter writes responses out.
type Exporter struct {
	Source  Source
	Catalog func() *survey.Catalog
	Program Program
	Zone    *time.Location // the times in the file are of this zone
	Now     func() time.Time
}

// Progress says how far an export is. Scanned goes to Head; Rows is what the
// filters let through.
type Progress struct {
	Rows    int64 `json:"rows"`
	Scanned int64 `json:"scanned"`
	Head    int64 `json:"head"`
}

// Percent is how much of the work is done, 0 to 100.
func (p Progress) Percent() int {
	if p.Head == 0 {
		return 0
	}
	return int(100 * p.Scanned / p.Head)
}

const (
	pageRows  = 4000    // responses of one read transaction: short enough for checkpoints to get through
	chunkSize = 1 << 18 // bytes written and hashed at once
)

// rowWriter writes one format. Its methods append to b and return it.
type rowWriter interface {
	names() []string
	head(b []byte) []byte
	row(b []byte, r *survey.Response) ([]byte, error)
}

// Write writes what req asks for to w and returns the manifest, whose File is
// the caller's to fill. It is Invalid for a request that names what is not
// there. progress may be nil.
func (e *Exporter) Write(ctx context.Context, req Request, w io.Writer, progress func(Progress)) (Manifest, error) {
	const op = "export.Write"
	p, err := req.plan(e.Catalog())
	if err != nil {
		return Manifest{}, err
	}
	mark, err := e.Source.Head(ctx)
	if err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", op, err)
	}
	rows := e.rows(p)
	file := seal(w)
	box := p.container(file)
	out := newOutput(box, rows)
	run := run{states: map[survey.State]int64{}, source: e.Source, filter: p.filter, out: out, mark: mark.Seq, report: progress}
	err = run.all(ctx)
	if werr := out.close(); werr != nil {
		err = werr // the cause of whatever went wrong after it
	}
	if err = errors.Join(err, box.close(err == nil)); err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", op, err)
	}
	clashes, err := e.clashes(ctx, req.Wave, mark.Seq)
	if err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", op, err)
	}
	m := Manifest{
		Format: req.Format, Rows: run.n, Bytes: file.bytes, SHA256: hex.EncodeToString(file.sum.Sum(nil)),
		States: run.states, Filters: p.filters(), Instrument: InstrumentRef{p.in.ID, p.in.Hash}, Program: e.Program,
		Watermark: survey.ReportMark{Seq: mark.Seq}, FirstSeq: run.first, LastSeq: run.last, Clashes: clashes,
		Complete: complete, Columns: rows.names(), Synthetic: p.wave.Synthetic, CreatedAt: e.Now().In(e.Zone).Truncate(time.Second),
	}
	if mark.Seq > 0 {
		at := mark.At.In(e.Zone)
		m.Watermark.At = &at
	}
	return m, nil
}

// container returns what the rows of the plan's format are written into.
func (p plan) container(file *sealed) container {
	if p.Format == XLSX {
		w := newWorkbook(file, p.in, sheetRows)
		return container{w.write, w.close}
	}
	return file.plain()
}

func (e *Exporter) rows(p plan) rowWriter {
	if p.Format == NDJSON {
		return &ndjsonWriter{newStamper(e.Zone), p.tree}
	}
	return newCSVWriter(p, e.Zone)
}

// clashes counts the bodies kept aside under ids of the wave, up to mark. They
// are rare, so each is looked up.
func (e *Exporter) clashes(ctx context.Context, wave survey.WaveID, mark int64) (n int64, err error) {
	var of []int64
	err = e.Source.Clashes(ctx, func(c survey.Clash) error {
		if c.Seq <= mark {
			of = append(of, c.Seq)
		}
		return nil
	})
	for _, seq := range of {
		if err != nil {
			return 0, err
		}
		var r survey.Response
		if r, err = e.Source.Response(ctx, seq); r.Wave == wave {
			n++
		}
	}
	return n, err
}

// run is one export under way.
type run struct {
	source Source
	filter survey.Filter
	out    *output
	mark   int64
	report func(Progress)

	n, first, last int64
	states         map[survey.State]int64
	scanned        int64
}

// all reads page after page, each beginning after the last response of the one
// before: no offset that shifts under us, no transaction open for minutes.
func (r *run) all(ctx context.Context) error {
	batch, err := r.out.batch()
	if err != nil {
		return err
	}
	for r.scanned < r.mark {
		seen := 0
		err := r.source.EachResponse(ctx, r.filter, r.scanned, pageRows, func(resp *survey.Response) (err error) {
			seen++
			if r.scanned = resp.Seq; resp.Seq > r.mark {
				return nil
			}
			r.count(resp)
			if batch = append(batch, *resp); len(batch) == batchRows {
				batch, err = r.out.take(batch)
			}
			return err
		})
		if err != nil {
			return err
		}
		if seen < pageRows {
			r.scanned = r.mark
		}
		if r.report != nil {
			r.report(Progress{r.n, min(r.scanned, r.mark), r.mark})
		}
	}
	_, err = r.out.take(batch)
	return err
}

func (r *run) count(resp *survey.Response) {
	if r.n == 0 {
		r.first = resp.Seq
	}
	r.n, r.last = r.n+1, resp.Seq
	r.states[resp.State]++
}
