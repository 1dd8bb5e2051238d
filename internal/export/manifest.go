package export

import (
	"encoding/json"
	"time"

	"sipas/internal/survey"
)

// Manifest is what stands beside an exported file and proves it: anybody can
// count its rows and compute its SHA-256 again.
type Manifest struct {
	File       string                 `json:"file"`
	Format     Format                 `json:"format"`
	Rows       int64                  `json:"rows"`
	Bytes      int64                  `json:"bytes"`
	SHA256     string                 `json:"sha256"` // lower-case hex, of the whole file
	States     map[survey.State]int64 `json:"states"` // rows in each state, as judged when the file was written
	Filters    Filters                `json:"filters"`
	Instrument InstrumentRef          `json:"instrument"`
	Program    Program                `json:"program"`
	Watermark  survey.ReportMark      `json:"watermark"` // every response up to here is in, if the filters let it
	FirstSeq   int64                  `json:"first_seq"` // 0 when there is no row
	LastSeq    int64                  `json:"last_seq"`
	Clashes    int64                  `json:"clashes"` // bodies kept aside, because their id was taken by another body
	Complete   string                 `json:"complete"`
	Columns    []string               `json:"columns"`
	Synthetic  bool                   `json:"synthetic"` // the responses are made up
	CreatedAt  time.Time              `json:"created_at"`
}

// Filters are the filters of an export; null means not filtered.
type Filters struct {
	Wave survey.WaveID    `json:"wave"`
	Unit *survey.UnitCode `json:"unit"` // with all below it
	From *string          `json:"from"` // 2026-03-02; of the day of submission
	To   *string          `json:"to"`
}

// InstrumentRef names the questionnaire the answers belong to.
type InstrumentRef struct {
	ID   survey.InstrumentID `json:"id"`
	Hash string              `json:"hash"`
}

// Program is the build that wrote the file.
type Program struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Go      string `json:"go"`
}

// complete says in the manifest what "complete" means for this file.
const complete = "The file holds every stored response of the filters with seq up to the watermark, whatever its state, " +
	"in the order of seq, each once. Nothing else is left out."

func (p plan) filters() Filters {
	f := Filters{Wave: p.Wave}
	if p.Unit != "" {
		f.Unit = &p.Unit
	}
	if !p.Period.Whole() {
		from, to := p.Period.From.String(), p.Period.To.String()
		f.From, f.To = &from, &to
	}
	return f
}

// JSON writes m as the file NAME.manifest.json holds it.
func (m Manifest) JSON() []byte {
	b, _ := json.MarshalIndent(m, "", "  ") // plain fields always marshal
	return append(b, '\n')
}
