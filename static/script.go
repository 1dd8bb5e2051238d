package static

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"
)

var (
	scriptFrom = regexp.MustCompile(`(?m)^import \{[^}]*\} from "(\./[^"]+)";\n`)
	scriptURL  = regexp.MustCompile(`"static:([^"]+)"`)
	scriptPath = regexp.MustCompile(`(?m)(?:^import \{[^}]*\} from |\bimport\()"(\./[^"]+)"`)
	exports    = regexp.MustCompile(`(?m)^export `)
	declared   = regexp.MustCompile(`(?m)^(?:async )?(?:function\*?|const|let|class) (\w+)`)
)

// shared are scripts that several pages import and that keep an address of
// their own, so that a browser loads and keeps each of them once.
var shared = map[string]bool{"js/outbox.js": true}

// script puts imported scripts in the place of their import, so that a phone
// loads one file: each once, wherever it is imported. All of them share one
// scope, so no two of them use a name for two things. What is imported from a
// shared script stays imported, from its address. A file that is loaded only
// when it is needed is named "static:js/proof.js", which becomes its address.
func (s *set) script(name string, body []byte, within []string) ([]byte, error) {
	body, err := s.bundle(name, body, map[string]bool{name: true}, within)
	if err != nil {
		return nil, err
	}
	if twice := declaredTwice(body); twice != "" {
		return nil, fmt.Errorf("%s: two of the scripts it imports declare %s", name, twice)
	}
	var failed error
	body = scriptURL.ReplaceAllFunc(body, func(m []byte) []byte {
		a, err := s.finish(string(scriptURL.FindSubmatch(m)[1]), within)
		if err != nil {
			failed = fmt.Errorf("%s: %w", name, err)
			return m
		}
		return []byte(strconv.Quote(a.URL))
	})
	return body, failed
}

// bundle is a script with what it imports before it; has is what is there
// already.
func (s *set) bundle(name string, body []byte, has map[string]bool, within []string) ([]byte, error) {
	body, err := s.address(name, body, within)
	if err != nil {
		return nil, err
	}
	var failed error
	body = scriptFrom.ReplaceAllFunc(body, func(m []byte) []byte {
		from := path.Join(path.Dir(name), string(scriptFrom.FindSubmatch(m)[1]))
		if has[from] {
			return nil
		}
		has[from] = true
		part, err := fs.ReadFile(s.fsys, from)
		if err == nil {
			part, err = s.bundle(from, part, has, within)
		}
		if err != nil {
			failed = fmt.Errorf("%s: %w", name, err)
			return m
		}
		return exports.ReplaceAll(part, nil)
	})
	return body, failed
}

// declaredTwice is a name that a script declares twice in its outermost scope:
// a browser would refuse the whole of it.
func declaredTwice(body []byte) string {
	seen := map[string]bool{}
	for _, m := range declared.FindAllSubmatch(body, -1) {
		name := string(m[1])
		if seen[name] {
			return name
		}
		seen[name] = true
	}
	return ""
}

// minified is a script as a phone gets it: short names where they are local,
// and nothing that only people read.
func minified(source []byte) ([]byte, error) {
	var b bytes.Buffer
	if err := new(js.Minifier).Minify(minify.New(), &b, bytes.NewReader(source), nil); err != nil {
		return nil, err
	}
	return append(b.Bytes(), '\n'), nil
}

// address turns the relative paths of shared scripts, and of those that are
// imported only when they are wanted, into addresses.
func (s *set) address(name string, body []byte, within []string) ([]byte, error) {
	var failed error
	body = scriptPath.ReplaceAllFunc(body, func(m []byte) []byte {
		rel := scriptPath.FindSubmatch(m)[1]
		to := path.Join(path.Dir(name), string(rel))
		if !shared[to] && bytes.Contains(m, []byte("from ")) {
			return m
		}
		a, err := s.finish(to, within)
		if err != nil {
			failed = fmt.Errorf("%s: %w", name, err)
			return m
		}
		return bytes.Replace(m, rel, []byte(a.URL), 1)
	})
	return body, failed
}
