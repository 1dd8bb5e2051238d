package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"sipas/internal/demo"
	"sipas/internal/survey"
)

// rig is a real server on a folder of its own, with clients that keep answering.
type rig struct {
	dir, addr string
	point     survey.PointCode
	client    http.Client

	mu       sync.Mutex
	receipts map[string]string // id → receipt that a client was given
	unsure   map[string][]byte // id → body that was sent and not answered
	strange  []string          // answers that a client must not get
}

func newRig(t *testing.T) *rig {
	t.Helper()
	b, err := demoDatabase()
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{
		dir: t.TempDir(), client: http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 32}},
		receipts: map[string]string{}, unsure: map[string][]byte{},
	}
	if err := os.WriteFile(filepath.Join(r.dir, "sipas.db"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	if r.addr, err = freeAddr(); err != nil {
		t.Fatal(err)
	}
	a := r.open(t)
	for _, p := range a.catalog().PointList(demo.OneTap) {
		r.point = p.Code
	}
	a.close()
	return r
}

// open opens the database in this process.
func (r *rig) open(t *testing.T) *app {
	t.Helper()
	p := newProgram(nil, func(string) string { return "" }, nil, io.Discard, io.Discard)
	p.cfg.Data, p.cfg.Zone = r.dir, "Asia/Ho_Chi_Minh"
	p.startLog()
	a, err := p.open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// start starts the server and waits until it is ready.
func (r *rig) start(t *testing.T, more ...string) *exec.Cmd {
	t.Helper()
	args := []string{"serve", "--data", r.dir, "--addr", r.addr, "--limit-burst", "0", "--limit-per-second", "0", "--log-level", "warn"}
	cmd := exec.Command("sipas", append(args, more...)...)
	cmd.Stdout, cmd.Stderr = io.Discard, testWriter{t}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := waitReady(r.addr); err != nil {
		_ = cmd.Process.Kill()
		t.Fatal(err)
	}
	return cmd
}

// testWriter sends what the server complains about to the test's log.
type testWriter struct{ t *testing.T }

func (w testWriter) Write(b []byte) (int, error) {
	w.t.Logf("server: %s", bytes.TrimSpace(b))
	return len(b), nil
}

// load lets 16 clients answer until ctx ends, and waits for them.
func (r *rig) load(ctx context.Context) {
	var clients sync.WaitGroup
	for range 16 {
		clients.Go(func() {
			for ctx.Err() == nil {
				id, body := r.body()
				if !r.send(id, body) {
					return // the server is gone
				}
			}
		})
	}
	clients.Wait()
}

// body is a new answer to the one-tap form.
func (r *rig) body() (id string, body []byte) {
	now := time.Now()
	ms := now.UnixMilli()
	id = fmt.Sprintf("%08x-%04x-7%03x-8%03x-%012x", ms>>16, ms&0xffff, rand.Uint64()&0xfff, rand.Uint64()&0xfff, rand.Uint64()&0xffffffffffff)
	body, _ = json.Marshal(map[string]any{
		"id": id, "point": r.point, "instrument": "pulse@1", "locale": "vi",
		"started_at": now.Add(-10 * time.Second).Format(time.RFC3339Nano), "submitted_at": now.Format(time.RFC3339Nano),
		"answers": map[string]any{"P1": 1 + rand.IntN(5)},
	})
	return id, body
}

// send posts a body as a kiosk does, and reports whether the server answered.
func (r *rig) send(id string, body []byte) bool {
	res, err := r.client.Post("http://"+r.addr+"/api/v1/responses", "application/json", bytes.NewReader(body))
	var got struct{ ID, Receipt string }
	if err == nil {
		defer res.Body.Close()
		err = json.NewDecoder(res.Body).Decode(&got)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.unsure[id] = body
		return false
	}
	switch res.StatusCode {
	case http.StatusCreated, http.StatusOK:
		if before, ok := r.receipts[id]; ok && before != got.Receipt || got.ID != id {
			r.strange = append(r.strange, fmt.Sprintf("%s got %+v after %s", id, got, before))
		}
		r.receipts[id] = got.Receipt
		delete(r.unsure, id)
	case http.StatusServiceUnavailable: // stopping: the client keeps it
		r.unsure[id] = body
	default:
		r.strange = append(r.strange, fmt.Sprintf("%s got %s", id, res.Status))
	}
	return true
}

// resend sends everything again that got no answer.
func (r *rig) resend() {
	r.mu.Lock()
	again := make(map[string][]byte, len(r.unsure))
	for id, body := range r.unsure {
		again[id] = body
	}
	r.mu.Unlock()
	for id, body := range again {
		r.send(id, body)
	}
}

// check opens the database of a server that is gone: every receipt given is of
// a response that is there exactly once, none is missing between, and the
// tallies agree.
func (r *rig) check(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	a := r.open(t)
	defer a.close()
	found := map[string]int{}
	last := int64(0)
	for more := true; more; {
		more = false
		err := a.store.EachResponse(ctx, survey.Filter{}, last, 5000, func(resp *survey.Response) error {
			if resp.Seq != last+1 {
				t.Errorf("seq %d follows %d", resp.Seq, last)
			}
			last, more = resp.Seq, true
			found[resp.ID]++
			if given, ok := r.receipts[resp.ID]; ok && given != string(a.key.Receipt(resp.Seq, resp.ID)) {
				t.Errorf("response %d has another receipt than the client was given", resp.Seq)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for id := range r.receipts {
		if found[id] != 1 {
			t.Errorf("%s has a receipt and is there %d times", id, found[id])
		}
	}
	if len(r.strange) > 0 {
		t.Errorf("%d strange answers, the first: %s", len(r.strange), r.strange[0])
	}
	if err := a.foldAll(ctx); err != nil {
		t.Fatal(err)
	}
	c, err := a.folder().Check(ctx, coefficients())
	if err != nil {
		t.Fatal(err)
	}
	if c.Wrong != nil || c.Responses != last {
		t.Errorf("%d of %d responses counted; the first wrong tally: %v", c.Responses, last, c.Wrong)
	}
}

// killsPerRig is how often one database lives through a kill. All of it is read
// after each, so a new one now and then saves most of the time.
const killsPerRig = 10

// TestKillUnderLoad pulls the plug on a real server again and again. 50 times
// when SIPAS_TORTURE is set, as in make test.
func TestKillUnderLoad(t *testing.T) {
	rounds := 3
	if os.Getenv("SIPAS_TORTURE") != "" {
		rounds = 50
	}
	for done := 0; done < rounds && !t.Failed(); done += killsPerRig {
		newRig(t).kills(t, min(killsPerRig, rounds-done))
	}
}

// leastReceipts is how many receipts there are in every round before the kill,
// however slow the machine is just now.
const leastReceipts = 50

// loaded waits until n more receipts were given.
func (r *rig) loaded(t *testing.T, n int) {
	t.Helper()
	given := func() int {
		r.mu.Lock()
		defer r.mu.Unlock()
		return len(r.receipts)
	}
	n += given()
	for deadline := time.Now().Add(patience); given() < n; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d receipts after %s, want %d", given(), patience, n)
		}
	}
}

// kills starts a server, loads it and kills it so many times.
func (r *rig) kills(t *testing.T, rounds int) {
	t.Helper()
	for range rounds {
		server := r.start(t)
		r.resend()
		ctx, cancel := context.WithCancel(t.Context())
		loaded := make(chan struct{})
		go func() { r.load(ctx); close(loaded) }()
		r.loaded(t, leastReceipts)
		time.Sleep(time.Duration(rand.IntN(500)) * time.Millisecond) // the moment has to be any
		if err := server.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cancel()
		<-loaded
		_ = server.Wait()
		r.check(t)
		if t.Failed() {
			return
		}
	}
	if len(r.receipts) < leastReceipts*rounds {
		t.Errorf("%d receipts in %d rounds: that was no load", len(r.receipts), rounds)
	}
	t.Logf("%d rounds, %d receipts, %d bodies unanswered at the end", rounds, len(r.receipts), len(r.unsure))
}

// TestInterruptFinishesWhatWasAccepted: at Ctrl-C every request that was taken
// is answered, nothing is lost, and the program ends by itself.
func TestInterruptFinishesWhatWasAccepted(t *testing.T) {
	for _, sig := range []os.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			r := newRig(t)
			server := r.start(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			loaded := make(chan struct{})
			go func() { r.load(ctx); close(loaded) }()
			r.loaded(t, leastReceipts)
			if err := server.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- server.Wait() }()
			select {
			case err := <-ended:
				if err != nil {
					t.Errorf("the server ended with %v", err)
				}
			case <-time.After(patience):
				_ = server.Process.Kill()
				t.Fatal("the server does not end")
			}
			cancel()
			<-loaded
			if len(r.receipts) == 0 {
				t.Error("no receipts: that was no load")
			}
			r.check(t)
		})
	}
}

// TestFullDisk: when the disk is full the client is told to come again and the
// server lives on; when there is room, what the client kept is taken. The disk
// is a bound on the pages of the database, which SQLite reports alike.
func TestFullDisk(t *testing.T) {
	r := newRig(t)
	file := filepath.Join(r.dir, "sipas.db")
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	pages := info.Size()/4096 + 30
	server := r.start(t, "--db", fmt.Sprintf("sqlite:%s?_pragma=max_page_count(%d)", file, pages))
	for range 20_000 {
		if len(r.unsure) > 0 {
			break
		}
		id, body := r.body()
		r.send(id, body)
	}
	if len(r.unsure) == 0 || len(r.receipts) == 0 {
		t.Errorf("%d receipts and %d refusals before the disk was full, want some and one", len(r.receipts), len(r.unsure))
	}
	for _, path := range []string{"/healthz", "/s/" + string(r.point)} {
		res, err := r.client.Get("http://" + r.addr + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s with a full disk: %s", path, res.Status)
		}
	}
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait()
	r.check(t)

	server = r.start(t)
	r.resend()
	if len(r.unsure) > 0 {
		t.Errorf("%d bodies are still refused when there is room", len(r.unsure))
	}
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait()
	r.check(t)
}
