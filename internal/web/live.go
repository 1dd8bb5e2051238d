package web

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

// Figures that are on a screen follow what comes in (adr/0024). A stream says
// only that its unit has moved on; the page then asks for itself again.
const (
	liveEvery    = 2 * time.Second  // between two looks, for all streams together
	liveStep     = usualLeast       // responses by which a figure must have grown before it is shown anew
	liveBeat     = 15 * time.Second // between signs of life: the only way to learn that a browser is gone
	liveLife     = 5 * time.Minute  // of one stream; then the browser comes again, and who it is is asked again
	livePatience = 10 * time.Second // for one write; a browser that takes longer is gone
	mostLive     = 1000             // streams at once
	mostOfOne    = 6                // streams of one session: a browser opens no more to one host
	shownField   = "Sipas-Shown"    // request header: the n that the page shows now
)

// liveKey is what streams have in common that one query can answer.
type liveKey struct {
	wave    survey.WaveID
	channel survey.Channel
	period  survey.Period
}

// watcher is one open stream.
type watcher struct {
	key     liveKey
	unit    survey.UnitCode
	shown   int64  // n of the figure that was last told of
	session string // whose it is
	moved   chan int64
}

// hub looks for all streams together, while there are any.
type hub struct {
	count    func(ctx context.Context, key liveKey, units []survey.UnitCode) (map[survey.UnitCode]int64, error)
	log      *slog.Logger
	stopping <-chan struct{} // closed when the server ends; nil: never

	mu       sync.Mutex
	watchers map[*watcher]bool
	looking  bool
	failing  bool
}

// join takes w in. It is TooMany beyond what one session may have, Unavailable
// beyond what the server bears.
func (h *hub) join(w *watcher) error {
	const op = "web.join"
	h.mu.Lock()
	defer h.mu.Unlock()
	own := 0
	for other := range h.watchers {
		if other.session == w.session {
			own++
		}
	}
	switch {
	case own >= mostOfOne:
		return &survey.Error{Kind: survey.TooMany, Op: op, After: time.Minute}
	case len(h.watchers) >= mostLive:
		return &survey.Error{Kind: survey.Unavailable, Op: op, After: time.Minute}
	}
	if h.watchers == nil {
		h.watchers = map[*watcher]bool{}
	}
	h.watchers[w] = true
	if !h.looking {
		h.looking = true
		go h.run()
	}
	return nil
}

func (h *hub) leave(w *watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.watchers, w)
}

// run looks again and again until nobody is left.
func (h *hub) run() {
	ticker := time.NewTicker(liveEvery)
	defer ticker.Stop()
	for {
		select {
		case <-h.stopping:
			return
		case <-ticker.C:
		}
		h.mu.Lock()
		if len(h.watchers) == 0 {
			h.looking = false
			h.mu.Unlock()
			return
		}
		h.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), requestTime)
		h.look(ctx)
		cancel()
	}
}

// look asks once for each wave, channel and period that is watched, and tells
// those whose unit has moved on by liveStep.
func (h *hub) look(ctx context.Context) {
	h.mu.Lock()
	groups := map[liveKey][]*watcher{}
	for w := range h.watchers {
		groups[w.key] = append(groups[w.key], w)
	}
	h.mu.Unlock()
	var failed error
	for key, ws := range groups {
		seen := map[survey.UnitCode]bool{}
		var units []survey.UnitCode
		for _, w := range ws {
			if !seen[w.unit] {
				seen[w.unit], units = true, append(units, w.unit)
			}
		}
		n, err := h.count(ctx, key, units)
		if err != nil {
			failed = err
			continue
		}
		for _, w := range ws {
			w.tell(n[w.unit])
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if failed != nil && !h.failing {
		h.log.Warn("live figures could not be looked for, trying again", "err", failed)
	}
	h.failing = failed != nil
}

// tell passes n on unless too little has come since, or an earlier n still
// waits to be written.
func (w *watcher) tell(n int64) {
	if !movedOn(w.shown, n) {
		return
	}
	select {
	case w.moved <- n:
		w.shown = n
	default:
	}
}

// movedOn reports whether a figure of n responses may take the place of one of
// shown: one that grew by less would tell what the last few said.
func movedOn(shown, n int64) bool { return n >= shown+liveStep }

// live answers GET /app/live: a stream that says when the page whose query it
// has should ask for itself again.
func (s *server) live(c *fiber.Ctx) error {
	v := s.viewer(c)
	q := queryOf(c)
	ch, err := v.choose(q, "")
	if err != nil {
		return err
	}
	if ch.Wave == nil {
		return survey.Missing("web.live", "wave.unknown", "")
	}
	shown, err := strconv.ParseInt(q.Get("n"), 10, 64)
	if err != nil {
		return survey.Bad("web.live", "n", "error.field")
	}
	// A browser that lost its stream says what it was told last.
	if last, err := strconv.ParseInt(c.Get("Last-Event-ID"), 10, 64); err == nil {
		shown = max(shown, last)
	}
	w := &watcher{
		key: liveKey{ch.Wave.ID, ch.Channel, ch.Period}, unit: ch.Unit.Code, shown: shown,
		session: c.Cookies(s.sessionCookie()), moved: make(chan int64, 1),
	}
	if err := s.hub.join(w); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/event-stream; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "no-store, no-transform")
	c.Set("X-Accel-Buffering", "no") // or nginx keeps what it has until there is more
	conn := c.Context().Conn()
	c.Context().SetBodyStreamWriter(func(out *bufio.Writer) { s.hub.stream(w, conn, out) })
	return nil
}

// stream writes until the browser is gone, the server ends or the stream is old.
func (h *hub) stream(w *watcher, conn net.Conn, out *bufio.Writer) {
	defer h.leave(w)
	beat, over := time.NewTicker(liveBeat), time.NewTimer(liveLife)
	defer beat.Stop()
	defer over.Stop()
	send := func(format string, args ...any) bool {
		_ = conn.SetWriteDeadline(time.Now().Add(livePatience))
		fmt.Fprintf(out, format, args...)
		return out.Flush() == nil
	}
	// Not all at once after a restart.
	ok := send("retry: %d\n\n", 2000+rand.IntN(3000)) //nolint:gosec // spreads load, hides nothing
	for ok {
		select {
		case n := <-w.moved:
			ok = send("id: %d\nevent: moved\ndata: %d\n\n", n, n)
		case <-beat.C:
			ok = send(":\n\n")
		case <-over.C:
			ok = false
		case <-h.stopping:
			ok = false
		}
	}
	_ = conn.SetWriteDeadline(time.Time{})
}

// watched counts the responses of units for the hub.
func (s *server) watched(ctx context.Context, key liveKey, units []survey.UnitCode) (map[survey.UnitCode]int64, error) {
	r, err := s.Reader.Read(ctx, survey.Query{Wave: key.wave, Units: units, Period: key.period, Channel: key.channel})
	if err != nil {
		return nil, fmt.Errorf("web.watched: %w", err)
	}
	n := make(map[survey.UnitCode]int64, len(units))
	for _, u := range units {
		n[u] = r.Indices[u].N
	}
	return n, nil
}

// whenMoved answers a page that refreshes itself with nothing unless its unit
// has moved on by liveStep since what it shows. Whoever loads the page anew says
// nothing of what was shown, and gets all there is.
func (s *server) whenMoved(c *fiber.Ctx) error {
	shown, err := strconv.ParseInt(c.Get(shownField), 10, 64)
	if err != nil {
		return c.Next()
	}
	ch, err := s.viewer(c).choose(queryOf(c), survey.UnitCode(c.Params("code")))
	if err != nil || ch.Wave == nil {
		return c.Next() // the page says what is wrong
	}
	n, err := s.watched(c.UserContext(), liveKey{ch.Wave.ID, ch.Channel, ch.Period}, []survey.UnitCode{ch.Unit.Code})
	if err != nil {
		return err
	}
	// What comes between this and the reading of the page makes the step larger.
	if !movedOn(shown, n[ch.Unit.Code]) {
		return c.SendStatus(fiber.StatusNoContent)
	}
	return c.Next()
}

// liveAddress is the stream of a page; empty where nothing can move: the wave is
// over, the days are, or there is no figure.
func (f *figures) liveAddress() string {
	days := f.c.days()
	u := f.c.Unit.Code
	if f.c.Wave.State != survey.Open || days.To < f.v.today || !overallOf(f.index(u)).shown() {
		return ""
	}
	return "/app/live" + f.c.query("unit", string(u), "n", strconv.FormatInt(f.index(u).N, 10), "vs", "", "sort", "", "dir", "", "step", "")
}
