package store

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/internal/survey"
)

func openTest(t *testing.T, path string, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), "sqlite:"+path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// openWave makes a wave that takes responses.
func openWave(t *testing.T, s *Store) {
	t.Helper()
	must(t, s.PutUnits(t.Context(), []survey.Unit{{Code: "p", Name: "Tỉnh", Kind: survey.Province, ValidTo: survey.Always}}))
	must(t, s.PutWave(t.Context(), survey.Wave{
		ID: "w", Instrument: "i@1", Units: []survey.UnitCode{"p"}, Design: survey.Continuous, State: survey.Open,
	}))
}

// bulky makes n responses of some kilobytes each, from the i-th on.
func bulky(i, n int) []survey.Response {
	rs := make([]survey.Response, n)
	for j := range rs {
		id := "00000000-0000-7000-8000-" + strings.Repeat("0", 8) + string([]byte{hex(i >> 12), hex(i >> 8), hex(i >> 4), hex(i)})
		rs[j] = survey.Response{
			ID: id, Wave: "w", Unit: "p", State: survey.Counted, Answers: "{}", Respondent: "{}",
			Comment: strings.Repeat("x", 4000), Digest: survey.Digest{1, byte(i)},
		}
		i++
	}
	return rs
}

func hex(i int) byte { return "0123456789abcdef"[i&15] }

func count(t *testing.T, s *Store) (n int64) {
	t.Helper()
	must(t, s.read.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM response`).Scan(&n))
	return n
}

// TestDiskFull bounds the pages of the file: SQLite answers as it does when the
// disk has no room.
func TestDiskFull(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "full.db"), Options{})
	openWave(t, s)
	ctx := t.Context()
	limit := func(pages int64) {
		t.Helper()
		_, err := s.write.ExecContext(ctx, "PRAGMA max_page_count = "+string(appendInt(nil, pages)))
		must(t, err)
	}
	must(t, func() error { _, err := s.Append(ctx, bulky(0, 10)); return err }())
	var pages int64
	must(t, s.write.QueryRowContext(ctx, "PRAGMA page_count").Scan(&pages))
	limit(pages + 20)

	_, err := s.Append(ctx, bulky(10, 200))
	var e *survey.Error
	if !errors.As(err, &e) || e.Kind != survey.Unavailable || e.After <= 0 {
		t.Fatalf("Append on a full disk: %v, want Unavailable with After", err)
	}
	if n := count(t, s); n != 10 {
		t.Errorf("%d responses are stored, want the 10 from before", n)
	}
	if !s.Stats().Failing {
		t.Error("Stats do not say that the ledger fails")
	}
	if _, err := s.Append(ctx, bulky(10, 5)); err != nil { // these still fit
		t.Errorf("Append of a few: %v", err)
	}
	_, err = s.Append(ctx, bulky(10, 200))
	if survey.KindOf(err) != survey.Unavailable {
		t.Errorf("Append on a full disk again: %v", err)
	}

	limit(1 << 30)
	must(t, s.Ready(ctx))
	if s.Stats().Failing {
		t.Error("Ready has written, but the ledger still counts as failing")
	}
	outcomes, err := s.Append(ctx, bulky(10, 200))
	must(t, err)
	if outcomes[0].Fate != survey.Replayed || outcomes[5].Fate != survey.Stored || outcomes[199].Seq != 210 {
		t.Errorf("outcomes %+v … %+v", outcomes[0], outcomes[199])
	}
	checked, err := s.Check(ctx)
	must(t, err)
	if checked.Problems != nil || checked.Responses != 210 {
		t.Errorf("Check = %+v", checked)
	}
}

func appendInt(b []byte, n int64) []byte {
	if n >= 10 {
		b = appendInt(b, n/10)
	}
	return append(b, byte('0'+n%10))
}

// TestQueueFull fills the queue while the writer waits for the one connection:
// one order is with the writer, eight wait, and one more is refused at once.
func TestQueueFull(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "queue.db"), Options{Queue: 8})
	openWave(t, s)
	tx, err := s.write.BeginTx(t.Context(), nil) // holds the writer up
	must(t, err)
	results := make(chan error, 9)
	hand := func(i int) {
		go func() { _, err := s.Append(t.Context(), bulky(i, 1)); results <- err }()
	}
	hand(0)
	waitFor(t, "the writer to want the connection", func() bool { return s.write.Stats().WaitCount == 1 })
	for i := range 8 {
		hand(1 + i)
	}
	waitFor(t, "eight orders to wait", func() bool { return s.Stats().Queued == 8 })

	_, err = s.Append(t.Context(), bulky(900, 1))
	var e *survey.Error
	if !errors.As(err, &e) || e.Kind != survey.Unavailable || e.After <= 0 || !errors.Is(err, errFull) {
		t.Errorf("Append to a full queue: %v, want Unavailable with After", err)
	}
	must(t, tx.Rollback())
	for range 9 {
		must(t, <-results)
	}
	if n := count(t, s); n != 9 {
		t.Errorf("%d responses are stored, want the 9 that were acknowledged", n)
	}
}

// waitFor polls until holds does, and gives up after half a minute.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited too long for ", what)
		}
	}
}

func TestObserve(t *testing.T) {
	var commits []Commit
	s := openTest(t, filepath.Join(t.TempDir(), "observe.db"), Options{Observe: func(c Commit) { commits = append(commits, c) }})
	openWave(t, s)
	_, err := s.Append(t.Context(), append(bulky(0, 3), bulky(0, 1)...))
	must(t, err)
	must(t, s.Close())
	if len(commits) != 1 || commits[0].Responses != 4 || commits[0].Stored != 3 || commits[0].Took <= 0 || commits[0].Err != nil {
		t.Errorf("observed %+v, want one commit of 4 responses, 3 of them new", commits)
	}
}

// TestReopen finds everything again, also under a name that needs escapes.
func TestReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "thư mục #1", "sở 100%.db")
	s := openTest(t, path, Options{})
	openWave(t, s)
	_, err := s.Append(t.Context(), bulky(0, 3))
	must(t, err)
	must(t, s.Close())
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v, want 0600", info.Mode())
	}
	again := openTest(t, path+"?_pragma=mmap_size(0)", Options{})
	if n := count(t, again); n != 3 {
		t.Errorf("%d responses after reopening, want 3", n)
	}
	outcomes, err := again.Append(t.Context(), bulky(2, 2))
	must(t, err)
	if outcomes[0].Fate != survey.Replayed || outcomes[1].Seq != 4 {
		t.Errorf("outcomes after reopening: %+v", outcomes)
	}
}

func TestPragmas(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "pragmas.db"), Options{})
	for _, c := range []struct {
		db        *sql.DB
		name, say string
	}{
		{s.write, "journal_mode", "wal"},
		{s.write, "synchronous", "2"},
		{s.write, "foreign_keys", "1"},
		{s.write, "busy_timeout", "5000"},
		{s.read, "query_only", "1"},
		{s.read, "foreign_keys", "1"},
	} {
		var got string
		must(t, c.db.QueryRowContext(t.Context(), "PRAGMA "+c.name).Scan(&got))
		if got != c.say {
			t.Errorf("PRAGMA %s = %s, want %s", c.name, got, c.say)
		}
	}
	if _, err := s.read.ExecContext(t.Context(), `DELETE FROM unit`); err == nil {
		t.Error("a reader can write")
	}
}

func TestNewerSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "newer.db")
	s := openTest(t, path, Options{})
	_, err := s.write.ExecContext(t.Context(), `INSERT INTO schema_version (version_id, is_applied) VALUES (999, 1)`)
	must(t, err)
	must(t, s.Close())
	_, err = Open(t.Context(), "sqlite:"+path, Options{})
	if err == nil || !strings.Contains(err.Error(), "newer version") {
		t.Errorf("Open of a newer schema: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	notDatabase := filepath.Join(t.TempDir(), "text.db")
	must(t, os.WriteFile(notDatabase, []byte(strings.Repeat("đây không phải cơ sở dữ liệu\n", 100)), 0o600))
	for _, rawURL := range []string{
		"", "mysql://x", "sqlite:", "sqlite::memory:", "sqlite:" + t.TempDir(), "sqlite:" + notDatabase,
		"postgres://127.0.0.1:1/none?connect_timeout=1",
	} {
		s, err := Open(t.Context(), rawURL, Options{})
		if err == nil {
			t.Errorf("Open(%q) succeeded", rawURL)
			s.Close()
		}
	}
}

func TestBackup(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, filepath.Join(dir, "live.db"), Options{})
	openWave(t, s)
	_, err := s.Append(t.Context(), bulky(0, 50))
	must(t, err)
	var wg sync.WaitGroup
	wg.Go(func() { // somebody goes on writing
		for i := range 50 {
			if _, err := s.Append(t.Context(), bulky(50+i, 1)); err != nil {
				t.Error(err)
			}
		}
	})
	file := filepath.Join(dir, "copy's 1.db")
	must(t, s.Backup(t.Context(), file))
	wg.Wait()
	if err := s.Backup(t.Context(), file); survey.KindOf(err) != survey.Conflict {
		t.Errorf("Backup over a file: %v, want Conflict", err)
	}
	copied := openTest(t, file, Options{})
	checked, err := copied.Check(t.Context())
	must(t, err)
	if checked.Problems != nil || checked.Responses < 50 || checked.Responses > 100 {
		t.Errorf("the copy: %+v", checked)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.part")); left != nil {
		t.Errorf("left behind: %v", left)
	}
	if _, err := s.read.ExecContext(t.Context(), `DELETE FROM unit`); err == nil {
		t.Error("a reader can write after a backup")
	}
}

// TestPlans: what must not scan a table does not.
func TestPlans(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "plans.db"), Options{})
	lookups := newCommitter(s).lookups
	for name, query := range map[string]string{
		"look up ids":    lookups[0].text,
		"find tallies":   sqliteFolds.find[0].text,
		"the last seq":   lastSeq,
		"pages by wave":  `SELECT ` + responseColumns + ` FROM response WHERE seq > $1 AND wave = $2 ORDER BY seq LIMIT $3`,
		"parts of one":   someParts(1, 3),
		"parts of many":  someParts(unitsInSQL, 1),
		"tallies of one": `SELECT unit, n, counts FROM tally WHERE wave = $1 AND grain = $2 AND at BETWEEN $3 AND $4 AND unit IN ($5, $6)`,
		"tallies of all": `SELECT unit, n, counts FROM tally WHERE wave = $1 AND grain = $2 AND at BETWEEN $3 AND $4`,
	} {
		var plan []string
		args := make([]any, 1000)
		args = args[:strings.Count(query, "$")+strings.Count(query, "?")]
		must(t, each(t.Context(), s.read, func(rows *sql.Rows) error {
			var id, parent, unused int
			var detail string
			err := rows.Scan(&id, &parent, &unused, &detail)
			plan = append(plan, detail)
			return err
		}, "EXPLAIN QUERY PLAN "+query, args...))
		for _, step := range plan {
			for _, bad := range []string{"SCAN response", "SCAN tally", "SCAN t", "TEMP B-TREE FOR ORDER"} {
				if step == bad || strings.HasPrefix(step, bad+" ") {
					t.Errorf("%s: %q", name, plan)
				}
			}
		}
	}
}
