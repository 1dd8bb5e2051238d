package instrument

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/survey"
)

func builtIn(t *testing.T) *Set {
	t.Helper()
	set, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestBuiltinTrees checks the shape of the index trees against the method note:
// the decisions' factors and their numbers of items.
func TestBuiltinTrees(t *testing.T) {
	set := builtIn(t)
	var got []string
	for _, in := range set.All() {
		line := fmt.Sprintf("%s %s", in.ID, in.Status)
		for _, d := range in.Domains {
			line += " | " + d.Code
			for _, f := range d.Factors {
				line += fmt.Sprintf(" %s %d", f.Code, len(f.Items))
			}
		}
		got = append(got, fmt.Sprintf("%s | %s %s %s", line, in.Spec.Factor, in.Spec.Domain, in.Spec.Overall))
	}
	want := []string{
		"moha-2017@1 reconstructed | service access 4 procedures 5 civil_servants 6 results 3 feedback 4 | mean-of-items mean-of-factors mean-of-factors",
		"moha-2023@1 reconstructed | policy information 2 participation 2 implementation 9 outcome 10" +
			" | service access 3 procedures 4 civil_servants 3 results 3 feedback 3 | mean-of-items mean-of-items mean-of-items",
		"onestop@1 house | service access 1 procedures 1 civil_servants 1 results 1 feedback 1 | mean-of-items mean-of-items mean-of-items",
		"pulse@1 house | service overall 1 | mean-of-items mean-of-items mean-of-items",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("(-want +got):\n", diff)
	}
}

func TestBuiltinIndexItems(t *testing.T) {
	for _, in := range builtIn(t).All() {
		if diff := cmp.Diff([]string{"4", "5"}, in.Spec.Satisfied); diff != "" {
			t.Error(in.ID, "satisfied (-want +got):\n", diff)
		}
		for _, code := range in.Items() {
			if got := outline(in.Question(code)); !strings.HasPrefix(got, string(code)+" scale 1 2 3 4 5 faces") {
				t.Errorf("%s: %s; every index item has five levels with faces", in.ID, got)
			}
		}
	}
}

func TestAnsweringIsVoluntary(t *testing.T) {
	for _, in := range builtIn(t).All() {
		for _, q := range in.Questions {
			if q.Required {
				t.Errorf("%s requires %s", in.ID, q.Code)
			}
		}
	}
}

// TestMoha2023MatchesPublishedCounts: the ministry published 51 satisfaction
// indicators and 10 wishes for 2024; 51 is the items and every mean of them.
func TestMoha2023MatchesPublishedCounts(t *testing.T) {
	in := builtIn(t).ByID("moha-2023@1")
	indicators := len(in.Items()) + len(in.Domains) + 1
	for _, d := range in.Domains {
		indicators += len(d.Factors)
	}
	rows := map[string]int{}
	for _, q := range in.Questions {
		rows[q.Matrix]++
	}
	delete(rows, "")
	if indicators != 51 {
		t.Errorf("%d satisfaction indicators, want 51", indicators)
	}
	if diff := cmp.Diff(map[string]int{"Q1": 9, "Q3": 7, "Q7": 3, "Q8": 7, "Q10": 10}, rows); diff != "" {
		t.Error("rows (-want +got):\n", diff)
	}
	// The contract's example answers these.
	for _, a := range []struct{ item, value string }{
		{"P01", "4"}, {"Q2", "tv"}, {"Q2", "internet"}, {"S34", "5"}, {"gender", "f"}, {"age", "25-34"}, {"residence", "urban"},
	} {
		if q := in.Question(survey.ItemCode(a.item)); q == nil || q.Option(a.value) < 0 {
			t.Errorf("%s cannot be answered by %q", a.item, a.value)
		}
	}
}

// TestMoha2017MarksWhatWasNotSeen: twelve of the 22 criteria are a guess.
func TestMoha2017MarksWhatWasNotSeen(t *testing.T) {
	in := builtIn(t).ByID("moha-2017@1")
	var guessed []survey.ItemCode
	for _, code := range in.Items() {
		if in.Question(code).Unconfirmed {
			guessed = append(guessed, code)
		}
	}
	want := []survey.ItemCode{"C03", "C04", "C06", "C07", "C08", "C14", "C16", "C17", "C18", "C19", "C20", "C21"}
	if diff := cmp.Diff(want, guessed); diff != "" {
		t.Error("(-want +got):\n", diff)
	}
}

// TestBuiltinRouting says which questions hang on which answer.
func TestBuiltinRouting(t *testing.T) {
	got := map[string]string{}
	for _, in := range builtIn(t).All() {
		for _, q := range in.Questions {
			if c := q.ShowIf; c != nil {
				got[string(in.ID)+" "+string(q.Code)] = string(c.Item) + " " + strings.Join(c.In, ",")
			}
		}
	}
	want := map[string]string{
		"moha-2017@1 B4": "B2 late", "moha-2017@1 B5": "B2 late", "moha-2017@1 C21": "B3 yes", "moha-2017@1 C22": "B3 yes",
		"pulse@1 W1": "P1 1,2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("(-want +got):\n", diff)
	}
}

// TestRoutingNeedsNoScript: without scripts a page cannot hide a question by an
// answer given on the same page, so the two stand in different sections.
func TestRoutingNeedsNoScript(t *testing.T) {
	for _, in := range builtIn(t).All() {
		for _, s := range in.Sections {
			here := map[survey.ItemCode]bool{}
			for _, q := range s.Questions {
				if q.ShowIf != nil && here[q.ShowIf.Item] {
					t.Errorf("%s: %s hangs on %s in the same section %s", in.ID, q.Code, q.ShowIf.Item, s.Code)
				}
				here[q.Code] = true
			}
		}
	}
}

// TestEthnicityCanBeKeptToOneself: it is sensitive by law.
func TestEthnicityCanBeKeptToOneself(t *testing.T) {
	for _, in := range builtIn(t).All() {
		if q := in.Question("ethnicity"); q != nil && q.Option("undisclosed") < 0 {
			t.Errorf("%s has no answer for those who prefer not to say", in.ID)
		}
	}
}

// TestTranslationsDiffer catches a text copied and not translated.
func TestTranslationsDiffer(t *testing.T) {
	for _, in := range builtIn(t).All() {
		for _, q := range in.Questions {
			texts := []survey.Text{q.Text, q.Short, q.MatrixText}
			for _, o := range q.Options {
				if o.Value != "kinh" { // a name
					texts = append(texts, o.Label)
				}
			}
			for _, text := range texts {
				if text != nil && text.In("vi") == text.In("en") {
					t.Errorf("%s: %s: %q in both languages", in.ID, q.Code, text.In("vi"))
				}
			}
		}
	}
}

// TestBuiltinHashes holds the questionnaires still: whoever changes what one
// asks or computes has to say so here, and after a release makes a new version
// instead, for data folders that used the old one refuse to start.
func TestBuiltinHashes(t *testing.T) {
	set := builtIn(t)
	got := map[survey.InstrumentID]string{}
	for _, in := range set.All() {
		got[in.ID] = in.Hash
	}
	want := map[survey.InstrumentID]string{
		"moha-2017@1": "fd3c3bb195347039e5186fe45ed4c7a00f68af241249ec5cdfd0700156bf5054",
		"moha-2023@1": "02a5502259cd65b075a6c6dd57ca550a50b69296305846a407e996d3bc629e39",
		"onestop@1":   "df1ff4bcddfc8505a9bf182cc7d3f5080134d580f53f087ceb494909d0fdbef8",
		"pulse@1":     "26c42a18b82593f3ed9a6e57839cbdf7ba3c7fff8417f9e12cc55b3056f01f70",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("hashes (-want +got):\n", diff)
	}
}
