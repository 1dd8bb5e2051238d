package locale

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
)

// AddFolder adds the languages of a folder of the deployment's own: dir/<lang>
// is what messages/<lang> is here. One that is there already is replaced whole.
// Every fault is told with its file and key, and then nothing is added. It is
// for the start of the program, before anybody reads; remove undoes it, for
// tests.
func AddFolder(dir string) (remove func(), err error) {
	const op = "locale.AddFolder"
	added, err := load(os.DirFS(dir), ".")
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", op, dir, err)
	}
	old := current.Load()
	next := &set{langs: map[string]*speech{}}
	for lang, l := range old.langs {
		next.langs[lang] = l
	}
	for lang, l := range added.langs {
		next.langs[lang] = l
	}
	next.arrange()
	var wrong []error
	model := old.langs[old.order[0]]
	for _, lang := range added.order {
		l := added.langs[lang]
		if next.order[0] != model.lang && l.Order <= model.Order {
			wrong = append(wrong, fmt.Errorf("%s/language.json: \"order\" is %d; the first place is that of %s", lang, l.Order, model.lang))
		}
		wrong = append(wrong, l.faults(model)...)
	}
	if len(wrong) > 0 {
		return nil, fmt.Errorf("%s: %s: %w", op, dir, errors.Join(wrong...))
	}
	current.Store(next)
	return func() { current.Store(old) }, nil
}

// load reads every language below root.
func load(fsys fs.FS, root string) (*set, error) {
	dirs, err := fs.ReadDir(fsys, root)
	if err != nil {
		return nil, err
	}
	s := &set{langs: map[string]*speech{}}
	for _, d := range dirs {
		if !d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			continue
		}
		if s.langs[d.Name()], err = loadLanguage(fsys, path.Join(root, d.Name()), d.Name()); err != nil {
			return nil, err
		}
	}
	if len(s.langs) == 0 {
		return nil, errors.New("there is no folder of a language")
	}
	s.arrange()
	return s, nil
}

func loadLanguage(fsys fs.FS, dir, lang string) (*speech, error) {
	l := &speech{lang: lang, dict: dict{}, from: map[string]string{}, instruments: map[string]map[string]string{}}
	raw, err := fs.ReadFile(fsys, path.Join(dir, "language.json"))
	if err != nil {
		return nil, fmt.Errorf("%s: no language.json (%w)", lang, err)
	}
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(l); err != nil {
		return nil, fmt.Errorf("%s/language.json: %w", lang, err)
	}
	if err := l.settle(); err != nil {
		return nil, err
	}
	files, err := fs.Glob(fsys, path.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if path.Base(file) == "language.json" {
			continue
		}
		if err := loadFile(fsys, file, l.dict, l.from); err != nil {
			return nil, fmt.Errorf("%s/%s: %w", lang, path.Base(file), err)
		}
	}
	if files, err = fs.Glob(fsys, path.Join(dir, "instruments/*.json")); err != nil {
		return nil, err
	}
	for _, file := range files {
		texts := dict{}
		if err := loadFile(fsys, file, texts, map[string]string{}); err != nil {
			return nil, fmt.Errorf("%s/instruments/%s: %w", lang, path.Base(file), err)
		}
		l.instruments[strings.TrimSuffix(path.Base(file), ".json")] = texts
	}
	return l, nil
}

// loadFile adds the messages of one file to d. from remembers the file that
// each key came from. It reads token by token, because a map would swallow a
// key that stands twice.
func loadFile(fsys fs.FS, file string, d dict, from map[string]string) error {
	raw, err := fs.ReadFile(fsys, file)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("want one object of key and text (%w)", err)
	}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return err
		}
		key, _ := t.(string)
		var text string
		if err := dec.Decode(&text); err != nil {
			return fmt.Errorf("%q: %w", key, err)
		}
		if other, twice := from[key]; twice {
			return fmt.Errorf("%q is already in %s", key, path.Base(other))
		}
		d[key], from[key] = text, path.Base(file)
	}
	_, err = dec.Token()
	return err
}
