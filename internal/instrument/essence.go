package instrument

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"sipas/internal/survey"
)

// essence is what must never change once somebody has answered: what citizens
// are asked, in which words, what they can answer, and what the index makes of
// it. Everything else in a file may be improved afterwards: comments, the source,
// names for tables, and the marks that tell pages what to do with answers
// (follows, wishes, sensitive, unconfirmed).
//
// Where a line may not break is not part of it: a no-break space counts as a
// space.
//
// Its fields and their order are part of every hash ever stored: only a field
// that is left out when empty may be added.
type essence struct {
	ID       survey.InstrumentID `json:"id"`
	Title    survey.Text         `json:"title"`
	Ask      survey.Text         `json:"ask"`
	Sections []essenceSection    `json:"sections"`
	Domains  []essenceDomain     `json:"domains"`
	Index    survey.Spec         `json:"index"`
}

type essenceSection struct {
	Code      string            `json:"code"`
	Title     survey.Text       `json:"title"`
	Lead      survey.Text       `json:"lead,omitempty"`
	Questions []essenceQuestion `json:"questions"`
}

type essenceQuestion struct {
	Code       survey.ItemCode     `json:"code"`
	Kind       survey.QuestionKind `json:"kind"`
	Text       survey.Text         `json:"text"`
	Matrix     string              `json:"matrix,omitempty"`
	MatrixText survey.Text         `json:"matrix_text,omitempty"`
	Options    []essenceOption     `json:"options,omitempty"`
	Faces      bool                `json:"faces,omitempty"`
	Required   bool                `json:"required,omitempty"`
	ShowIf     *essenceCondition   `json:"show_if,omitempty"`
}

type essenceOption struct {
	Value string      `json:"value"`
	Label survey.Text `json:"label"`
}

type essenceCondition struct {
	Item survey.ItemCode    `json:"item,omitempty"`
	In   []string           `json:"in,omitempty"`
	All  []essenceCondition `json:"all,omitempty"`
	Any  []essenceCondition `json:"any,omitempty"`
}

type essenceDomain struct {
	Code    string          `json:"code"`
	Factors []essenceFactor `json:"factors"`
}

type essenceFactor struct {
	Code  string            `json:"code"`
	Items []survey.ItemCode `json:"items"`
}

// hash returns SHA-256 over the essence of in as compact JSON, keys of texts in
// the order of their bytes, no-break spaces as spaces; lower-case hex.
func hash(in *survey.Instrument) string {
	text, err := json.Marshal(essenceOf(in))
	if err != nil {
		panic(err) // there is nothing in it that JSON cannot say
	}
	sum := sha256.Sum256(bytes.ReplaceAll(text, []byte("\u00a0"), []byte(" ")))
	return hex.EncodeToString(sum[:])
}

func essenceOf(in *survey.Instrument) essence {
	e := essence{ID: in.ID, Title: in.Title, Ask: in.Ask, Index: in.Spec}
	for _, s := range in.Sections {
		section := essenceSection{Code: s.Code, Title: s.Title, Lead: s.Lead}
		for _, q := range s.Questions {
			section.Questions = append(section.Questions, questionEssence(q))
		}
		e.Sections = append(e.Sections, section)
	}
	for _, d := range in.Domains {
		domain := essenceDomain{Code: d.Code}
		for _, f := range d.Factors {
			domain.Factors = append(domain.Factors, essenceFactor{f.Code, f.Items})
		}
		e.Domains = append(e.Domains, domain)
	}
	return e
}

func questionEssence(q *survey.Question) essenceQuestion {
	e := essenceQuestion{
		Code: q.Code, Kind: q.Kind, Text: q.Text, Matrix: q.Matrix, MatrixText: q.MatrixText,
		Faces: q.Faces, Required: q.Required,
	}
	for _, o := range q.Options {
		e.Options = append(e.Options, essenceOption{o.Value, o.Label})
	}
	if q.ShowIf != nil {
		c := conditionEssence(*q.ShowIf)
		e.ShowIf = &c
	}
	return e
}

func conditionEssence(c survey.Condition) essenceCondition {
	e := essenceCondition{Item: c.Item, In: c.In}
	for _, d := range c.All {
		e.All = append(e.All, conditionEssence(d))
	}
	for _, d := range c.Any {
		e.Any = append(e.Any, conditionEssence(d))
	}
	return e
}
