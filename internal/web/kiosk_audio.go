package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

const (
	lookAgain     = 30 * time.Second // how soon a recording that was added is seen
	mostRecording = 5 << 20          // bytes of one: a kiosk keeps them all
)

// recordingName is INSTRUMENT/LANGUAGE/QUESTION.mp3, as pulse@1/vi/P1.mp3.
var recordingName = regexp.MustCompile(`^([\w.-]+@[0-9]+)/([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)/([\w.-]+)\.(mp3|ogg|m4a)$`)

var recordingTypes = map[string]string{".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".m4a": "audio/mp4"}

// recordings are questions that a deployment has had read aloud, as files in a
// folder. The folder may change while the server runs.
type recordings struct {
	fsys fs.FS // nil: there are none
	log  *slog.Logger

	mu      sync.Mutex
	looked  time.Time
	files   map[string]recording // by name
	version string               // another one whenever a file is
}

type recording struct {
	size    int64
	changed time.Time
	url     string // "/audio/pulse@1/vi/P1.1f2e3d4c.mp3"; empty where the file is not taken
}

// look reads the folder again if that was a while ago. Only files that changed
// are read whole. The caller holds mu.
func (r *recordings) look(now time.Time) {
	if r.fsys == nil || (!r.looked.IsZero() && now.Sub(r.looked) < lookAgain) {
		return
	}
	r.looked = now
	files, sum := map[string]recording{}, sha256.New()
	// What cannot be read is not there: the kiosk reads by a voice of its own.
	_ = fs.WalkDir(r.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !recordingName.MatchString(name) {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return nil
		}
		f, ok := r.files[name]
		if !ok || f.size != info.Size() || !f.changed.Equal(info.ModTime()) {
			f = r.take(name, info)
		}
		files[name] = f
		_, _ = sum.Write([]byte(f.url + "\n"))
		return nil
	})
	r.files, r.version = files, hex.EncodeToString(sum.Sum(nil)[:8])
}

func (r *recordings) take(name string, info fs.FileInfo) recording {
	f := recording{size: info.Size(), changed: info.ModTime()}
	if f.size > mostRecording {
		r.log.Warn("a recording is too large for a kiosk to keep", "file", name, "bytes", f.size, "most", mostRecording)
		return f
	}
	body, err := fs.ReadFile(r.fsys, name)
	if err != nil {
		r.log.Warn("a recording cannot be read", "file", name, "err", err)
		return f
	}
	f.url = recordingURL(name, body)
	return f
}

// recordingURL carries a hash of the content, so that it may be kept for ever.
func recordingURL(name string, body []byte) string {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	return "/audio/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:4]) + ext
}

// now is the version of what is there.
func (r *recordings) now(at time.Time) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.look(at)
	return r.version
}

// of returns the addresses of a questionnaire's recordings, by question and
// language.
func (r *recordings) of(in survey.InstrumentID, at time.Time) map[survey.ItemCode]map[string]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.look(at)
	all := map[survey.ItemCode]map[string]string{}
	for name, f := range r.files {
		m := recordingName.FindStringSubmatch(name)
		if f.url == "" || m[1] != string(in) {
			continue
		}
		item := survey.ItemCode(m[3])
		if all[item] == nil {
			all[item] = map[string]string{}
		}
		// Of two kinds of file, the one that comes first: every kit says the same.
		if old := all[item][m[2]]; old == "" || f.url < old {
			all[item][m[2]] = f.url
		}
	}
	return all
}

// find returns the name of the file at an address.
func (r *recordings) find(url string, at time.Time) (string, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.look(at)
	for name, f := range r.files {
		if f.url != "" && f.url == url {
			return name, true
		}
	}
	return "", false
}

// recording answers GET /audio/…: a question read aloud. Players ask for parts.
func (s *server) recording(c *fiber.Ctx) error {
	const op = "web.recording"
	name, ok := s.recordings.find(c.Path(), s.Now())
	if !ok {
		return survey.Missing(op, "")
	}
	body, err := fs.ReadFile(s.Audio, name)
	if err != nil || recordingURL(name, body) != c.Path() {
		return survey.Missing(op, "") // replaced a moment ago
	}
	c.Set(fiber.HeaderContentType, recordingTypes[path.Ext(name)])
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	if part, err := c.Range(len(body)); err == nil && part.Type == "bytes" && len(part.Ranges) == 1 {
		from, to := part.Ranges[0].Start, part.Ranges[0].End
		c.Status(fiber.StatusPartialContent)
		c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes %d-%d/%d", from, to, len(body)))
		body = body[from : to+1]
	}
	return c.Send(body)
}
