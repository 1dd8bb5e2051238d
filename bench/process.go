package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// build makes the two programs from the tree. The program is built as it is
// released: static and stripped.
func (b *bench) build(ctx context.Context) error {
	bin, err := filepath.Abs(filepath.Join(b.out, "bin"))
	if err != nil {
		return err
	}
	b.sipas, b.plain = filepath.Join(bin, "sipas"), filepath.Join(bin, "nostore")
	for _, p := range []struct{ dir, pkg, file string }{{"..", "./cmd/sipas", b.sipas}, {".", "./nostore", b.plain}} {
		ldflags := "-s -w"
		if p.file == b.plain {
			ldflags = "" // profiles need names
		}
		c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", ldflags, "-o", p.file, p.pkg) //nolint:gosec // our own words
		c.Dir = p.dir
		c.Env = append(os.Environ(), "CGO_ENABLED=0")
		if text, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w\n%s", p.pkg, err, text)
		}
	}
	return nil
}

// process is a server of ours that runs.
type process struct {
	cmd    *exec.Cmd
	addr   string
	stderr bytes.Buffer
	began  time.Time
	ready  time.Duration // from the start of the process to the first 200 of /readyz
}

// serve starts the program over the database in folder.
func (b *bench) serve(ctx context.Context, folder string, flags ...string) (*process, error) {
	return startServer(ctx, b.sipas, append([]string{
		"serve", "--data", folder, "--log-level", "warn",
		"--limit-per-second", "0", "--limit-burst", "0", "--addr",
	}, flags...))
}

// startServer runs a program with args and the address of a free port as the
// value of its last flag "addr", and waits until it is ready.
func startServer(ctx context.Context, program string, args []string) (*process, error) {
	addr, err := freePort()
	if err != nil {
		return nil, err
	}
	p := &process{addr: addr}
	for i, a := range args {
		if strings.HasSuffix(a, "-addr") {
			args = append(args[:i+1:i+1], append([]string{p.addr}, args[i+1:]...)...)
			break
		}
	}
	p.cmd = exec.CommandContext(ctx, program, args...)
	p.cmd.Stderr = &p.stderr
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.WaitDelay = 30 * time.Second
	p.began = time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	if err := p.wait(ctx); err != nil {
		return nil, errors.Join(err, p.stop(), errors.New(p.stderr.String()))
	}
	p.ready = time.Since(p.began)
	return p, nil
}

// wait asks /readyz every millisecond until it is 200.
func (p *process) wait(ctx context.Context) error {
	client := http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for time.Since(p.began) < 30*time.Second && ctx.Err() == nil {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.addr+"/readyz", nil)
		if err != nil {
			return err
		}
		if res, err := client.Do(req); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(time.Millisecond)
	}
	return fmt.Errorf("%s is not ready", filepath.Base(p.cmd.Path))
}

// stop ends the process as an operator would.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(p.cmd.Path), err, p.stderr.String())
	}
	return nil
}

// run runs a command to its end and returns how long it took and how much
// memory it had at its peak. The kernel's own count (ru_maxrss) would do, if a
// child did not inherit it from its parent.
func runToEnd(ctx context.Context, stdout *os.File, program string, args ...string) (took time.Duration, peak int64, err error) {
	c := exec.CommandContext(ctx, program, args...)
	var text bytes.Buffer
	c.Stderr = &text
	if stdout != nil {
		c.Stdout = stdout
	}
	began := time.Now()
	if err := c.Start(); err != nil {
		return 0, 0, err
	}
	done := make(chan struct{})
	seen := make(chan int64)
	go func() {
		var most int64
		for {
			most = max(most, peakOf(c.Process.Pid))
			select {
			case <-done:
				seen <- most
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	err = c.Wait()
	took = time.Since(began)
	close(done)
	if peak = <-seen; err != nil {
		err = fmt.Errorf("%s %s: %w\n%s", filepath.Base(program), strings.Join(args, " "), err, text.String())
	}
	return took, peak, err
}

// peakOf is the most resident memory that a process has had, in bytes.
func peakOf(pid int) int64 {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	_, rest, ok := strings.Cut(string(text), "VmHWM:")
	if !ok {
		return 0
	}
	kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	if err != nil {
		return 0
	}
	return kb << 10
}

// freePort returns an address that nobody listens at.
func freePort() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer ln.Close()
	return ln.Addr().String(), nil
}

// cpuOf is how much processor time a process has used, threads and kernel
// included; it does not depend on who else uses the machine.
func cpuOf(pid int) time.Duration {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0
	}
	_, rest, ok := strings.Cut(string(text), ") ") // the name may hold spaces
	f := strings.Fields(rest)
	if !ok || len(f) < 13 {
		return 0
	}
	var ticks int64
	for _, s := range f[11:13] { // user and system
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return 0
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / 100 // USER_HZ is 100 on every Linux that Go runs on
}
