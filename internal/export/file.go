package export

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// partial ends the name of a file that is not complete yet.
const partial = ".partial"

// Name is what a file of this request is called, with its watermark:
// "onestop-2026.qn.p-uong-bi.24068.csv".
func (r Request) Name(watermark int64) string {
	parts := []string{string(r.Wave)}
	if r.Unit != "" {
		parts = append(parts, string(r.Unit))
	}
	if !r.Period.Whole() {
		parts = append(parts, r.Period.From.String()+"_"+r.Period.To.String())
	}
	return strings.Join(append(parts, fmt.Sprint(watermark), string(r.Format)), ".")
}

// WriteFile writes what req asks for to file. The file appears under its name
// when it is complete and on disk, and not before; after an error nothing is
// left behind. The manifest's File is the last part of file.
func WriteFile(ctx context.Context, e *Exporter, req Request, file string, progress func(Progress)) (m Manifest, err error) {
	part := file + partial
	f, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return Manifest{}, fmt.Errorf("export.WriteFile: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, gone(part))
		}
	}()
	m, err = e.Write(ctx, req, f, progress)
	m.File = filepath.Base(file)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return Manifest{}, err
	}
	if err := os.Rename(part, file); err != nil {
		return Manifest{}, fmt.Errorf("export.WriteFile: %w", err)
	}
	return m, syncFolder(file)
}

// WriteManifest writes m beside file as file.manifest.json.
func WriteManifest(file string, m Manifest) error { return replace(file+".manifest.json", m.JSON()) }

// replace writes a small file so that it is there whole, the old or the new.
func replace(file string, b []byte) error {
	part := file + partial
	f, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, gone(part))
	}
	if err := os.Rename(part, file); err != nil {
		return err
	}
	return syncFolder(file)
}

func syncFolder(file string) error {
	d, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
