package instrument

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"sipas/internal/survey"
)

// Translate lays the texts of a further language over the instruments of s, so
// that every survey.Text has them too and Text.In finds them. texts is by the
// id of the instrument and then by key:
//
//	title, ask, source
//	section.CODE.title, section.CODE.lead (or lead, which all sections share)
//	domain.CODE, factor.DOMAIN.CODE
//	matrix.NAME, item.CODE, item.CODE.short
//	item.CODE.answer.VALUE, or matrix.NAME.answer.VALUE, or answer.VALUE
//
// An instrument that is left out keeps its own languages. One that is there is
// complete and names nothing unknown; every fault is told with file and key, and
// then nothing is changed. The files of the instruments and their hashes stay
// as they are. It is for the start of the program, before s is used.
func (s *Set) Translate(lang string, texts map[string]map[string]string) error {
	var wrong []error
	var sheets []*sheet
	for _, id := range slices.Sorted(maps.Keys(texts)) {
		file := lang + "/instruments/" + id + ".json"
		in := s.byID[survey.InstrumentID(id)]
		if in == nil {
			wrong = append(wrong, fmt.Errorf("%s: there is no questionnaire %s", file, id))
			continue
		}
		sh := &sheet{lang: lang, file: file, texts: texts[id], used: map[string]bool{}}
		sh.instrument(in)
		wrong = append(wrong, sh.faults()...)
		sheets = append(sheets, sh)
	}
	if len(wrong) > 0 {
		return fmt.Errorf("instrument.Translate: %w", errors.Join(wrong...))
	}
	for _, sh := range sheets {
		for _, lay := range sh.lays {
			lay()
		}
	}
	return nil
}

// sheet is the texts of one instrument in one language.
type sheet struct {
	lang, file string
	texts      map[string]string
	used       map[string]bool
	lays       []func()
	wrong      []error
}

// instrument finds the text of everything that in says.
func (sh *sheet) instrument(in *survey.Instrument) {
	sh.text(&in.Title, "title")
	sh.text(&in.Ask, "ask")
	sh.text(&in.Source, "source")
	for i := range in.Sections {
		s := &in.Sections[i]
		sh.text(&s.Title, "section."+s.Code+".title")
		sh.text(&s.Lead, "section."+s.Code+".lead", "lead")
	}
	for i := range in.Domains {
		d := &in.Domains[i]
		sh.text(&d.Title, "domain."+d.Code)
		for j := range d.Factors {
			f := &d.Factors[j]
			sh.text(&f.Title, "factor."+d.Code+"."+f.Code)
			sh.text(&f.Short, "factor."+d.Code+"."+f.Code+".short")
		}
	}
	for _, q := range in.Questions {
		item := "item." + string(q.Code)
		sh.text(&q.Text, item)
		sh.text(&q.Short, item+".short")
		sh.text(&q.MatrixText, "matrix."+q.Matrix)
		q.Options = slices.Clone(q.Options) // questions of one scale may share them
		for i := range q.Options {
			answer := ".answer." + q.Options[i].Value
			sh.text(&q.Options[i].Label, item+answer, "matrix."+q.Matrix+answer, answer[1:])
		}
	}
}

// text finds the text of t under the first of keys that there is. What t does
// not say needs none. The text goes into a copy, because several questions
// share the words of a scale.
func (sh *sheet) text(t *survey.Text, keys ...string) {
	if len(*t) == 0 {
		return
	}
	for _, key := range keys {
		if text := sh.texts[key]; text != "" {
			sh.used[key] = true
			sh.lays = append(sh.lays, func() {
				with := maps.Clone(*t)
				with[sh.lang] = text
				*t = with
			})
			return
		}
	}
	sh.wrong = append(sh.wrong, fmt.Errorf("%s: %q is missing", sh.file, keys[0]))
}

// faults tells what is missing, and which keys name nothing.
func (sh *sheet) faults() []error {
	for _, key := range slices.Sorted(maps.Keys(sh.texts)) {
		if !sh.used[key] {
			sh.wrong = append(sh.wrong, fmt.Errorf("%s: %q names nothing in this questionnaire, or is empty", sh.file, key))
		}
	}
	return sh.wrong
}
