package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

type apiInstrument struct {
	ID         survey.InstrumentID `json:"id"`
	Title      survey.Text         `json:"title"`
	Status     survey.Status       `json:"status"`
	Source     survey.Text         `json:"source"`
	Hash       string              `json:"hash"`
	Minutes    int                 `json:"minutes"`
	Index      survey.Spec         `json:"index"`
	Domains    []apiDomain         `json:"domains"`
	Items      []apiItem           `json:"items"`
	Respondent []apiItem           `json:"respondent"`
}

type apiDomain struct {
	Code    string      `json:"code"`
	Title   survey.Text `json:"title"`
	Factors []apiFactor `json:"factors"`
}

type apiFactor struct {
	Code  string            `json:"code"`
	Title survey.Text       `json:"title"`
	Items []survey.ItemCode `json:"items"`
}

type apiItem struct {
	Code        survey.ItemCode     `json:"code"`
	Kind        survey.QuestionKind `json:"kind"`
	Text        survey.Text         `json:"text"`
	Scale       []int               `json:"scale,omitempty"`
	Options     []apiOption         `json:"options,omitempty"`
	ShowIf      *apiCondition       `json:"show_if"`
	Required    bool                `json:"required"`
	Unconfirmed bool                `json:"unconfirmed"`
	Matrix      string              `json:"matrix,omitempty"`
	MatrixText  survey.Text         `json:"matrix_text,omitempty"`
}

type apiOption struct {
	Value string      `json:"value"`
	Label survey.Text `json:"label"`
}

// apiCondition has one of its three forms: item with in, all, or any.
type apiCondition struct {
	Item survey.ItemCode `json:"item,omitempty"`
	In   []string        `json:"in,omitempty"`
	All  []apiCondition  `json:"all,omitempty"`
	Any  []apiCondition  `json:"any,omitempty"`
}

// getInstrument answers GET /api/v1/instruments/{id}.
func (s *server) getInstrument(c *fiber.Ctx) error {
	id := c.Params("id")
	in := s.Catalog().Instruments[survey.InstrumentID(id)]
	if in == nil {
		return survey.Missing("web.getInstrument", "instrument.unknown", id)
	}
	out := apiInstrument{
		ID: in.ID, Title: in.Title, Status: in.Status, Source: in.Source, Hash: in.Hash, Minutes: in.Minutes,
		Index: in.Spec, Domains: []apiDomain{}, Items: []apiItem{}, Respondent: []apiItem{},
	}
	for _, d := range in.Domains {
		domain := apiDomain{Code: d.Code, Title: d.Title, Factors: []apiFactor{}}
		for _, f := range d.Factors {
			domain.Factors = append(domain.Factors, apiFactor{f.Code, f.Title, f.Items})
		}
		out.Domains = append(out.Domains, domain)
	}
	for _, q := range in.Questions {
		if q.Respondent {
			out.Respondent = append(out.Respondent, apiItemOf(q))
		} else {
			out.Items = append(out.Items, apiItemOf(q))
		}
	}
	c.Set(fiber.HeaderCacheControl, shortCache)
	return sendJSON(c, fiber.StatusOK, out)
}

func apiItemOf(q *survey.Question) apiItem {
	it := apiItem{
		Code: q.Code, Kind: q.Kind, Text: q.Text, Required: q.Required, Unconfirmed: q.Unconfirmed,
		Matrix: q.Matrix, MatrixText: q.MatrixText,
	}
	for _, o := range q.Options {
		it.Options = append(it.Options, apiOption(o))
		if n, err := strconv.Atoi(o.Value); err == nil && q.Kind == survey.Scale {
			it.Scale = append(it.Scale, n)
		}
	}
	if q.ShowIf != nil {
		cond := conditionOf(*q.ShowIf)
		it.ShowIf = &cond
	}
	return it
}

func conditionOf(c survey.Condition) apiCondition {
	out := apiCondition{Item: c.Item, In: c.In}
	for _, d := range c.All {
		out.All = append(out.All, conditionOf(d))
	}
	for _, d := range c.Any {
		out.Any = append(out.Any, conditionOf(d))
	}
	return out
}
