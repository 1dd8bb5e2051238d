package survey

import (
	"context"
	"slices"
	"strings"
	"time"
)

// NoteKind says what a note on the time line is about.
type NoteKind string

// Kinds of notes.
const (
	MethodNote NoteKind = "method" // how it is measured has changed
	UnitsNote  NoteKind = "units"  // bodies were reorganised
	ServeNote  NoteKind = "serve"  // something new for citizens
	OtherNote  NoteKind = "event"
)

// NoteKinds lists every kind in the order it is shown.
var NoteKinds = []NoteKind{ServeNote, UnitsNote, MethodNote, OtherNote}

// Note is something that happened on a day at a unit and below it, in words of
// staff, for whoever reads a trend. It is never changed: it ends, and a better
// one is written.
type Note struct {
	ID      int64
	On      Day
	Unit    UnitCode
	Kind    NoteKind
	Text    Text // in Vietnamese, perhaps in English
	By      string
	At      time.Time
	EndedBy string
	EndedAt time.Time // zero while it stands
}

// Stands reports whether nobody has ended n.
func (n Note) Stands() bool { return n.EndedAt.IsZero() }

// NoteStore keeps notes.
type NoteStore interface {
	// PutNote adds a note under the next number, whatever n.ID says; NotFound for
	// an unknown unit.
	PutNote(ctx context.Context, n Note) error
	// EndNote marks a note as ended. It is NotFound without one, a Conflict when
	// it has ended already.
	EndNote(ctx context.Context, id int64, by string, at time.Time) error
}

// longestNote bounds a note in characters: it stands in a line under a chart.
const longestNote = 200

// AddNote writes a note.
func (g *Registry) AddNote(ctx context.Context, by string, n Note) error {
	const op = "survey.AddNote"
	var bad []FieldError
	text := Text{}
	for lang, s := range n.Text {
		s = strings.TrimSpace(s)
		if len([]rune(s)) > longestNote || CheckText(s) != "" || strings.ContainsAny(s, "\r\n") {
			bad = append(bad, FieldError{"text_" + lang, "note.bad_text", []any{longestNote}})
		}
		if s != "" {
			text[lang] = s
		}
	}
	if text["vi"] == "" {
		bad = append(bad, FieldError{"text_vi", "note.no_text", []any{longestNote}})
	}
	if y := n.On.Date().Year(); n.On == 0 || y < 1970 || y > 2199 {
		bad = append(bad, FieldError{"on", "staff.bad_date", nil})
	}
	if _, ok := g.Catalog().Tree.Unit(n.Unit); !ok {
		bad = append(bad, FieldError{"unit", "unit.unknown", []any{n.Unit}})
	}
	if !slices.Contains(NoteKinds, n.Kind) {
		bad = append(bad, FieldError{"kind", "note.bad_kind", nil})
	}
	if len(bad) > 0 {
		return &Error{Kind: Invalid, Op: op, Fields: bad}
	}
	n.Text, n.By, n.At = text, by, g.Now()
	return g.stored(ctx, op, g.Store.PutNote(ctx, n))
}

// EndNote ends a note, which stays to be read.
func (g *Registry) EndNote(ctx context.Context, by string, id int64) error {
	return g.stored(ctx, "survey.EndNote", g.Store.EndNote(ctx, id, by, g.Now()))
}

// NotesOf lists the standing notes that hold at a unit, by day: those of the
// unit itself and of what is above it.
func (c *Catalog) NotesOf(unit UnitCode) []Note {
	var list []Note
	line := c.Tree.Lineage(unit)
	for _, n := range c.Notes {
		if n.Stands() && slices.Contains(line, n.Unit) {
			list = append(list, n)
		}
	}
	return list
}
