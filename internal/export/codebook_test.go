package export_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/export"
	"sipas/internal/instrument"
)

func TestCodebook(t *testing.T) {
	set, err := instrument.Builtin()
	must(t, err)
	book := export.NewCodebook(set.ByID("pulse@1"))
	golden(t, "pulse.codebook.csv", book.CSV())
}

// TestCodebookNamesEveryColumn: a column of the data that the codebook does
// not explain, or the other way round, is a defect.
func TestCodebookNamesEveryColumn(t *testing.T) {
	f := newFixture(t)
	_, m := f.write(t, export.Request{Wave: "w", Format: export.CSV})
	set, err := instrument.Builtin()
	must(t, err)
	book := export.NewCodebook(set.ByID("pulse@1"))
	var names []string
	for _, v := range book.Variables {
		names = append(names, v.Name)
	}
	if diff := cmp.Diff(m.Columns, names); diff != "" {
		t.Errorf("data and codebook differ:\n%s", diff)
	}
}

func TestCodebooksOfAllInstruments(t *testing.T) {
	set, err := instrument.Builtin()
	must(t, err)
	for _, in := range set.All() {
		book := export.NewCodebook(in)
		if _, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(book.CSV()), "\ufeff"))).ReadAll(); err != nil {
			t.Errorf("%s: %v", in.ID, err)
		}
		for _, v := range book.Variables {
			if v.Question["vi"] == "" || v.Question["en"] == "" {
				t.Errorf("%s: %s is not explained in both languages", in.ID, v.Name)
			}
		}
		for _, lang := range []string{"vi", "en"} {
			page, err := book.HTML(lang, "/static/x.css")
			must(t, err)
			for _, v := range book.Variables {
				if !strings.Contains(string(page), "<code>"+v.Name+"</code>") {
					t.Errorf("%s: the page does not name %s", in.ID, v.Name)
				}
			}
			if !strings.Contains(string(page), `<html lang="`+lang+`">`) || !strings.Contains(string(page), `href="/static/x.css"`) {
				t.Errorf("%s: the page is not in %s with its style sheet", in.ID, lang)
			}
			for _, never := range []string{"<script", "<style", " style=", "javascript:", "⟦"} {
				if strings.Contains(string(page), never) {
					t.Errorf("%s: the page has %q", in.ID, never)
				}
			}
		}
	}
}
