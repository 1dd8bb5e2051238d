package arch

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "sipas/"

// allowed lists, for each package of the module, what it may import beyond the
// standard library: packages of ours by their path below the module, others by
// their path or the beginning of it up to a "/". A package that is missing here
// may not exist. Tests are not looked at: the tests of web run on a real store.
var allowed = map[string][]string{
	"cmd/sipas": { // wires everything
		"internal/auth", "internal/book", "internal/comment", "internal/config", "internal/definition", "internal/demo", "internal/estimate", "internal/export", "internal/importer", "internal/instrument",
		"internal/locale", "internal/quality", "internal/simulate", "internal/store", "internal/survey", "internal/web", "github.com/alecthomas/kong",
	},
	"static":              {"github.com/andybalholm/brotli", "github.com/klauspost/compress/gzip", "github.com/tdewolff/minify/v2/"},
	"internal/arch":       {},
	"internal/survey":     {}, // the domain knows nobody
	"internal/stats":      {"gonum.org/v1/gonum/"},
	"internal/estimate":   {"internal/stats", "internal/survey"}, // the only one that knows both
	"internal/suppress":   {},
	"internal/definition": {"internal/survey", "github.com/goccy/go-yaml/", "golang.org/x/text/unicode/norm"},
	"internal/book":       {"internal/definition", "internal/stats", "internal/survey", "github.com/goccy/go-yaml/"},
	"internal/config":     {},
	"internal/throttle":   {"golang.org/x/time/rate"},
	"internal/challenge":  {}, // whoever checks proofs of work needs no library
	"internal/cadence":    {},
	"internal/comment":    {"internal/survey", "golang.org/x/text/unicode/norm"},
	"internal/locale":     {"golang.org/x/text/"},
	"internal/instrument": {"internal/definition", "internal/survey", "github.com/goccy/go-yaml/"},
	"internal/auth":       {"internal/survey", "internal/throttle", "golang.org/x/crypto/argon2"},
	"internal/export":     {"internal/survey", "github.com/xuri/excelize/v2"},
	"internal/report":     {"github.com/xuri/excelize/v2"}, // tables in, a workbook out
	"internal/importer":   {"internal/book", "internal/survey", "github.com/xuri/excelize/v2", "golang.org/x/text/unicode/norm"},
	"internal/simulate":   {"internal/survey"},
	"internal/quality":    {"internal/survey"},
	"internal/demo":       {"internal/auth", "internal/book", "internal/importer", "internal/simulate", "internal/survey"},
	"internal/store": { // all SQL; never the web
		"internal/auth", "internal/book", "internal/comment", "internal/survey", "github.com/jackc/pgx/v5/", "github.com/pressly/goose/v3", "modernc.org/sqlite/",
	},
	"internal/store/storetest": {"internal/auth", "internal/book", "internal/comment", "internal/store", "internal/survey", "github.com/google/go-cmp/cmp", "pgregory.net/rapid"},
	"internal/web": { // the only one that knows Fiber and the validator; never the store
		"internal/auth", "internal/book", "internal/cadence", "internal/challenge", "internal/comment", "internal/estimate", "internal/export", "internal/locale", "internal/report", "internal/stats",
		"internal/suppress", "internal/survey", "internal/throttle", "static",
		"github.com/gofiber/fiber/v2/", "github.com/go-playground/validator/v10", "github.com/go-json-experiment/json/",
		"github.com/google/uuid", "github.com/VictoriaMetrics/metrics", "github.com/skip2/go-qrcode",
		"golang.org/x/text/unicode/norm",
	},
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		pkg := strings.TrimPrefix(fields[0], module)
		rules, ok := allowed[pkg]
		if !ok {
			t.Errorf("package %s has no rule in arch_test.go", pkg)
			continue
		}
		seen++
		for _, path := range fields[1:] {
			if !mayImport(rules, path) {
				t.Errorf("%s may not import %s", pkg, path)
			}
		}
	}
	if seen == 0 {
		t.Error("no package was looked at")
	}
}

// mayImport reports whether path is of the standard library or in rules.
func mayImport(rules []string, path string) bool {
	own, isOwn := strings.CutPrefix(path, module)
	if isOwn {
		return slices.Contains(rules, own)
	}
	if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
		return true
	}
	return slices.ContainsFunc(rules, func(rule string) bool {
		return rule == path || strings.HasSuffix(rule, "/") && (strings.HasPrefix(path, rule) || path+"/" == rule)
	})
}

func TestMayImport(t *testing.T) {
	rules := []string{"internal/survey", "golang.org/x/text/", "golang.org/x/time/rate"}
	for path, want := range map[string]bool{
		"fmt": true, "net/http": true, "sipas/internal/survey": true, "sipas/internal/store": false, "sipas/internal/survey/x": false,
		"golang.org/x/text": true, "golang.org/x/text/collate": true, "golang.org/x/texture": false,
		"golang.org/x/time/rate": true, "golang.org/x/time/rate/x": false, "github.com/gofiber/fiber/v2": false,
	} {
		if got := mayImport(rules, path); got != want {
			t.Errorf("mayImport(%q) = %v, want %v", path, got, want)
		}
	}
}
