package survey

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// drawResponses makes responses of an instrument in any state, unit, channel.
func drawResponses(t *rapid.T, in *Instrument) []*Response {
	var rs []*Response
	for i := range rapid.IntRange(1, 12).Draw(t, "responses") {
		rs = append(rs, &Response{
			Seq: int64(i + 1), Wave: "w", Instrument: in.ID, Day: Day(rapid.IntRange(20_000, 20_070).Draw(t, "day")),
			Unit:    rapid.SampledFrom([]UnitCode{"p", "p.a", "p.b", "p.a.x"}).Draw(t, "unit"),
			Channel: rapid.SampledFrom(Channels).Draw(t, "channel"),
			Service: rapid.SampledFrom([]ServiceCode{"", "1", "2"}).Draw(t, "service"),
			State:   rapid.SampledFrom([]State{Counted, Counted, Quarantined, Partial}).Draw(t, "state"),
			Reasons: rapid.SliceOfNDistinct(rapid.SampledFrom(Reasons), 0, 2, rapid.ID).Draw(t, "reasons"),
			Answers: in.Sheet(drawAnswers(t, in, false)), Respondent: in.Sheet(drawAnswers(t, in, true)),
		})
	}
	return rs
}

var lawTree = NewTree([]Unit{{Code: "p"}, {Code: "p.a", Parent: "p"}, {Code: "p.b", Parent: "p"}, {Code: "p.a.x", Parent: "p.a"}})

// TestFoldingIsAddition: responses folded in any order and in any batches make
// the same tallies, and what is unfolded was never there.
func TestFoldingIsAddition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstrument(t)
		rs := drawResponses(t, in)
		one, other, batch := Delta{}, Delta{}, newLeaves()
		for _, r := range rs {
			if err := one.Fold(in, lawTree, r); err != nil {
				t.Fatal(err)
			}
			if err := batch.count(in, r); err != nil {
				t.Fatal(err)
			}
		}
		batch.spread(lawTree, other, 1)
		same(t, "one by one", one, "as a batch", other)
		moved := rapid.Permutation(rs).Draw(t, "order")
		gone := moved[:rapid.IntRange(0, len(moved)).Draw(t, "gone")]
		for _, r := range gone {
			if err := one.Unfold(in, lawTree, r); err != nil {
				t.Fatal(err)
			}
		}
		left := Delta{}
		for _, r := range moved[len(gone):] {
			if err := left.Fold(in, lawTree, r); err != nil {
				t.Fatal(err)
			}
		}
		same(t, "unfolded", one, "never folded", left)
	})
}

func same(t *rapid.T, aName string, a Delta, bName string, b Delta) {
	for k := range b {
		a.at(k)
	}
	for k, sum := range a {
		if !sum.Equal(*b.at(k)) {
			t.Fatalf("%+v: %s %+v, %s %+v", k, aName, sum, bName, b.at(k))
		}
		raw, err := sum.MarshalBinary()
		back := Tally{N: sum.N}
		if err != nil || back.UnmarshalBinary(raw) != nil || !back.Equal(*sum) {
			t.Fatalf("%+v: read back %+v of %+v (%v)", k, back, sum, err)
		}
	}
}

// TestGroupsAreTheirPeople: the tally of a group is what counting the answers
// of its people gives, of the index's items.
func TestGroupsAreTheirPeople(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstrument(t)
		rs := drawResponses(t, in)
		d, gender := Delta{}, in.Question("gender")
		for _, r := range rs {
			if err := d.Fold(in, lawTree, r); err != nil {
				t.Fatal(err)
			}
		}
		for i, o := range gender.Options {
			var want, got Tally
			for _, r := range rs {
				given, err := r.Respondent.Answers()
				if err != nil {
					t.Fatal(err)
				}
				if r.State == Counted && given["gender"].Has(o.Value) {
					if err := in.Count(&want, r.Answers, r.Respondent); err != nil {
						t.Fatal(err)
					}
				}
			}
			for k, sum := range d {
				if k.Part == OfGroups && k.Unit == "p" {
					got.Add(in.groupOf(*sum, gender, i))
				}
			}
			if !got.Equal(in.indexed(want)) {
				t.Fatalf("%s: counted %+v, stored %+v", o.Value, in.indexed(want), got)
			}
		}
	})
}

func TestSensitiveQuestionsAreNoDimension(t *testing.T) {
	in := (&Instrument{Sections: []Section{{Respondent: true, Questions: []*Question{
		{Code: "gender", Kind: One}, {Code: "ethnicity", Kind: One, Sensitive: true}, {Code: "age", Kind: One},
	}}}}).Seal()
	if got := fmt.Sprint(in.Dimensions()[0].Code, len(in.Dimensions())); got != "gender2" {
		t.Errorf("dimensions: %s", got)
	}
}
