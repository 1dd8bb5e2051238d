package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"sipas/bench/world"
	"sipas/internal/store"
)

// cache keeps databases between runs: a million responses take minutes to make.
// They lie in a folder named for the schema and the questionnaire, and are
// made anew after some days, because the wave goes until today.
type cache struct {
	folder string
	made   *made
}

// made is what is known of the databases.
type made struct {
	At    time.Time
	Token string
	dir   string
}

const (
	keptFor   = 14 * 24 * time.Hour
	unitsFile = "../internal/demo/data/quang-ninh.csv"
)

// key is a hash of what the databases depend on.
func (*cache) key() (string, error) {
	h := sha256.New()
	for _, pattern := range []string{"../internal/store/migrations/*.sql", "../internal/instrument/*/moha-2023*", "../internal/instrument/moha-2023*", unitsFile, "world/make.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			return "", err
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(h, "%s %d\n", f, len(text))
			h.Write(text)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:4]), nil
}

// load finds or makes the empty database that all others begin as.
func (c *cache) load(ctx context.Context) (*made, error) {
	if c.made != nil {
		return c.made, nil
	}
	key, err := c.key()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(c.folder, "db-"+key)
	note := filepath.Join(dir, "made.json")
	m := &made{dir: dir}
	if text, err := os.ReadFile(note); err == nil && json.Unmarshal(text, m) == nil && time.Since(m.At) < keptFor {
		c.made = m
		return m, nil
	}
	old, err := filepath.Glob(filepath.Join(c.folder, "db-*"))
	if err != nil {
		return nil, err
	}
	for _, d := range old {
		if err := os.RemoveAll(d); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "0"), 0o700); err != nil {
		return nil, err
	}
	m.At = time.Now()
	if m.Token, err = world.Make(ctx, filepath.Join(dir, "0", "sipas.db"), unitsFile, m.At); err != nil {
		return nil, err
	}
	text, err := json.Marshal(m)
	if err == nil {
		err = os.WriteFile(note, text, 0o600)
	}
	c.made = m
	return m, err
}

// data returns the data folder of a database with n responses.
func (c *cache) data(ctx context.Context, n int) (string, error) {
	m, err := c.load(ctx)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(m.dir, fmt.Sprint(n))
	if _, err := os.Stat(filepath.Join(dir, "sipas.db")); err == nil {
		return dir, nil
	}
	part := dir + ".part"
	if err := os.RemoveAll(part); err != nil {
		return "", err
	}
	file, err := c.copy(ctx, part)
	if err != nil {
		return "", err
	}
	w, err := world.Open(ctx, file, store.Options{})
	if err != nil {
		return "", err
	}
	began := time.Now()
	err = w.Fill(ctx, n, m.At, func(done int) {
		if done%100_000 == 0 {
			say("  %d of %d responses made in %s", done, n, time.Since(began).Round(time.Second))
		}
	})
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return "", err
	}
	return dir, os.Rename(part, dir)
}

// copy puts the empty database into dir and returns its file.
func (c *cache) copy(ctx context.Context, dir string) (string, error) {
	m, err := c.load(ctx)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	file := filepath.Join(dir, "sipas.db")
	return file, copyFile(filepath.Join(m.dir, "0", "sipas.db"), file)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if cerr := out.Close(); err == nil {
		err = cerr
	}
	return err
}
