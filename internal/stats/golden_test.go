package stats

import (
	"bytes"
	"encoding/csv"
	"maps"
	"math"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const goldenFile = "testdata/golden.txt"

// tolerance is how far, relative to R, a figure may be off.
const tolerance = 1e-9

// TestR compares with what R said when golden.txt was written.
func TestR(t *testing.T) {
	if os.Getenv("SIPAS_GOLDEN") != "" {
		if err := os.WriteFile(goldenFile, askR(t), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, got := readGolden(t, os.ReadFile), maps.Clone(computed(t))
	for _, name := range slices.Sorted(maps.Keys(want)) {
		values, ok := got[name]
		delete(got, name)
		switch {
		case !ok:
			t.Errorf("%s: R says it, nobody compares", name)
		case len(values) != len(want[name]):
			t.Errorf("%s: %d figures, R has %d", name, len(values), len(want[name]))
		default:
			worst, at := differs(name, values, want[name])
			t.Logf("%-28s %6d figures, furthest %.1e", name, len(values), worst)
			if !(worst <= allowed(name)) {
				t.Errorf("%s[%d] = %v, R says %v: %.1e off", name, at, values[at], want[name][at], worst)
			}
		}
	}
	for name := range got {
		t.Errorf("%s: R does not say it", name)
	}
}

// TestGoldenIsWhatRSays runs R where it is installed; make test installs it.
func TestGoldenIsWhatRSays(t *testing.T) {
	if _, err := exec.LookPath("Rscript"); err != nil {
		if os.Getenv("SIPAS_TORTURE") != "" {
			t.Fatal("R is missing; scripts/setup installs it")
		}
		t.Skip("SKIPPED: Rscript is missing, so golden.txt is believed; scripts/setup installs R")
	}
	want := readGolden(t, os.ReadFile)
	now := readGolden(t, func(string) ([]byte, error) { return askR(t), nil })
	if !slices.Equal(slices.Sorted(maps.Keys(now)), slices.Sorted(maps.Keys(want))) {
		t.Fatal("golden.R says other figures than golden.txt has; SIPAS_GOLDEN=1 go test writes it anew")
	}
	for name, values := range now {
		if len(values) != len(want[name]) {
			t.Errorf("%s: %d figures now, %d in golden.txt", name, len(values), len(want[name]))
			continue
		}
		if worst, at := differs(name, values, want[name]); !(worst <= allowed(name)) {
			t.Errorf("%s[%d]: R says %v now, golden.txt %v", name, at, values[at], want[name][at])
		}
	}
}

var kept struct {
	sync.Once
	figures map[string][]float64
}

// computed is figures of the sample, computed once: what is drawn takes a while.
func computed(t *testing.T) map[string][]float64 {
	t.Helper()
	s := readSample(t)
	kept.Do(func() { kept.figures = figures(s) })
	return kept.figures
}

// allowed is how far a figure may be off: what is drawn differs by the draws.
func allowed(name string) float64 {
	switch {
	case name == "drawn-ranks":
		return 2.0 / 24 // two of the 24 ends, see furthest
	case strings.HasPrefix(name, "drawn-"):
		return 0.05
	}
	return tolerance
}

// differs is furthest, but of drawn ranks the part of ends that are one rank
// off, and 1 if any is further. An end is the first rank that 2.5 % or 97.5 % of
// the draws do not exceed; where the share at a rank is that within the noise of
// 20,000 draws, 0.1 points, either rank beside is right. More of them is not
// noise.
func differs(name string, got, want []float64) (worst float64, at int) {
	if name != "drawn-ranks" {
		return furthest(got, want)
	}
	for i, g := range got {
		switch off := math.Abs(g - want[i]); {
		case off > 1:
			return 1, i
		case off == 1:
			worst, at = worst+1/float64(len(want)), i
		}
	}
	return worst, at
}

// furthest returns the largest difference relative to want and where it is;
// beside 0, and where want is tiny, the difference itself counts.
func furthest(got, want []float64) (worst float64, at int) {
	for i, g := range got {
		off := math.Abs(g-want[i]) / math.Max(math.Abs(want[i]), 1e-3)
		if !(off <= worst) { // NaN too
			worst, at = off, i
		}
	}
	return worst, at
}

func askR(t *testing.T) []byte {
	t.Helper()
	r := exec.Command("Rscript", "--vanilla", "golden.R")
	r.Dir = "testdata"
	var complaints bytes.Buffer
	r.Stderr = &complaints
	out, err := r.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, complaints.String())
	}
	return out
}

func readGolden(t *testing.T, read func(string) ([]byte, error)) map[string][]float64 {
	t.Helper()
	text, err := read(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	golden := map[string][]float64{}
	for line := range strings.Lines(string(text)) {
		name, numbers, _ := strings.Cut(strings.TrimSpace(line), "\t")
		for number := range strings.FieldsSeq(numbers) {
			golden[name] = append(golden[name], parse(t, number))
		}
	}
	return golden
}

// parse reads R's numbers; NA is NaN.
func parse(t *testing.T, number string) float64 {
	t.Helper()
	if number == "NA" {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// sample is sample.csv by column.
type sample map[string][]float64

func readSample(t *testing.T) sample {
	t.Helper()
	text, err := os.ReadFile("testdata/sample.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	s := sample{}
	for _, row := range rows[1:] {
		for i, cell := range row {
			s[rows[0][i]] = append(s[rows[0][i]], parse(t, cell))
		}
	}
	return s
}

// codes returns a column as codes that start at −from.
func (s sample) codes(column string, from int) []int {
	codes := make([]int, len(s[column]))
	for i, v := range s[column] {
		codes[i] = int(v) - from
	}
	return codes
}
