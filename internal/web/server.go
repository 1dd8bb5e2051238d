// Package web is the site and the API: the only package that knows Fiber.
//
// A handler decodes, calls the domain and renders; it returns its error, and
// fail.go alone turns errors into pages or problem objects. The whole URL
// surface stands in routes.go.
package web

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/auth"
	"sipas/internal/book"
	"sipas/internal/cadence"
	"sipas/internal/comment"
	"sipas/internal/export"
	"sipas/internal/survey"
)

// Deps is all that the site needs from outside.
type Deps struct {
	Intake    *survey.Intake
	Reader    *survey.Reader
	Registry  *survey.Registry
	Devices   *survey.Devices
	Reviewer  *survey.Reviewer
	Comments  *comment.Desk
	Responses Responses
	Catalog   func() *survey.Catalog
	Auth      *auth.Service
	Exports   Exports
	Book      *book.Memory                // the index book
	Indices   *book.Types                 // what is scored
	Audio     fs.FS                       // questions read aloud: INSTRUMENT/LANGUAGE/QUESTION.mp3; nil: none
	Ready     func(context.Context) error // nil: a response can be taken now
	Stopping  <-chan struct{}             // closed when the site is to end, so that open streams end first; nil: never

	Log       *slog.Logger
	Now       func() time.Time
	Zone      *time.Location
	PublicURL string // "https://khaosat.example.vn": where citizens reach us; QR codes point there
	Version   string
	Least     int64 // people that a figure must stand for; never less than 10

	Metrics       *Metrics // of NewMetrics
	MetricsPublic bool     // serve /metrics to anyone, not to this machine only
	Limits        Limits
}

// Responses writes pages of raw responses for auditors.
type Responses interface {
	// Page writes at most limit responses that r asks for and that have Seq >
	// after, by Seq, and returns how many and the last Seq.
	Page(ctx context.Context, r export.Request, after int64, limit int, w io.Writer) (rows int, last int64, err error)
}

// Exports is the desk that writes files for auditors.
type Exports interface {
	// Start begins a job for the account by and returns its id. It is Invalid
	// for a bad request.
	Start(ctx context.Context, by string, r export.Request) (id string, err error)
	// Jobs returns every job, the newest first.
	Jobs() []export.Job
	// Job returns the job with id; NotFound if there is none.
	Job(id string) (export.Job, error)
	// Open opens the file of a job that is Done, for reading; NotFound otherwise.
	Open(id string) (*os.File, error)
	// Remove stops a job that runs, and removes one that is over with its file.
	Remove(id string) error
}

// Bounds of what is read and of how long it may take.
const (
	requestTime = 10 * time.Second
	pageBody    = 64 << 10 // of a form or one response
	batchBody   = 8 << 20  // of a batch of 500 responses; the server reads no more of anything
	headerSize  = 16 << 10
)

type server struct {
	Deps
	gate       *gate
	cadence    *cadence.Book
	published  *published
	guesses    *guesses // of pairing codes
	kits       *kits
	recordings *recordings
	bands      *bandMemory
	lastAtlas  atomic.Pointer[atlas]
	lines      atomic.Pointer[acrossOf]
	drivers    *driverMemory
	hub        *hub
	secure     bool   // served over https
	host       string // of PublicURL
}

// New returns the whole site.
func New(d Deps) *fiber.App {
	s := newServer(d)
	app := fiber.New(fiber.Config{
		Immutable:             true, // what c.Params and friends return must outlive the request
		DisableStartupMessage: true,
		DisableKeepalive:      false,
		CaseSensitive:         true,
		StrictRouting:         false,
		UnescapePath:          true,
		BodyLimit:             batchBody + 1, // one more, so that the API can say it itself
		ReadBufferSize:        headerSize,

		DisablePreParseMultipartForm: true,             // no form of ours is one
		ReadTimeout:                  30 * time.Second, // a phone on a bad network needs a while for 64 KiB
		IdleTimeout:                  2 * time.Minute,
		EnableTrustedProxyCheck:      true, // with no proxy named: X-Forwarded-Host and -Proto are never believed
		ErrorHandler:                 s.fail,
	})
	s.routes(app)
	return app
}

func newServer(d Deps) *server {
	s := &server{Deps: d, gate: newGate(d.Limits, d.Intake.Key), cadence: cadence.New(mostPlaces), guesses: newGuesses(), kits: &kits{}, bands: &bandMemory{}, drivers: &driverMemory{}, recordings: &recordings{fsys: d.Audio, log: d.Log}, published: &published{store: d.Reader.Store, catalog: d.Catalog, least: d.Least}}
	s.hub = &hub{count: s.watched, log: d.Log, stopping: d.Stopping}
	u, err := url.Parse(d.PublicURL)
	if err != nil || u.Host == "" {
		s.secure = true // nobody said otherwise
		return s
	}
	s.host = u.Host
	// Not on this machine either, although browsers would call that secure: not
	// all of them keep a Secure cookie of http://127.0.0.1.
	s.secure = u.Scheme == "https"
	if !s.secure && !isLoopback(u.Hostname()) {
		d.Log.Warn("the public address is plain http: the cookies of staff can be read on the way", "public_url", d.PublicURL)
	}
	return s
}
