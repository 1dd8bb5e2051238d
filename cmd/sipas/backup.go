package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

type backupCommand struct {
	File string `arg:"" placeholder:"FILE" help:"cli.arg.backup"`
}

func (c *backupCommand) run(ctx context.Context, p *program) error {
	a, err := p.openExisting(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	if err := a.store.Backup(ctx, c.File); err != nil {
		return err
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return err
	}
	p.say("cli.backup.done", c.File, info.Size())
	return nil
}

// restoreCommand puts a backup in the place of the database, which must not
// be there. The copy is opened and checked before it gets its name.
type restoreCommand struct {
	File string `arg:"" placeholder:"FILE" help:"cli.arg.restore"`
}

func (c *restoreCommand) run(ctx context.Context, p *program) error {
	file := p.cfg.SQLiteFile()
	if file == "" {
		return p.no("cli.restore.postgres")
	}
	for _, f := range []string{file, file + "-wal", file + "-journal"} {
		if _, err := os.Lstat(f); !errors.Is(err, fs.ErrNotExist) {
			return p.no("cli.restore.exists", f)
		}
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	part := file + ".restoring"
	defer func() {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(part + suffix)
		}
	}()
	if err := copyFile(part, c.File); err != nil {
		return err
	}
	if err := p.checkBackup(ctx, part, c.File); err != nil {
		return err
	}
	// Link refuses an existing name, Rename would not.
	if err := os.Link(part, file); err != nil {
		return err
	}
	p.say("cli.restore.done", file)
	return nil
}

// checkBackup opens the copy as the server would, and examines it.
func (p *program) checkBackup(ctx context.Context, part, name string) error {
	q := *p
	q.cfg.DB = "sqlite:" + part
	a, err := q.open(ctx)
	if err != nil {
		return p.no("cli.restore.unreadable", name, p.explain(err))
	}
	defer a.close()
	checked, err := a.store.Check(ctx)
	if err != nil {
		return p.no("cli.restore.unreadable", name, p.explain(err))
	}
	if len(checked.Problems) > 0 {
		return p.no("cli.restore.unreadable", name, checked.Problems[0])
	}
	p.say("cli.restore.holds", checked.Responses)
	return nil
}

// copyFile copies a file, private to this user, and waits for the disk.
func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}
