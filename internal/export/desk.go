package export

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"sipas/internal/survey"
)

// JobState says how far a job of the desk is.
type JobState string

// States of jobs.
const (
	Waiting   JobState = "waiting"
	Running   JobState = "running"
	Done      JobState = "done"
	Failed    JobState = "failed"
	Cancelled JobState = "cancelled"
)

// Job is one export asked for at the desk.
type Job struct {
	ID string `json:"id"`
	Request
	By        string    `json:"by"` // the account that asked
	State     JobState  `json:"state"`
	Progress  Progress  `json:"progress"`
	CreatedAt time.Time `json:"created_at"`
	EndedAt   time.Time `json:"ended_at"` // zero until it is over
	File      string    `json:"file"`     // what a download is called; empty until Done
	Manifest  *Manifest `json:"manifest"` // nil until Done
	Reason    string    `json:"reason"`   // message key, when Failed
}

// Over reports whether the job will not change any more.
func (j Job) Over() bool { return j.State != Waiting && j.State != Running }

// Reasons why a job failed.
const (
	ReasonInterrupted = "export.interrupted" // the server stopped meanwhile
	ReasonDiskFull    = "export.disk_full"
	ReasonOther       = "export.broke" // the log says more
)

// Desk writes exports into a folder, one after the other, while nobody waits.
// Each job is a small JSON file beside its data, so that a restart loses
// nothing: NAME.json, NAME.data.partial while it is written, NAME.data after.
type Desk struct {
	dir      string
	exporter *Exporter
	log      *slog.Logger
	newID    func() string

	mu     sync.Mutex
	jobs   map[string]*Job
	cancel map[string]context.CancelFunc
	turn   chan struct{} // one export at a time: they compete with citizens
	stop   context.CancelFunc
	ctx    context.Context
	wg     sync.WaitGroup
}

// OpenDesk opens the desk in dir, which becomes private to this user. Jobs that
// an earlier process left unfinished become Failed. newID names jobs: letters
// and digits, hard to guess.
func OpenDesk(dir string, e *Exporter, log *slog.Logger, newID func() string) (*Desk, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("export.OpenDesk: %w", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // a folder that its owner may enter
		return nil, fmt.Errorf("export.OpenDesk: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	d := &Desk{
		dir: dir, exporter: e, log: log, newID: newID, jobs: map[string]*Job{}, cancel: map[string]context.CancelFunc{},
		turn: make(chan struct{}, 1), ctx: ctx, stop: stop,
	}
	if err := d.load(); err != nil {
		stop()
		return nil, fmt.Errorf("export.OpenDesk: %w", err)
	}
	return d, nil
}

func (d *Desk) load() error {
	files, err := filepath.Glob(filepath.Join(d.dir, "*.json"))
	if err != nil {
		return err
	}
	for _, f := range files {
		var j Job
		b, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(b, &j); err != nil || j.ID+".json" != filepath.Base(f) {
			d.log.Warn("not a job of the export desk, left alone", "file", f, "err", err)
			continue
		}
		d.jobs[j.ID] = &j
		if !j.Over() {
			d.end(&j, Failed, ReasonInterrupted)
		}
	}
	return nil
}

// Close stops what runs and waits until it has. Jobs cut off are Failed.
func (d *Desk) Close() {
	d.stop()
	d.wg.Wait()
}

// Start checks the request and begins a job for the account by. ctx is of the
// request that asks, not of the job. It is Invalid for a bad request.
func (d *Desk) Start(_ context.Context, by string, r Request) (id string, err error) { //nolint:contextcheck // see above
	if _, err := r.plan(d.exporter.Catalog()); err != nil {
		return "", err
	}
	j := &Job{ID: d.newID(), Request: r, By: by, State: Waiting, CreatedAt: d.exporter.Now()}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ctx.Err() != nil {
		return "", &survey.Error{Kind: survey.Unavailable, Op: "export.Start", After: time.Minute}
	}
	if err := d.save(j); err != nil {
		return "", fmt.Errorf("export.Start: %w", err)
	}
	ctx, cancel := context.WithCancel(d.ctx)
	d.jobs[j.ID], d.cancel[j.ID] = j, cancel
	d.wg.Go(func() { d.work(ctx, j) })
	return j.ID, nil
}

// Jobs returns every job, the newest first.
func (d *Desk) Jobs() []Job {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []Job
	for _, j := range d.jobs {
		all = append(all, *j)
	}
	slices.SortFunc(all, func(a, b Job) int {
		if c := b.CreatedAt.Compare(a.CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return all
}

// Job returns the job with id; NotFound if there is none.
func (d *Desk) Job(id string) (Job, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	j, ok := d.jobs[id]
	if !ok {
		return Job{}, survey.Missing("export.Job", "export.no_job")
	}
	return *j, nil
}

// Open opens the file of a job that is Done, for reading; NotFound otherwise.
func (d *Desk) Open(id string) (*os.File, error) {
	j, err := d.Job(id)
	if err != nil {
		return nil, err
	}
	if j.State != Done {
		return nil, survey.Missing("export.Open", "export.no_file")
	}
	f, err := os.Open(d.path(id, ".data"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, survey.Missing("export.Open", "export.no_file")
	}
	if err != nil {
		return nil, fmt.Errorf("export.Open: %w", err)
	}
	return f, nil
}

// Remove stops a job that runs, and removes one that is over with its file.
func (d *Desk) Remove(id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	j, ok := d.jobs[id]
	if !ok {
		return survey.Missing("export.Remove", "export.no_job")
	}
	if !j.Over() {
		d.cancel[id]()
		return nil
	}
	err := errors.Join(gone(d.path(id, ".data")), gone(d.path(id, ".json")))
	if err != nil {
		return fmt.Errorf("export.Remove: %w", err)
	}
	delete(d.jobs, id)
	return nil
}

func gone(file string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (d *Desk) path(id, suffix string) string { return filepath.Join(d.dir, id+suffix) }

// work waits for its turn and writes the file of j.
func (d *Desk) work(ctx context.Context, j *Job) {
	defer func() {
		d.mu.Lock()
		d.cancel[j.ID]()
		delete(d.cancel, j.ID)
		d.mu.Unlock()
	}()
	var m Manifest
	var err error
	select {
	case d.turn <- struct{}{}:
		m, err = d.write(ctx, j)
		<-d.turn
	case <-ctx.Done():
		err = ctx.Err()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case err == nil:
		j.Manifest, j.File = &m, m.File
		d.end(j, Done, "")
	case d.ctx.Err() != nil:
		d.end(j, Failed, ReasonInterrupted)
	case ctx.Err() != nil:
		d.end(j, Cancelled, "")
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		d.end(j, Failed, ReasonDiskFull)
	default:
		d.log.Error("export failed", "job", j.ID, "err", err)
		d.end(j, Failed, ReasonOther)
	}
}

func (d *Desk) write(ctx context.Context, j *Job) (Manifest, error) {
	d.mu.Lock()
	j.State = Running
	err := d.save(j)
	d.mu.Unlock()
	if err != nil {
		return Manifest{}, err
	}
	m, err := WriteFile(ctx, d.exporter, j.Request, d.path(j.ID, ".data"), func(p Progress) {
		d.mu.Lock()
		j.Progress = p
		d.mu.Unlock()
	})
	m.File = j.Request.Name(m.Watermark.Seq) // as it is downloaded
	return m, err
}

// end closes j and removes what is half written. The caller holds mu, or is
// alone.
func (d *Desk) end(j *Job, s JobState, reason string) {
	j.State, j.Reason, j.EndedAt = s, reason, d.exporter.Now()
	if s != Done {
		if err := gone(d.path(j.ID, ".data"+partial)); err != nil {
			d.log.Error("removing a half-written export", "job", j.ID, "err", err)
		}
	}
	if err := d.save(j); err != nil {
		d.log.Error("keeping the state of an export", "job", j.ID, "err", err)
	}
}

func (d *Desk) save(j *Job) error {
	b, err := json.MarshalIndent(j, "", "  ")
	if err != nil {
		return err
	}
	return replace(d.path(j.ID, ".json"), append(b, '\n'))
}
