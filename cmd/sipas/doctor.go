package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"sipas/internal/survey"
)

type doctorCommand struct{}

// finding is one thing looked at. Advice says what to do about it; empty when
// all is well.
type finding struct{ what, found, advice string }

// Limits beyond which the doctor speaks up.
const (
	leastFree   = 1 << 30   // bytes of disk: some 500,000 responses
	largestWAL  = 512 << 20 // bytes: checkpoints do not get through
	largestLag  = survey.MaxTail
	clockSlack  = time.Minute
	firstYear   = 2025 // a clock before it was never set
	privateMode = 0o077
)

func (*doctorCommand) run(ctx context.Context, p *program) error {
	findings := []finding{p.examineClock(), p.examineDisk(), p.examineFolder()}
	a, err := p.openExisting(ctx)
	if err != nil {
		findings = append(findings, finding{p.T("cli.doctor.database"), p.explain(err), p.T("cli.doctor.database.advice")})
		return p.diagnose(findings)
	}
	defer a.close()
	for _, examine := range []func(context.Context) (finding, error){
		a.examineDatabase, a.examineLog, a.examineReceived, a.examineLag, a.examineComments, a.examineTallies, a.examineAccounts,
	} {
		f, err := examine(ctx)
		if err != nil {
			f.found, f.advice = p.explain(err), p.T("cli.doctor.database.advice")
		}
		findings = append(findings, f)
	}
	return p.diagnose(findings)
}

// diagnose prints the findings. The answer is no if one of them is bad.
func (p *program) diagnose(findings []finding) error {
	bad := 0
	for _, f := range findings {
		mark := "ok "
		if f.advice != "" {
			mark = "!! "
			bad++
		}
		fmt.Fprintln(p.stdout, mark+f.what+": "+f.found)
		if f.advice != "" {
			fmt.Fprintln(p.stdout, "   → "+f.advice)
		}
	}
	if bad > 0 {
		return p.no("cli.doctor.bad", bad)
	}
	return nil
}

func (p *program) examineClock() finding {
	now := p.now().In(p.cfg.Location())
	f := finding{what: p.T("cli.doctor.clock"), found: now.Format(time.RFC3339)}
	if now.Year() < firstYear {
		f.advice = p.T("cli.doctor.clock.advice")
	}
	return f
}

func (p *program) examineDisk() finding {
	f := finding{what: p.T("cli.doctor.disk")}
	folder := p.folder()
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		f.found, f.advice = err.Error(), p.T("cli.doctor.folder.advice", folder)
		return f
	}
	free := s.Bavail * uint64(s.Bsize) //nolint:unconvert // another type on other systems
	f.found = p.T("cli.doctor.disk.free", free>>20, folder)
	if free < leastFree {
		f.advice = p.T("cli.doctor.disk.advice")
	}
	return f
}

// folder is where the data is: the folder of the SQLite file, or --data.
func (p *program) folder() string {
	if file := p.cfg.SQLiteFile(); file != "" {
		return filepath.Dir(file)
	}
	return p.cfg.Data
}

func (p *program) examineFolder() finding {
	f := finding{what: p.T("cli.doctor.folder"), found: p.folder()}
	var open []string
	for _, name := range []string{p.folder(), p.cfg.SQLiteFile()} {
		if name == "" {
			continue
		}
		info, err := os.Stat(name)
		if err != nil {
			f.found, f.advice = err.Error(), p.T("cli.doctor.folder.advice", name)
			return f
		}
		if info.Mode().Perm()&privateMode != 0 {
			open = append(open, name)
		}
	}
	// A folder that others may enter is no harm as long as the file is shut.
	if file := p.cfg.SQLiteFile(); len(open) > 0 && open[len(open)-1] == file {
		f.found = p.T("cli.doctor.folder.open", file)
		f.advice = p.T("cli.doctor.folder.chmod", file)
	}
	return f
}

func (a *app) examineDatabase(ctx context.Context) (finding, error) {
	f := finding{what: a.T("cli.doctor.database")}
	c, err := a.store.Check(ctx)
	if err != nil {
		return f, err
	}
	f.found = a.T("cli.doctor.database.found", c.Engine, c.Schema, c.Responses, c.LastSeq)
	if len(c.Problems) > 0 {
		f.found += "; " + strings.Join(c.Problems, "; ")
		f.advice = a.T("cli.doctor.database.advice")
	}
	return f, nil
}

func (a *app) examineLog(context.Context) (finding, error) {
	f := finding{what: a.T("cli.doctor.wal"), found: "0 MiB"}
	file := a.cfg.SQLiteFile()
	if file == "" {
		f.found = a.T("cli.doctor.wal.none")
		return f, nil
	}
	info, err := os.Stat(file + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return f, err
	}
	f.found = fmt.Sprintf("%d MiB", info.Size()>>20)
	if info.Size() > largestWAL {
		f.advice = a.T("cli.doctor.wal.advice")
	}
	return f, nil
}

// examineReceived compares the clock with the last response: a clock that went
// back puts responses into the past.
func (a *app) examineReceived(ctx context.Context) (finding, error) {
	f := finding{what: a.T("cli.doctor.received")}
	head, err := a.store.Head(ctx)
	if err != nil {
		return f, err
	}
	if head.Seq == 0 {
		f.found = a.T("cli.doctor.received.none")
		return f, nil
	}
	f.found = head.At.In(a.zone).Format(time.RFC3339)
	if head.At.After(a.now().Add(clockSlack)) {
		f.advice = a.T("cli.doctor.clock.advice")
	}
	return f, nil
}

func (a *app) examineLag(ctx context.Context) (finding, error) {
	f := finding{what: a.T("cli.doctor.lag")}
	lag, err := a.store.Lag(ctx)
	if err != nil {
		return f, err
	}
	f.found = a.T("cli.doctor.lag.found", lag)
	if lag > largestLag {
		f.advice = a.T("cli.doctor.lag.advice")
	}
	return f, nil
}

// examineComments finds no fault: a server enters what waits by itself, however
// much it is when it starts.
func (a *app) examineComments(ctx context.Context) (finding, error) {
	f := finding{what: a.T("cli.doctor.comments")}
	lag, err := a.store.CommentLag(ctx)
	if err != nil {
		return f, err
	}
	f.found = a.T("cli.doctor.lag.found", lag)
	return f, nil
}

func (a *app) examineTallies(ctx context.Context) (finding, error) {
	f := finding{what: a.T("cli.doctor.tallies")}
	c, err := a.folder().Check(ctx, coefficients())
	if err != nil {
		return f, err
	}
	f.found = a.T("cli.doctor.tallies.found", c.Tallies, c.Responses)
	if c.Wrong != nil {
		f.found = a.wrongTally(*c.Wrong)
		f.advice = a.T("cli.doctor.tallies.advice")
	}
	return f, nil
}

func (a *app) examineAccounts(ctx context.Context) (finding, error) {
	f := finding{what: a.T("cli.doctor.accounts")}
	all, err := a.auth().Accounts(ctx)
	if err != nil {
		return f, err
	}
	admins := 0
	for _, u := range all {
		if u.Role == "admin" && !u.Disabled {
			admins++
		}
	}
	f.found = a.T("cli.doctor.accounts.found", len(all), admins)
	if admins == 0 {
		f.advice = a.T("cli.doctor.accounts.advice")
	}
	return f, nil
}
