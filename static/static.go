// Package static holds every file that anyone may fetch: style sheets,
// scripts, fonts and faces. Every byte here is public, and nothing public is
// elsewhere.
//
// A page links a file by URL, which carries a hash of its content, so that
// browsers keep it for ever and a new version is a new address. Style sheets
// and scripts may name other files by relative paths; those become addresses
// with hashes too.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

//go:embed css js fonts faces vendor
var embedded embed.FS

// Prefix is where the files are served.
const Prefix = "/static/"

// assets is read once at start; a file that names another one which is not
// there cannot start.
var assets = mustRead(embedded)

// An Asset is one public file.
type Asset struct {
	URL  string // "/static/css/citizen.1f2e3d4c.css"
	Type string // its media type
	Body []byte

	compressed func() (gzipped, brotlied []byte)
}

// Gzip returns Body compressed, or nil where that would not make it smaller.
func (a *Asset) Gzip() []byte { g, _ := a.compressed(); return g }

// Brotli is Gzip's smaller sister.
func (a *Asset) Brotli() []byte { _, b := a.compressed(); return b }

// URL returns the address of a file: URL("css/citizen.css"). It panics if
// there is none, which a page shows the first time it is rendered.
func URL(name string) string {
	a, ok := assets.byName[name]
	if !ok {
		panic("static.URL: no file " + name)
	}
	return a.URL
}

// File returns the file at an address that URL gave.
func File(url string) (*Asset, bool) {
	a, ok := assets.byURL[url]
	return a, ok
}

// Open returns a file by its name: Open("faces/mark.svg").
func Open(name string) (*Asset, bool) {
	a, ok := assets.byName[name]
	return a, ok
}

// Version stands for all files together: it changes with any of them.
func Version() string {
	sum := sha256.New()
	for _, url := range slices.Sorted(maps.Keys(assets.byURL)) {
		fmt.Fprintln(sum, url)
	}
	return hex.EncodeToString(sum.Sum(nil)[:4])
}

var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
	".png":   "image/png",
	".txt":   "text/plain; charset=utf-8",
}

// A set is the files of one file system, finished one by one.
type set struct {
	fsys   fs.FS
	byName map[string]*Asset
	byURL  map[string]*Asset
}

func mustRead(fsys fs.FS) *set {
	s, err := read(fsys)
	if err != nil {
		panic(err)
	}
	return s
}

func read(fsys fs.FS) (*set, error) {
	s := &set{fsys: fsys, byName: map[string]*Asset{}, byURL: map[string]*Asset{}}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		_, err = s.finish(name, nil)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("static.read: %w", err)
	}
	return s, nil
}

// finish makes the asset of a file after those that it names. within is the
// chain of files that led here.
func (s *set) finish(name string, within []string) (*Asset, error) {
	if a, ok := s.byName[name]; ok {
		return a, nil
	}
	for _, w := range within {
		if w == name {
			return nil, fmt.Errorf("%s names itself through %v", name, within)
		}
	}
	ext := path.Ext(name)
	if types[ext] == "" {
		return nil, fmt.Errorf("%s: no media type for %q", name, ext)
	}
	body, err := fs.ReadFile(s.fsys, name)
	if err != nil {
		return nil, err
	}
	switch within = append(within, name); {
	case strings.HasPrefix(name, "vendor/"): // somebody else's, as it came
	case ext == ".css":
		if body, err = s.style(name, body, within); err != nil {
			return nil, err
		}
	case ext == ".js":
		if body, err = s.script(name, body, within); err != nil {
			return nil, err
		}
		if body, err = minified(body); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	sum := sha256.Sum256(body)
	url := Prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:4]) + ext
	a := &Asset{URL: url, Type: types[ext], Body: body}
	a.compressed = sync.OnceValues(func() ([]byte, []byte) { return compress(ext, body) })
	s.byName[name], s.byURL[url] = a, a
	return a, nil
}

var (
	comments = regexp.MustCompile(`(?s)/\*.*?\*/`)
	spaces   = regexp.MustCompile(`\s+`)
	around   = regexp.MustCompile(` ?([{};,]) ?`)
	imported = regexp.MustCompile(`@import "([^"]+)";`)
	cssURL   = regexp.MustCompile(`url\((\.\.?/[^)]+)\)`)
)

// style puts imported sheets in the place of their @import, so that a page
// needs one file, and takes out what only the writer needs.
func (s *set) style(name string, body []byte, within []string) ([]byte, error) {
	body, err := s.replace(name, body, imported, within, func(_, _ []byte, a *Asset) []byte { return a.Body })
	if err != nil {
		return nil, err
	}
	body, err = s.replace(name, body, cssURL, within, func(m, rel []byte, a *Asset) []byte {
		return bytes.Replace(m, rel, []byte(a.URL), 1)
	})
	body = comments.ReplaceAll(body, nil)
	body = spaces.ReplaceAll(body, []byte(" "))
	return bytes.TrimSpace(around.ReplaceAll(body, []byte("$1"))), err
}

// replace gives each match of re what by makes of it and of the file that its
// first group names.
func (s *set) replace(name string, body []byte, re *regexp.Regexp, within []string, by func(match, rel []byte, a *Asset) []byte) ([]byte, error) {
	var failed error
	body = re.ReplaceAllFunc(body, func(m []byte) []byte {
		rel := re.FindSubmatch(m)[1]
		a, err := s.finish(path.Join(path.Dir(name), string(rel)), within)
		if err != nil {
			failed = fmt.Errorf("%s: %w", name, err)
			return m
		}
		return by(m, rel, a)
	})
	return body, failed
}

// compress works on the first request for a file, not at start, because the
// best brotli takes 50 ms for the largest sheet.
func compress(ext string, body []byte) (gzipped, brotlied []byte) {
	if ext == ".woff2" {
		return nil, nil // compressed already
	}
	var g, b bytes.Buffer
	gw, _ := gzip.NewWriterLevel(&g, gzip.BestCompression) // the level is valid
	bw := brotli.NewWriterLevel(&b, brotli.BestCompression)
	_, _ = gw.Write(body) // a Buffer takes everything
	_, _ = bw.Write(body)
	_ = gw.Close()
	_ = bw.Close()
	return smaller(g.Bytes(), body), smaller(b.Bytes(), body)
}

func smaller(compressed, body []byte) []byte {
	if len(compressed) < len(body) {
		return compressed
	}
	return nil
}
