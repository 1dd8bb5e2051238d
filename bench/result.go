package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// result is what one measurement found.
type result struct {
	Name  string
	At    time.Time
	Took  time.Duration
	Quick bool
	Load  string // of the machine when it ended: what else was going on
	Rows  []row
	Notes []string // lines of Markdown
}

// row is one number with what was hoped for.
type row struct {
	What         string
	AtLeast, Aim float64
	Got          float64
	Low, High    float64 // the rounds' lowest and highest, if there were several
	Less         bool    // smaller is better
	Unit         string
	Decimals     int
}

func (r row) number(x float64) string { return fmt.Sprintf("%.*f%s", r.Decimals, x, r.Unit) }

func (r row) reaches(limit float64) bool {
	if r.Less {
		return r.Got <= limit
	}
	return r.Got >= limit
}

// verdict says which of the two limits is reached.
func (r row) verdict() string {
	switch {
	case r.reaches(r.Aim):
		return "aim reached"
	case r.reaches(r.AtLeast):
		return "enough"
	}
	return "**not enough**"
}

// line is the row in the table.
func (r row) line() string {
	sign := ""
	if r.Less {
		sign = "≤ "
	}
	spread := ""
	if r.High > r.Low {
		spread = fmt.Sprintf(" (%s–%s)", fmt.Sprintf("%.*f", r.Decimals, r.Low), fmt.Sprintf("%.*f", r.Decimals, r.High))
	}
	return fmt.Sprintf("| %s | %s%s | %s%s | **%s**%s | %s |", r.What, sign, r.number(r.AtLeast), sign, r.number(r.Aim), r.number(r.Got), spread, r.verdict())
}

func (r result) print() {
	for _, row := range r.Rows {
		say("  %s", row.line())
	}
	for _, n := range r.Notes {
		say("  %s", n)
	}
}

// of fills Got, Low and High from the rounds: the median, and the range.
func (r row) of(rounds []float64) row {
	s := slices.Sorted(slices.Values(rounds))
	r.Got, r.Low, r.High = median(s), s[0], s[len(s)-1]
	return r
}

func median[T float64 | time.Duration](all []T) T {
	s := slices.Sorted(slices.Values(all))
	if len(s)%2 == 0 {
		return (s[len(s)/2-1] + s[len(s)/2]) / 2
	}
	return s[len(s)/2]
}

func readResults(folder string) (map[string]result, error) {
	all := map[string]result{}
	text, err := os.ReadFile(filepath.Join(folder, "results.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	return all, json.Unmarshal(text, &all)
}

func writeResults(folder string, all map[string]result) error {
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "results.json"), text, 0o600)
}
