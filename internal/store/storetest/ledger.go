package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/store"
	"sipas/internal/survey"
)

func roundTrip(t *testing.T, s *store.Store) {
	Fill(t, s)
	rs := []survey.Response{NewResponse(0), NewResponse(1), NewResponse(2)}
	rs[1].StartedAt, rs[1].SubmittedAt = rs[1].StartedAt.UTC(), rs[1].SubmittedAt.UTC()
	rs[2].Device, rs[2].DeviceSeq, rs[2].Trap = "k-1", 1<<53-1, true
	rs[2].Service, rs[2].Comment = "1.004194", "Đông quá \U0001F642\n\"…\""
	outcomes, err := s.Append(t.Context(), rs)
	must(t, err)
	var want []survey.Outcome
	for i := range rs {
		rs[i].Seq = int64(i + 1)
		want = append(want, survey.Outcome{Fate: survey.Stored, Seq: rs[i].Seq, ReceivedAt: rs[i].ReceivedAt, State: survey.Counted})
	}
	if d := cmp.Diff(want, outcomes); d != "" {
		t.Errorf("outcomes (-want +got):\n%s", d)
	}
	got := stored(t, s, survey.Filter{})
	if d := cmp.Diff(rs, got); d != "" {
		t.Errorf("read back (-want +got):\n%s", d)
	}
	const layout = "2006-01-02T15:04:05Z07:00"
	if got, want := got[0].StartedAt.Format(layout), "2026-02-16T08:00:00+07:00"; got != want {
		t.Errorf("the client's clock reads back as %s, want %s", got, want)
	}
	one, err := s.Response(t.Context(), 2)
	must(t, err)
	if d := cmp.Diff(rs[1], one); d != "" {
		t.Errorf("Response (-want +got):\n%s", d)
	}
	for _, seq := range []int64{-1, 0, 4} {
		_, err := s.Response(t.Context(), seq)
		wantKind(t, fmt.Sprint("Response ", seq), err, survey.NotFound)
	}
}

func replay(t *testing.T, s *store.Store) {
	Fill(t, s)
	first, err := s.Append(t.Context(), []survey.Response{NewResponse(0)})
	must(t, err)
	again := NewResponse(0)
	again.ReceivedAt = at(9999)
	for range 3 {
		got, err := s.Append(t.Context(), []survey.Response{again})
		must(t, err)
		want := []survey.Outcome{{Fate: survey.Replayed, Seq: 1, ReceivedAt: first[0].ReceivedAt, State: survey.Counted}}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("replay (-want +got):\n%s", d)
		}
	}
	if n := len(stored(t, s, survey.Filter{})); n != 1 {
		t.Errorf("%d responses are stored, want 1", n)
	}
	must(t, s.UpdateWave(t.Context(), "w1", func(w *survey.Wave) error { w.State = survey.Closed; return nil }))
	got, err := s.Append(t.Context(), []survey.Response{again})
	must(t, err)
	if got[0].Fate != survey.Replayed {
		t.Errorf("replay after the wave closed: fate %d, want Replayed", got[0].Fate)
	}
}

func clash(t *testing.T, s *store.Store) {
	Fill(t, s)
	appended(t, s, NewResponse(0))
	other := NewResponse(0)
	other.Comment = "khác"
	other = seal(other)
	for range 2 { // the same wrong body twice is kept once
		got, err := s.Append(t.Context(), []survey.Response{other})
		must(t, err)
		if got[0].Fate != survey.Clashed || got[0].Seq != 1 {
			t.Errorf("outcome %+v, want Clashed with seq 1", got[0])
		}
	}
	var kept []survey.Clash
	must(t, s.Clashes(t.Context(), func(c survey.Clash) error { kept = append(kept, c); return nil }))
	want := []survey.Clash{{ID: other.ID, Seq: 1, ReceivedAt: other.ReceivedAt, Body: other.Body()}}
	if d := cmp.Diff(want, kept); d != "" {
		t.Errorf("clashes (-want +got):\n%s", d)
	}
	if all := stored(t, s, survey.Filter{}); len(all) != 1 || all[0].Comment != NewResponse(0).Comment {
		t.Errorf("the first body did not stay: %+v", all)
	}
}

func twiceInOneBatch(t *testing.T, s *store.Store) {
	Fill(t, s)
	other := NewResponse(0)
	other.Comment = "khác"
	got, err := s.Append(t.Context(), []survey.Response{NewResponse(0), NewResponse(0), seal(other), NewResponse(1)})
	must(t, err)
	var fates []survey.Fate
	var seqs []int64
	for _, o := range got {
		fates, seqs = append(fates, o.Fate), append(seqs, o.Seq)
	}
	if d := cmp.Diff([]survey.Fate{survey.Stored, survey.Replayed, survey.Clashed, survey.Stored}, fates); d != "" {
		t.Errorf("fates (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]int64{1, 1, 1, 2}, seqs); d != "" {
		t.Errorf("seqs (-want +got):\n%s", d)
	}
}

func closedWave(t *testing.T, s *store.Store) {
	Fill(t, s)
	draft, unknown := NewResponse(0), NewResponse(1)
	draft.Wave, unknown.Wave = "w2", "nowhere"
	got, err := s.Append(t.Context(), []survey.Response{draft, NewResponse(2), unknown})
	must(t, err)
	if got[0].Fate != survey.WaveClosed || got[1].Fate != survey.Stored || got[1].Seq != 1 || got[2].Fate != survey.WaveClosed {
		t.Errorf("outcomes %+v, want WaveClosed, Stored as 1, WaveClosed", got)
	}
}

// belated brings in what was made while its wave was open, until it is published.
func belated(t *testing.T, s *store.Store) {
	Fill(t, s)
	small := Instrument()
	cat := catalog(t, s)
	cat.Instruments = map[survey.InstrumentID]*survey.Instrument{small.ID: small}
	intake := &survey.Intake{Ledger: s, Catalog: func() *survey.Catalog { return cat }, Zone: time.UTC, Now: func() time.Time { return at(7200) }}
	sent := func(i, made int) survey.Submission {
		return survey.Submission{
			ID: id(i), Point: "AAAAAA", Instrument: "small@1", Locale: "vi", StartedAt: at(made - 60), SubmittedAt: at(made),
			Answers: survey.Answers{"S1": survey.Score("4"), "OV": survey.Skip()},
		}
	}
	to := func(state survey.WaveState) {
		must(t, s.UpdateWave(t.Context(), "w1", func(w *survey.Wave) error { w.State, w.ClosedAt = state, at(3600); return nil }))
		cat = catalog(t, s)
		cat.Instruments = map[survey.InstrumentID]*survey.Instrument{small.ID: small}
	}
	to(survey.Closed)
	_, err := intake.Submit(t.Context(), sent(1, 3000))
	wantKind(t, "by itself", err, survey.Gone)
	intake.Belated = true
	for range 2 { // again is harmless
		got, err := intake.Submit(t.Context(), sent(1, 3000))
		if must(t, err); got.Seq != 1 {
			t.Errorf("brought in as %d, want 1", got.Seq)
		}
	}
	_, err = intake.Submit(t.Context(), sent(2, 3601))
	wantKind(t, "made after the wave was closed", err, survey.Gone)
	stale := cat // another process publishes meanwhile
	to(survey.Published)
	cat = stale
	_, err = intake.Submit(t.Context(), sent(3, 3000))
	wantKind(t, "published", err, survey.Gone)
	if n := len(stored(t, s, survey.Filter{})); n != 1 {
		t.Errorf("%d responses are stored, want 1", n)
	}
}

// denseSeq lets many append at once, with replays among them, while waves
// change and folds run.
func denseSeq(t *testing.T, s *store.Store) {
	Fill(t, s)
	const writers, each = 32, 40
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				n := w*each + i
				rs := []survey.Response{NewResponse(n)}
				if i%5 == 4 {
					rs = append(rs, NewResponse(n-1), NewResponse(100_000+n))
				}
				if _, err := s.Append(t.Context(), rs); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() {
		for i := range 20 {
			err := s.UpdateWave(t.Context(), "w2", func(w *survey.Wave) error { w.Name = fmt.Sprint(i); return nil })
			if err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	all := stored(t, s, survey.Filter{})
	if want := writers*each + writers*each/5; len(all) != want {
		t.Fatalf("%d responses are stored, want %d", len(all), want)
	}
	for i, r := range all {
		if r.Seq != int64(i+1) {
			t.Fatalf("response %d has seq %d: there is a hole", i, r.Seq)
		}
	}
	if st := s.Stats(); st.Queued != 0 || st.Stored != int64(len(all)) || st.Failing {
		t.Errorf("Stats = %+v", st)
	}
}

func afterClose(t *testing.T, s *store.Store) {
	Fill(t, s)
	var wg sync.WaitGroup
	results := make([]error, 64)
	for i := range results {
		wg.Go(func() { _, results[i] = s.Append(t.Context(), []survey.Response{NewResponse(i)}) })
	}
	must(t, s.Close())
	wg.Wait()
	for _, err := range results { // accepted and stored, or refused; never lost
		if err != nil {
			wantKind(t, "Append while closing", err, survey.Unavailable)
		}
	}
	_, err := s.Append(t.Context(), []survey.Response{NewResponse(99)})
	wantKind(t, "Append after Close", err, survey.Unavailable)
	_, err = s.Watermark(t.Context())
	wantKind(t, "Watermark after Close", err, survey.Unavailable)
}

func callerGone(t *testing.T, s *store.Store) {
	Fill(t, s)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Append(gone, []survey.Response{NewResponse(0)}); err != nil {
		wantKind(t, "Append for nobody", err, survey.Unavailable)
	}
	// Whatever became of it, sending it again tells, and the ledger goes on.
	got, err := s.Append(t.Context(), []survey.Response{NewResponse(0), NewResponse(1)})
	must(t, err)
	if got[0].Seq != 1 || got[1].Seq != 2 {
		t.Errorf("outcomes %+v, want seqs 1 and 2", got)
	}
}

// oneBadAmongGood: a response that the schema refuses fails alone, whoever
// shares its transaction.
func oneBadAmongGood(t *testing.T, s *store.Store) {
	Fill(t, s)
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			r := NewResponse(i)
			if i == 25 {
				r.ID = "short"
			}
			_, err := s.Append(t.Context(), []survey.Response{r})
			if bad := err != nil; bad != (i == 25) {
				t.Errorf("response %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	if n := len(stored(t, s, survey.Filter{})); n != 49 {
		t.Errorf("%d responses are stored, want 49", n)
	}
}
