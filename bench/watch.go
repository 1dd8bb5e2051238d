package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"sipas/internal/stats"
)

// watchers is how many dashboards are open on screens at once.
const watchers = 20

// streamsOfOne is how many streams one session may have.
const streamsOfOne = 6

// watched is what open dashboards cost.
type watched struct {
	alone, with float64 // share of one core, without and with them; with the responses that come in
	refreshes   int     // pages that screens took anew
	took        time.Duration
}

func (w watched) String() string {
	return fmt.Sprintf("%.0f %% of one core without them, %.0f %% with them; they asked for %.1f pages a second", 100*w.alone, 100*w.with, float64(w.refreshes)/w.took.Seconds())
}

// watch measures the processor time of the server while responses come in, first
// alone and then with dashboards of the nation and of its provinces open.
func (s *side) watch(ctx context.Context, d time.Duration) (w watched, err error) {
	stop := s.load.pace(ctx, nationFlow)
	defer func() {
		_, perr := stop()
		err = errors.Join(err, perr)
	}()
	time.Sleep(time.Second) // until it flows
	share := func() float64 {
		began, cpu := time.Now(), cpuOf(s.cmd.Process.Pid)
		time.Sleep(d)
		return (cpuOf(s.cmd.Process.Pid) - cpu).Seconds() / time.Since(began).Seconds()
	}
	w.alone, w.took = share(), d
	open, end := context.WithCancel(ctx)
	defer end()
	var all sync.WaitGroup
	var mu sync.Mutex
	var failed error
	counting := false
	cookie := s.cookie
	for i := range watchers {
		if i%streamsOfOne == 0 {
			if cookie, err = signIn(ctx, s.addr); err != nil {
				return w, err
			}
		}
		path := "/app" + ofAll + "vn"
		if i > 0 {
			path += fmt.Sprintf(".p%02d", i)
		}
		all.Go(func() {
			err := screen(open, "http://"+s.addr, path, cookie, func() {
				mu.Lock()
				defer mu.Unlock()
				if counting {
					w.refreshes++
				}
			})
			if err != nil && open.Err() == nil {
				mu.Lock()
				defer mu.Unlock()
				failed = errors.Join(failed, err)
			}
		})
	}
	time.Sleep(3 * time.Second) // until all are open
	mu.Lock()
	counting = true
	mu.Unlock()
	w.with = share()
	end()
	all.Wait()
	if failed == nil && w.refreshes == 0 {
		failed = errors.New("no open dashboard moved")
	}
	return w, failed
}

var liveIn = regexp.MustCompile(`data-live="([^"]+)" data-n="([0-9]+)"`)

// screen opens a dashboard and takes it anew whenever its stream says so, as its
// script does.
func screen(ctx context.Context, site, path string, cookie http.Header, took func()) error {
	_, body, _, err := get(ctx, site+path, cookie)
	if err != nil {
		return err
	}
	live := liveIn.FindSubmatch(body)
	if live == nil {
		return fmt.Errorf("%s does not move", path)
	}
	shown := string(live[2])
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, site+html.UnescapeString(string(live[1])), nil)
	if err != nil {
		return err
	}
	req.Header = cookie.Clone()
	res, err := (&http.Client{}).Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the stream of %s: %s", path, res.Status)
	}
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if !strings.HasPrefix(lines.Text(), "event: moved") {
			continue
		}
		header := cookie.Clone()
		header.Set("Sipas-Shown", shown)
		switch _, body, _, err := get(ctx, site+path, header); {
		case errors.Is(err, errNothing):
		case err != nil:
			return err
		default:
			if live := liveIn.FindSubmatch(body); live != nil {
				shown = string(live[2])
				took()
			}
		}
	}
	return errors.New("the stream of " + path + " ended")
}

// bandsOfNation is how long the engine takes for bands of ranks of the whole
// nation at once, which no page does: the median of some rounds.
func bandsOfNation() (time.Duration, error) {
	scores := make([]stats.Score, nationUnits)
	for i := range scores {
		scores[i] = stats.Score{Value: 70 + 25*float64(i*7919%nationUnits)/nationUnits, SE: 0.5 + float64(i%5)/2}
	}
	var took []time.Duration
	for range 5 {
		began := time.Now()
		if _, err := stats.RankBands(scores, 2000, 1); err != nil {
			return 0, err
		}
		took = append(took, time.Since(began))
	}
	return median(took), nil
}
