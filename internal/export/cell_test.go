package export

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestCellsReadBack: another program's CSV reader finds the text that went in,
// and nothing that a spreadsheet would run.
func TestCellsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfN(rapid.OneOf(
			rapid.String(),
			rapid.StringOfN(rapid.RuneFrom([]rune("=+-@\t\r\n\"', a,ă")), 0, 8, -1),
		), 2, 5).Draw(t, "cells")
		var b []byte
		for i, c := range cells {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendCell(b, c)
		}
		got, err := csv.NewReader(strings.NewReader(string(b) + "\r\n")).Read()
		if err != nil {
			t.Fatalf("%q: %v", b, err)
		}
		if len(got) != len(cells) {
			t.Fatalf("%q has %d cells, want %d", b, len(got), len(cells))
		}
		for i, c := range cells {
			want := strings.ReplaceAll(c, "\r\n", "\n") // as encoding/csv reads them
			if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
				want = "'" + want
			}
			if got[i] != want {
				t.Errorf("%q reads back as %q", c, got[i])
			}
		}
	})
}

func TestFieldsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		var got struct{ A, B string }
		text := append(appendField([]byte(`{"a":"x"`), "b", s), '}')
		if err := json.Unmarshal(text, &got); err != nil || got.B != s {
			t.Errorf("%q reads back as %q (%v)", s, got.B, err)
		}
	})
}

func TestStampsAreThoseOfPackageTime(t *testing.T) {
	for _, name := range []string{"Asia/Ho_Chi_Minh", "UTC", "America/New_York"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		s := newStamper(zone)
		rapid.Check(t, func(t *rapid.T) {
			at := time.UnixMilli(rapid.Int64Range(-1e13, 1e13).Draw(t, "ms")).UTC() // 1653 to 2286
			at = at.Truncate(time.Duration(rapid.SampledFrom([]time.Duration{time.Millisecond, time.Hour * 24}).Draw(t, "to")))
			want := at.In(zone).Format("2006-01-02T15:04:05.000Z07:00")
			if got := string(s.append(nil, at)); got != want {
				t.Errorf("%s: got %s, want %s", name, got, want)
			}
		})
	}
}
