package web

import (
	"fmt"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

// Metrics is what operators watch. One is made per process and handed both to
// the site and to the store, whose observer calls its methods. A nil Metrics
// counts nothing. docs/operations.md says what each figure is.
type Metrics struct{ set *metrics.Set }

// Upper ends of the bars of histograms: seconds, responses.
var (
	requestTimes  = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}
	commitTimes   = metrics.ExponentialBuckets(.0005, 2, 13)
	commitSizes   = metrics.ExponentialBuckets(1, 2, 11)
	foldTimes     = metrics.ExponentialBuckets(.001, 2, 13)
	responseWaits = []float64{1, 2, 5, 10, 20, 30, 60, 120, 300, 900}
)

// NewMetrics returns metrics with nothing counted yet.
func NewMetrics() *Metrics {
	metrics.ExposeMetadata(true)
	m := &Metrics{metrics.NewSet()}
	// What has no labels is there from the start, so that none is 0 rather than missing.
	m.count("sipas_commit_failures_total", 0)
	m.count("sipas_folded_responses_total", 0)
	m.histogram("sipas_commit_seconds", commitTimes)
	m.histogram("sipas_commit_responses", commitSizes)
	m.histogram("sipas_fold_seconds", foldTimes)
	return m
}

// count adds n to a counter; labels are in its name.
func (m *Metrics) count(name string, n int) { m.set.GetOrCreateCounter(name).Add(n) }

func (m *Metrics) histogram(name string, ends []float64) *metrics.PrometheusHistogram {
	return m.set.GetOrCreatePrometheusHistogramExt(name, ends)
}

// WatchQueue makes the number of responses that wait for the writer visible.
func (m *Metrics) WatchQueue(length func() int) {
	m.set.NewGauge("sipas_ingest_queue", func() float64 { return float64(length()) })
}

// WatchFold makes the number of responses that are stored but not folded into
// tallies yet visible.
func (m *Metrics) WatchFold(lag func() int64) {
	m.set.NewGauge("sipas_fold_lag_responses", func() float64 { return float64(lag()) })
}

// WatchComments makes the number of responses visible that have not been looked
// at for comments yet.
func (m *Metrics) WatchComments(lag func() int64) {
	m.set.NewGauge("sipas_comment_lag_responses", func() float64 { return float64(lag()) })
}

// CommitDone counts one commit of so many responses.
func (m *Metrics) CommitDone(size int, took time.Duration) {
	if m == nil {
		return
	}
	m.histogram("sipas_commit_seconds", commitTimes).Update(took.Seconds())
	m.histogram("sipas_commit_responses", commitSizes).Update(float64(size))
}

// CommitFailed counts one commit that failed.
func (m *Metrics) CommitFailed() {
	if m != nil {
		m.count("sipas_commit_failures_total", 1)
	}
}

// FoldDone counts one fold of so many responses.
func (m *Metrics) FoldDone(size int, took time.Duration) {
	if m == nil {
		return
	}
	m.count("sipas_folded_responses_total", size)
	m.histogram("sipas_fold_seconds", foldTimes).Update(took.Seconds())
}

// request counts one request.
func (m *Metrics) request(method, route string, status int, took time.Duration) {
	if m == nil {
		return
	}
	m.count(fmt.Sprintf("sipas_http_requests_total{method=%q,route=%q,status=\"%d\"}", method, route, status), 1)
	m.histogram(fmt.Sprintf("sipas_http_request_seconds{route=%q}", route), requestTimes).Update(took.Seconds())
}

// limited counts one request that was told to wait; no wait is no request.
func (m *Metrics) limited(by string, wait time.Duration) {
	if m != nil && wait > 0 {
		m.count(fmt.Sprintf("sipas_limited_total{by=%q}", by), 1)
	}
}

// proof counts one proof of work.
func (m *Metrics) proof(refused error) {
	switch {
	case m == nil:
	case refused == nil:
		m.count(`sipas_proofs_total{result="taken"}`, 1)
	default:
		m.count(fmt.Sprintf("sipas_proofs_total{result=%q}", refused.Error()), 1)
	}
}

// interval notes the time between two responses at a device or a point.
func (m *Metrics) interval(place string, since time.Duration) {
	if m != nil {
		m.histogram(fmt.Sprintf("sipas_response_interval_seconds{place=%q}", place), responseWaits).Update(since.Seconds())
	}
}

// submitted counts what became of one submission.
func (m *Metrics) submitted(r survey.Result) {
	switch {
	case m == nil || r.Err == nil && r.Replayed:
	case r.Err == nil:
		m.count(fmt.Sprintf("sipas_responses_total{state=%q}", r.State), 1)
	default:
		e, _ := errorOf(r.Err)
		m.count(fmt.Sprintf("sipas_responses_refused_total{problem=%q}", problemTypes[e.Kind]), 1)
	}
}

// metrics shows the metrics to this machine, or to anyone if so configured.
func (s *server) metrics(c *fiber.Ctx) error {
	local := c.Context().RemoteIP().IsLoopback() && len(c.Request().Header.Peek(fiber.HeaderXForwardedFor)) == 0
	if s.Metrics == nil || !s.MetricsPublic && !local {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, "text/plain; version=0.0.4; charset=utf-8")
	s.Metrics.set.WritePrometheus(c)
	metrics.WriteProcessMetrics(c)
	return nil
}
