package web

import (
	"net/url"
	"slices"

	"sipas/internal/book"
)

// editPart is one component in the form, with a field for each way it is scored.
type editPart struct {
	Name, Maximum string
	Beside        string // what another index gives it; empty: nothing
	Depth         int
	Cells         []editField // one a column; without a name: not scored that way
}

// fillParts puts the component scores into the form: as published, and by source
// where the type says so or somebody has entered them.
func (p *editPage) fillParts(e entry, r book.Result, typed url.Values) {
	sources := []book.Source{book.Published}
	for _, source := range book.Sources {
		if slices.Contains(e.t.Sources, source) || slices.ContainsFunc(r.Parts, func(x book.Part) bool { return x.Source == source }) {
			sources = append(sources, source)
		}
	}
	for _, source := range sources {
		p.Columns = append(p.Columns, p.sourceName(source))
	}
	for _, comp := range e.t.All() {
		part := editPart{Name: comp.Title.In(p.Lang), Depth: min(comp.Depth(), 3), Maximum: p.T("book.page.unknown"), Beside: p.besideField(e, comp)}
		if comp.Maximum > 0 {
			part.Maximum = p.Shortest(comp.Maximum)
		}
		for i, source := range sources {
			score := r.Part(comp.Code, source)
			f := editField{Label: p.Columns[i], Mode: "decimal", Type: "text", Value: p.typed(score)}
			if score.Known || source == book.Published || comp.Source == book.Published && slices.Contains(e.t.Sources, source) {
				f.Name = book.PartField(comp.Code, source)
			}
			if typed != nil {
				f.Value = typed.Get(f.Name)
			}
			part.Cells = append(part.Cells, f)
		}
		p.Parts = append(p.Parts, part)
	}
}

// sourceName is a way of scoring, in words.
func (p staffPage) sourceName(source book.Source) string {
	if source == book.Published {
		return p.T("book.source.published")
	}
	return p.T("book.source." + string(source))
}

// besideField says what another index of that unit and year gives a component.
func (p *editPage) besideField(e entry, comp *book.Component) string {
	for _, b := range e.besides {
		if b.Component == comp && b.Computed.Known {
			return p.T("book.edit.beside", p.published(b.From.Percent), p.published(b.Computed))
		}
	}
	return ""
}
