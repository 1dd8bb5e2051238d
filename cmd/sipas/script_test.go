package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sipas/internal/demo"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"sipas": main}) }

// TestScripts runs testdata/script: each file is the program as a user meets
// it. Beside testscript's own commands there are:
//
//	demo          puts a small, filled database into data/sipas.db
//	ready         waits until the server at $ADDR can take a response
//	folded        waits until its tallies hold every response
//	get PATH      prints what the server says, and fails on an error status
//	post PATH FILE  the same for a JSON file; prints status and body
//	lines FILE N  fails unless the file has N lines
//	visit FILE    gets every address of the server that the file names
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			addr, err := freeAddr()
			e.Setenv("ADDR", addr)
			e.Setenv("SIPAS_LANG", "en")
			if filepath.Base(e.WorkDir) == "script-postgres" {
				e.Setenv("POSTGRES", postgres(t))
			}
			return err
		},
		Condition: func(name string) (bool, error) {
			if name != "postgres" {
				return false, fmt.Errorf("unknown condition %s", name)
			}
			return os.Getenv("SIPAS_TEST_POSTGRES") != "", nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"demo":   scriptDemo,
			"ready":  scriptReady,
			"folded": scriptFolded,
			"get":    scriptGet,
			"post":   scriptPost,
			"lines":  scriptLines,
			"visit":  scriptVisit,
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// schemas numbers the schemas of this process.
var schemas atomic.Int64

// postgres is a database of PostgreSQL with nothing in it, which is a schema
// of the server that SIPAS_TEST_POSTGRES names; "" if it names none.
func postgres(t *testing.T) string {
	server := os.Getenv("SIPAS_TEST_POSTGRES")
	if server == "" {
		return ""
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	name := fmt.Sprintf("cmd%d_%d", os.Getpid(), schemas.Add(1))
	if _, err := db.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	return server + "&search_path=" + name
}

// freeAddr is an address on this machine that nobody listens on just now.
func freeAddr() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer ln.Close()
	return ln.Addr().String(), nil
}

// demoDatabase fills a small demo once and returns its bytes.
var demoDatabase = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "sipas-demo")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	p := newProgram(nil, func(string) string { return "" }, nil, io.Discard, io.Discard)
	p.cfg.Data, p.cfg.Zone = dir, "Asia/Ho_Chi_Minh"
	p.startLog()
	ctx := context.Background()
	a, err := p.open(ctx)
	if err != nil {
		return nil, err
	}
	filler := demo.Filler{
		Registry: *a.registry(), Ledger: a.store, Accounts: a.auth(), Key: a.key, Zone: a.zone,
		Password: "one-two-three", Seed: 7, Size: demo.Size{Sample: 300, Continuous: 500, OneTap: 80},
	}
	if err := filler.Fill(ctx, p.now()); err != nil {
		return nil, err
	}
	if _, err := a.store.SetSettingOnce(ctx, demoSetting, []byte("1")); err != nil {
		return nil, err
	}
	if err := a.store.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "sipas.db"))
})

func scriptDemo(ts *testscript.TestScript, _ bool, _ []string) {
	b, err := demoDatabase()
	ts.Check(err)
	ts.Check(os.MkdirAll(ts.MkAbs("data"), 0o700))
	ts.Check(os.WriteFile(ts.MkAbs("data/sipas.db"), b, 0o600))
}

// patience is for a machine that does ten other things: to fill the demo takes
// seconds on a quiet one and minutes on that. Only a failure takes so long.
const patience = 5 * time.Minute

func scriptReady(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Check(waitReady(ts.Getenv("ADDR")))
}

// waitReady waits until the server at addr can take a response.
func waitReady(addr string) error {
	return waitFor("http://"+addr+"/readyz", "")
}

func scriptFolded(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Check(waitFor("http://"+ts.Getenv("ADDR")+"/metrics", "\nsipas_fold_lag_responses 0\n"))
}

// waitFor asks again and again, until the answer is good and has text in it.
// There is nothing else to wait on in another process.
func waitFor(url, text string) error {
	var err error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		var body []byte
		if body, err = ask(url); err == nil && strings.Contains(string(body), text) {
			return nil
		}
	}
	return fmt.Errorf("%s does not say %q after %s: %w", url, text, patience, err)
}

func ask(url string) ([]byte, error) {
	res, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s", res.Status)
	}
	return io.ReadAll(res.Body)
}

func scriptGet(ts *testscript.TestScript, neg bool, args []string) {
	res, err := http.Get("http://" + ts.Getenv("ADDR") + args[0])
	ts.Check(err)
	defer res.Body.Close()
	_, err = io.Copy(ts.Stdout(), res.Body)
	ts.Check(err)
	if (res.StatusCode >= 400) != neg {
		ts.Fatalf("%s: %s", args[0], res.Status)
	}
}

func scriptPost(ts *testscript.TestScript, _ bool, args []string) {
	body := strings.NewReplacer("$NOW", time.Now().Format(time.RFC3339)).Replace(ts.ReadFile(args[1]))
	res, err := http.Post("http://"+ts.Getenv("ADDR")+args[0], "application/json", strings.NewReader(body))
	ts.Check(err)
	defer res.Body.Close()
	fmt.Fprintln(ts.Stdout(), res.StatusCode)
	_, err = io.Copy(ts.Stdout(), res.Body)
	ts.Check(err)
}

func scriptLines(ts *testscript.TestScript, _ bool, args []string) {
	if got := fmt.Sprint(strings.Count(ts.ReadFile(args[0]), "\n")); got != args[1] {
		ts.Fatalf("%s has %s lines, want %s", args[0], got, args[1])
	}
}

func scriptVisit(ts *testscript.TestScript, _ bool, args []string) {
	visited := 0
	for _, word := range strings.Fields(ts.ReadFile(args[0])) {
		if !strings.HasPrefix(word, "http://"+ts.Getenv("ADDR")) {
			continue
		}
		res, err := http.Get(word)
		ts.Check(err)
		res.Body.Close()
		if visited++; res.StatusCode >= 400 {
			ts.Fatalf("%s: %s", word, res.Status)
		}
	}
	if visited == 0 {
		ts.Fatalf("%s names no address of the server", args[0])
	}
}
