package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"strings"
)

// reading is what a person has to say about the numbers.
//
//go:embed reading.md
var reading string

const introduction = `# Results

Written by ` + "`make bench`" + `. Each number is a ratio of two things measured in turn, in the same run, on the same machine; where
there were several rounds it is the median of their ratios, with the lowest and the highest in brackets. They are not
promises about another machine. What else a machine does does not touch both sides alike, so only a run on a quiet
machine counts: its load stands below each.

`

const provisional = `**Some of these come from short rounds (` + "`-quick`" + `), which scatter widely: with the same program the ratio of the export was
once 0.36 and once 0.78. They show that everything is measured, not how good it is.**

`

// writeReport writes RESULTS.md from what is known, this run's or earlier.
func writeReport(ctx context.Context, b *bench, all map[string]result) error {
	var t strings.Builder
	t.WriteString(introduction)
	for _, r := range all {
		if r.Quick {
			t.WriteString(provisional)
			break
		}
	}
	t.WriteString("| what | at least | aim | got | |\n|---|---|---|---|---|\n")
	for _, m := range measurements {
		for _, r := range all[m.name].Rows {
			t.WriteString(r.line() + "\n")
		}
	}
	t.WriteString("\n## The machine\n\n" + machine(ctx, b.out) + "\n## How each was measured\n")
	for _, m := range measurements {
		r, ok := all[m.name]
		if !ok || m.name == "profile" {
			continue
		}
		fmt.Fprintf(&t, "\n### %s\n\n", m.name)
		for _, n := range r.Notes {
			t.WriteString(n + "\n")
		}
		t.WriteString("\n" + when(r) + "\n")
	}
	if r, ok := all["profile"]; ok {
		t.WriteString("\n## Where the time goes\n\n" + reading + "\n")
		for _, n := range r.Notes {
			t.WriteString(n + "\n")
		}
		t.WriteString("\n" + when(r) + "\n")
	}
	return os.WriteFile("RESULTS.md", []byte(t.String()), 0o644) //nolint:gosec // to be read
}

func when(r result) string {
	s := fmt.Sprintf("Measured %s in %.0f s; load of the machine at the end %s.", r.At.Format("2006-01-02 15:04 UTC"), r.Took.Seconds(), r.Load)
	if r.Quick {
		s += " Short rounds, for a look only."
	}
	return s
}
