package static

import (
	"bytes"
	"io"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
)

func TestEveryFileIsServed(t *testing.T) {
	address := regexp.MustCompile(`^/static/[a-z0-9./-]+\.[0-9a-f]{8}\.(css|js|svg|png|woff2|txt)$`)
	for name := range assets.byName {
		url := URL(name)
		// The licence of the fonts keeps the name that it is known by.
		if !address.MatchString(strings.ToLower(url)) {
			t.Errorf("%s is at %s", name, url)
		}
		if a, ok := File(url); !ok || a.URL != url || len(a.Body) == 0 {
			t.Errorf("%s leads nowhere", url)
		}
	}
	if _, ok := File("/static/css/citizen.css"); ok {
		t.Error("a file answers to an address without its hash")
	}
	if _, ok := Open("css/citizen.css"); !ok {
		t.Error("css/citizen.css is not there")
	}
}

func TestStylesNameOnlyWhatIsServed(t *testing.T) {
	for name, a := range assets.byName {
		if path.Ext(name) != ".css" {
			continue
		}
		for _, m := range regexp.MustCompile(`url\(([^)]+)\)`).FindAllSubmatch(a.Body, -1) {
			if url := string(m[1]); !strings.HasPrefix(url, "#") {
				if _, ok := File(url); !ok {
					t.Errorf("%s names %s, which is not served", name, url)
				}
			}
		}
	}
}

func TestRead(t *testing.T) {
	s, err := read(fstest.MapFS{
		"css/a.css":  {Data: []byte("@import \"b.css\";\n/* why */\n.x , .y {\n  color : red;\n}\n")},
		"css/b.css":  {Data: []byte(":root { --f: url(../f/f.svg) }")},
		"f/f.svg":    {Data: []byte("<svg/>")},
		"js/main.js": {Data: []byte("// why\n\nimport { a } from \"./part.js\";\n  /** what */\nf(a); // so\n")},
		"js/part.js": {Data: []byte("// what\nexport const a = 1;\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	svg := s.byName["f/f.svg"].URL
	for name, want := range map[string]string{
		"css/a.css":  ":root{--f: url(" + svg + ")}.x,.y{color : red;}",
		"js/main.js": "const a=1;f(a)\n",
	} {
		if diff := cmp.Diff(want, string(s.byName[name].Body)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// Two files of a page import a third: it is there once, before both.
func TestScriptsAreThereOnce(t *testing.T) {
	s, err := read(fstest.MapFS{
		"js/main.js": {Data: []byte("import { a } from \"./a.js\";\nimport { b } from \"./b.js\";\na(b);\n")},
		"js/a.js":    {Data: []byte("import { c } from \"./c.js\";\nexport const a = () => c;\n")},
		"js/b.js":    {Data: []byte("import { c } from \"./c.js\";\nexport const b = () => c;\n")},
		"js/c.js":    {Data: []byte("export const c = 1;\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("const c=1,a=()=>c,b=()=>c;a(b)\n", string(s.byName["js/main.js"].Body)); diff != "" {
		t.Error(diff)
	}
}

func TestSharedScriptsKeepTheirAddress(t *testing.T) {
	s, err := read(fstest.MapFS{
		"js/a.js":            {Data: []byte("import { part } from \"./part.js\";\npart();\n")},
		"js/b.js":            {Data: []byte("import { openOutbox } from \"./outbox.js\";\nopenOutbox();\n")},
		"js/part.js":         {Data: []byte("export const part = () => import(\"./outbox.js\");\n")},
		"js/outbox.js":       {Data: []byte("import { put } from \"./outbox-store.js\";\nexport const openOutbox = put;\n")},
		"js/outbox-store.js": {Data: []byte("export const put = 1;\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	url := s.byName["js/outbox.js"].URL
	for name, want := range map[string]string{
		"js/a.js":      "const part=()=>import(\"" + url + "\");part()\n",
		"js/b.js":      "import{openOutbox}from\"" + url + "\";openOutbox()\n",
		"js/outbox.js": "const put=1;export const openOutbox=put\n",
	} {
		if diff := cmp.Diff(want, string(s.byName[name].Body)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// What a phone and a kiosk load of ours, as they load it.
func TestScriptsAreSmall(t *testing.T) {
	const most = 20 << 10
	total := 0
	for _, name := range []string{"js/form.js", "js/kiosk.js", "js/outbox.js"} {
		a, ok := Open(name)
		if !ok {
			t.Fatalf("%s is not there", name)
		}
		t.Logf("%-12s %6d bytes, brotli %5d", name, len(a.Body), len(a.Brotli()))
		total += len(a.Brotli())
	}
	for _, name := range []string{"js/shelf.js", "js/leftover.js", "js/proof.js"} {
		a, _ := Open(name)
		t.Logf("%-12s %6d bytes, brotli %5d, only when needed", name, len(a.Body), len(a.Brotli()))
	}
	if t.Logf("together %d", total); total > most {
		t.Errorf("the scripts of form, kiosk and outbox take %d bytes compressed, more than %d", total, most)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		fs   fstest.MapFS
		want string
	}{
		"a file that is not there": {fstest.MapFS{"a.css": {Data: []byte("x{y:url(./none.svg)}")}}, "none.svg"},
		"an unknown kind":          {fstest.MapFS{"a.exe": {Data: []byte("x")}}, "no media type"},
		"a circle": {fstest.MapFS{
			"a.css": {Data: []byte(`@import "b.css";`)}, "b.css": {Data: []byte(`@import "a.css";`)},
		}, "names itself"},
		"a name for two things": {fstest.MapFS{
			"a.js": {Data: []byte("import { b } from \"./b.js\";\nfunction near() {}\n")},
			"b.js": {Data: []byte("function near() {}\nexport const b = near;\n")},
		}, "declare near"},
	} {
		if _, err := read(c.fs); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
}

func TestCompressedIsTheSame(t *testing.T) {
	a, _ := Open("css/citizen.css")
	g, err := gzip.NewReader(bytes.NewReader(a.Gzip()))
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]io.Reader{"gzip": g, "brotli": brotli.NewReader(bytes.NewReader(a.Brotli()))} {
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, a.Body) {
			t.Errorf("%s does not give the file back (%v)", name, err)
		}
	}
	font, _ := Open("fonts/be-vietnam-pro-latin-400-normal.woff2")
	if font.Gzip() != nil || font.Brotli() != nil {
		t.Error("a font is compressed twice")
	}
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		mustRead(embedded)
	}
}
