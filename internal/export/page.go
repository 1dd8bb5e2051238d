package export

import (
	"context"
	"fmt"
	"io"

	"sipas/internal/survey"
)

// Page writes at most limit responses that req asks for and that have Seq >
// after, by Seq, with the head of the format (CSV or NDJSON), and returns how many there are
// and the last Seq (after, if there are none). Following the last Seq from page
// to page meets every response once. It is Invalid for a request that names
// what is not there.
func (e *Exporter) Page(ctx context.Context, req Request, after int64, limit int, w io.Writer) (rows int, last int64, err error) {
	const op = "export.Page"
	p, err := req.plan(e.Catalog())
	if err != nil {
		return 0, after, err
	}
	format := e.rows(p)
	last, b := after, format.head(nil)
	err = e.Source.EachResponse(ctx, p.filter, after, limit, func(r *survey.Response) error {
		rows, last = rows+1, r.Seq
		var err error
		if b, err = format.row(b, r); err != nil || len(b) < chunkSize {
			return err
		}
		_, err = w.Write(b)
		b = b[:0]
		return err
	})
	if err == nil {
		_, err = w.Write(b)
	}
	if err != nil {
		return rows, last, fmt.Errorf("%s: %w", op, err)
	}
	return rows, last, nil
}
