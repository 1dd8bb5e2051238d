package store_test

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"sipas/internal/store"
	"sipas/internal/store/storetest"
	"sipas/internal/survey"
)

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) *store.Store { return open(t, sqliteURL(t)) })
}

func TestPostgres(t *testing.T) {
	storetest.Run(t, func(t *testing.T) *store.Store { return open(t, postgresURL(t)) })
}

func TestConcurrentStart(t *testing.T) {
	for name, newURL := range map[string]func(testing.TB) string{"sqlite": sqliteURL, "postgres": postgresURL} {
		t.Run(name, func(t *testing.T) {
			rawURL := newURL(t)
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					s, err := store.Open(t.Context(), rawURL, store.Options{})
					if err != nil {
						t.Error(err)
						return
					}
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		})
	}
}

func open(t *testing.T, rawURL string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), rawURL, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func sqliteURL(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "test.db") }

var schemas atomic.Int64

// postgresURL is a schema of its own, gone when the test ends.
func postgresURL(t testing.TB) string {
	t.Helper()
	server := os.Getenv("SIPAS_TEST_POSTGRES")
	if server == "" {
		t.Skip("SIPAS_TEST_POSTGRES is not set")
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("store%d_%d", os.Getpid(), schemas.Add(1))
	if _, err := db.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec("DROP SCHEMA " + name + " CASCADE"); err != nil {
			t.Error(err)
		}
		db.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// TestTwoNodes lets two processes' worth of stores take the same responses:
// each is stored once, without a hole, and either node knows what the other
// changed.
func TestTwoNodes(t *testing.T) {
	for name, newURL := range map[string]func(testing.TB) string{"sqlite": sqliteURL, "postgres": postgresURL} {
		t.Run(name, func(t *testing.T) {
			rawURL := newURL(t)
			nodes := []*store.Store{open(t, rawURL), open(t, rawURL)}
			storetest.Fill(t, nodes[0])
			const responses = 200
			var stored, replayed atomic.Int64
			var wg sync.WaitGroup
			for _, node := range nodes {
				for part := range 4 {
					wg.Go(func() {
						for i := part; i < responses; i += 4 {
							outcomes, err := node.Append(t.Context(), []survey.Response{storetest.NewResponse(i)})
							switch {
							case err != nil:
								t.Error(err)
							case outcomes[0].Fate == survey.Stored:
								stored.Add(1)
							case outcomes[0].Fate == survey.Replayed:
								replayed.Add(1)
							}
						}
					})
				}
			}
			wg.Wait()
			if stored.Load() != responses || replayed.Load() != responses {
				t.Errorf("%d stored and %d replayed, want %d of each", stored.Load(), replayed.Load(), responses)
			}
			checked, err := nodes[0].Check(t.Context())
			if err != nil || checked.Responses != responses || checked.Problems != nil {
				t.Errorf("Check = %+v, %v", checked, err)
			}
			before, err := nodes[1].CatalogVersion(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			err = nodes[0].UpdateWave(t.Context(), "w1", func(w *survey.Wave) error { w.State = survey.Closed; return nil })
			if err != nil {
				t.Fatal(err)
			}
			if after, err := nodes[1].CatalogVersion(t.Context()); err != nil || after <= before {
				t.Errorf("the other node sees version %d after %d, %v", after, before, err)
			}
			outcomes, err := nodes[1].Append(t.Context(), []survey.Response{storetest.NewResponse(responses)})
			if err != nil || outcomes[0].Fate != survey.WaveClosed {
				t.Errorf("Append at the other node: %+v, %v, want WaveClosed", outcomes, err)
			}
		})
	}
}
