package web

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"sipas/internal/survey"
)

// Metrics is what operators watch. One is made per process and handed both to
// the site and to the store, whose observer calls its methods. A nil Metrics
// counts nothing.
type Metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	times     *prometheus.HistogramVec
	commits   prometheus.Histogram
	sizes     prometheus.Histogram
	failures  prometheus.Counter
	states    *prometheus.CounterVec
	refused   *prometheus.CounterVec
	folded    prometheus.Counter
	foldTimes prometheus.Histogram
	refusals  *prometheus.CounterVec
	proofs    *prometheus.CounterVec
	intervals *prometheus.HistogramVec
	handler   fiber.Handler
}

// NewMetrics returns metrics with nothing counted yet.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sipas_http_requests_total", Help: "Requests by method, route and status.",
		}, []string{"method", "route", "status"}),
		times: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "sipas_http_request_seconds", Help: "Time until the answer is ready, by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route"}),
		commits: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "sipas_commit_seconds", Help: "Time of one commit, fsync included.",
			Buckets: prometheus.ExponentialBuckets(.0005, 2, 13),
		}),
		sizes: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "sipas_commit_responses", Help: "Responses in one commit.",
			Buckets: prometheus.ExponentialBuckets(1, 2, 11),
		}),
		failures: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "sipas_commit_failures_total", Help: "Commits that failed; their clients were told to come again.",
		}),
		states: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sipas_responses_total", Help: "Responses stored since start, by state; clashed is an id used for another body.",
		}, []string{"state"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sipas_responses_refused_total", Help: "Responses refused since start, by kind of problem.",
		}, []string{"problem"}),
		folded: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "sipas_folded_responses_total", Help: "Responses folded into tallies since start.",
		}),
		foldTimes: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "sipas_fold_seconds", Help: "Time of one fold.", Buckets: prometheus.ExponentialBuckets(.001, 2, 13),
		}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sipas_limited_total", Help: "Requests told to wait or to show a proof of work, by the limit they were over.",
		}, []string{"by"}),
		proofs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sipas_proofs_total", Help: "Proofs of work shown, by what became of them.",
		}, []string{"result"}),
		intervals: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "sipas_response_interval_seconds", Help: "Time between a response and the one before it at the same device or point.",
			Buckets: []float64{1, 2, 5, 10, 20, 30, 60, 120, 300, 900},
		}, []string{"place"}),
	}
	m.registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		m.requests, m.times, m.commits, m.sizes, m.failures, m.states, m.refused, m.folded, m.foldTimes,
		m.refusals, m.proofs, m.intervals,
	)
	m.handler = adaptor.HTTPHandler(promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	return m
}

// WatchQueue makes the number of responses that wait for the writer visible.
func (m *Metrics) WatchQueue(length func() int) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "sipas_ingest_queue", Help: "Responses that wait for the writer.",
	}, func() float64 { return float64(length()) }))
}

// WatchFold makes the number of responses that are stored but not folded into
// tallies yet visible.
func (m *Metrics) WatchFold(lag func() int64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "sipas_fold_lag_responses", Help: "Responses stored but not in the tallies yet.",
	}, func() float64 { return float64(lag()) }))
}

// WatchComments makes the number of responses visible that have not been looked
// at for comments yet.
func (m *Metrics) WatchComments(lag func() int64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "sipas_comment_lag_responses", Help: "Responses whose comments cannot be found yet.",
	}, func() float64 { return float64(lag()) }))
}

// CommitDone counts one commit of so many responses.
func (m *Metrics) CommitDone(size int, took time.Duration) {
	if m == nil {
		return
	}
	m.commits.Observe(took.Seconds())
	m.sizes.Observe(float64(size))
}

// CommitFailed counts one commit that failed.
func (m *Metrics) CommitFailed() {
	if m != nil {
		m.failures.Inc()
	}
}

// FoldDone counts one fold of so many responses.
func (m *Metrics) FoldDone(size int, took time.Duration) {
	if m == nil {
		return
	}
	m.folded.Add(float64(size))
	m.foldTimes.Observe(took.Seconds())
}

// request counts one request.
func (m *Metrics) request(method, route string, status int, took time.Duration) {
	if m == nil {
		return
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.times.WithLabelValues(route).Observe(took.Seconds())
}

// limited counts one request that was told to wait; no wait is no request.
func (m *Metrics) limited(by string, wait time.Duration) {
	if m != nil && wait > 0 {
		m.refusals.WithLabelValues(by).Inc()
	}
}

// proof counts one proof of work.
func (m *Metrics) proof(refused error) {
	switch {
	case m == nil:
	case refused == nil:
		m.proofs.WithLabelValues("taken").Inc()
	default:
		m.proofs.WithLabelValues(refused.Error()).Inc()
	}
}

// interval notes the time between two responses at a device or a point.
func (m *Metrics) interval(place string, since time.Duration) {
	if m != nil {
		m.intervals.WithLabelValues(place).Observe(since.Seconds())
	}
}

// submitted counts what became of one submission.
func (m *Metrics) submitted(r survey.Result) {
	switch {
	case m == nil || r.Err == nil && r.Replayed:
	case r.Err == nil:
		m.states.WithLabelValues(string(r.State)).Inc()
	default:
		e, _ := errorOf(r.Err)
		m.refused.WithLabelValues(problemTypes[e.Kind]).Inc()
	}
}

// metrics shows the metrics to this machine, or to anyone if so configured.
func (s *server) metrics(c *fiber.Ctx) error {
	local := c.Context().RemoteIP().IsLoopback() && len(c.Request().Header.Peek(fiber.HeaderXForwardedFor)) == 0
	if s.Metrics == nil || !s.MetricsPublic && !local {
		return fiber.ErrNotFound
	}
	return s.Metrics.handler(c)
}
