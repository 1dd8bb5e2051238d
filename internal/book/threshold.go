package book

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"sipas/internal/survey"
)

// Threshold is a change of the thresholds of a type's classes: from a year
// measured on, they take the place of those in its file. Years before keep
// theirs.
type Threshold struct {
	Type  TypeCode
	Year  int                // measured, the first that they hold for
	Least map[string]float64 // by class; empty: those of the file again
	By    string
	At    time.Time
}

// Thresholds is every change, the earliest first.
type Thresholds []Threshold

// At returns the change that holds for a type and year measured: of those of the
// latest year that has begun the last one. nil: the file's own hold.
func (ts Thresholds) At(t TypeCode, year int) (holds *Threshold) {
	for i := range ts {
		if x := &ts[i]; x.Type == t && x.Year <= year && (holds == nil || x.Year >= holds.Year) {
			holds = x
		}
	}
	if holds != nil && len(holds.Least) == 0 {
		return nil
	}
	return holds
}

// Classes are those of a type for a year measured, the highest first, with the
// thresholds that hold; edited is the change that set them, or nil. A class that
// a file has since, and the change does not name, keeps the file's.
func (ts Thresholds) Classes(t *Type, year int) (classes []Class, edited *Threshold) {
	classes = slices.Clone(t.Classes)
	if edited = ts.At(t.Code, year); edited == nil {
		return classes, nil
	}
	for i := range classes {
		if least, ok := edited.Least[classes[i].Code]; ok {
			classes[i].From = least
		}
	}
	slices.SortStableFunc(classes, func(a, b Class) int { return cmp.Compare(b.From, a.From) })
	return classes, edited
}

// ClassOf returns the class of a result by the thresholds that hold for its
// year, and whether there is one. Where the source names a class, that one is
// shown, not this.
func (ts Thresholds) ClassOf(t *Type, r Result) (c Class, edited *Threshold, ok bool) {
	v := r.PercentOf(t)
	if t.ClassBy == ByScore {
		v = r.Score
	}
	if !v.Known {
		return Class{}, nil, false
	}
	classes, edited := ts.Classes(t, r.Year)
	for _, c := range classes {
		if v.Value >= c.From {
			return c, edited, true
		}
	}
	return Class{}, edited, false
}

// CheckThreshold reports what cannot be in a change: a year outside the type's,
// a class without a number, numbers beyond what there can be, or not falling
// from one class to the next. Fields are "year" and the codes of classes.
func CheckThreshold(t *Type, x Threshold) error {
	var bad []survey.FieldError
	if x.Year < 1900 || x.Year > 9999 || !t.Years.Holds(x.Year) {
		bad = append(bad, survey.FieldError{Field: "year", Key: "book.threshold.year", Args: []any{yearName(t.Years.From), yearName(t.Years.To)}})
	}
	top := 100.0
	if t.ClassBy == ByScore {
		top = t.Maximum
	}
	for i, c := range t.Classes {
		least, ok := x.Least[c.Code]
		var above float64
		bounded := false
		if i > 0 {
			above, bounded = x.Least[t.Classes[i-1].Code]
		}
		switch {
		case len(x.Least) == 0:
		case !ok:
			bad = append(bad, survey.FieldError{Field: c.Code, Key: "book.threshold.missing"})
		case least < 0 || top > 0 && least > top:
			bad = append(bad, survey.FieldError{Field: c.Code, Key: "book.threshold.beyond", Args: []any{top}})
		case bounded && least >= above:
			bad = append(bad, survey.FieldError{Field: c.Code, Key: "book.threshold.order", Args: []any{above}})
		}
	}
	if bad != nil {
		return &survey.Error{Kind: survey.Invalid, Op: "book.CheckThreshold", Fields: bad}
	}
	return nil
}

// yearName is a year, or a dash where a type's years are open.
func yearName(y int) string {
	if y == 0 {
		return "–"
	}
	return strconv.Itoa(y)
}
