package web_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/web"
)

func TestRecordingsAreInTheKit(t *testing.T) {
	folder := fstest.MapFS{
		"short@1/vi/S1.mp3":  {Data: []byte("dễ hiểu")},
		"short@1/vi/S1.ogg":  {Data: []byte("dễ hiểu, loại khác")},
		"short@1/en/S1.m4a":  {Data: []byte("clear")},
		"short@1/vi/S2.wav":  {Data: []byte("of no kind that is taken")},
		"other@1/vi/S2.mp3":  {Data: []byte("another questionnaire")},
		"short@1/vi/W.mp3":   {Data: make([]byte, 5<<20+1)},
		"short@1/README.txt": {Data: []byte("not for anybody")},
	}
	s := newSite(t, func(d *web.Deps) { d.Audio = folder })
	_, key := s.paired(t, "BBBBBB", "")
	first, audio := s.audio(t, key)
	s1 := map[string]string{"vi": "/audio/short@1/vi/S1.489fe177.mp3", "en": "/audio/short@1/en/S1.913a4cb9.m4a"}
	want := map[string]map[string]string{"S1": s1, "S2": {}, "WHY": {}, "W": {}, "gender": {}}
	if diff := cmp.Diff(want, audio); diff != "" {
		t.Fatal(diff)
	}
	if !strings.Contains(s.log.String(), "short@1/vi/W.mp3") {
		t.Errorf("nobody is told that a file is too large: %s", s.log)
	}

	a := s.ask(t, "GET", s1["vi"], "")
	if a.status != 200 || a.body != "dễ hiểu" || a.header.Get("Content-Type") != "audio/mpeg" || !strings.Contains(a.header.Get("Cache-Control"), "immutable") {
		t.Errorf("the recording: %d %v %q", a.status, a.header, a.body)
	}
	for _, bad := range []string{
		"/audio/short@1/vi/S1.mp3", "/audio/short@1/vi/S1.00000000.mp3", "/audio/short@1/README.txt", "/audio/../sipas.db", "/audio/",
	} {
		if a := s.ask(t, "GET", bad, ""); a.status != 404 {
			t.Errorf("%s: %d", bad, a.status)
		}
	}

	// A file that is put in another's place is seen after a while, and its kit is another one.
	folder["short@1/vi/S1.mp3"] = &fstest.MapFile{Data: []byte("dễ hiểu hơn"), ModTime: today}
	if hash, _ := s.audio(t, key); hash != first {
		t.Error("the folder is read again at every request")
	}
	s.now = s.now.Add(31 * time.Second)
	hash, audio := s.audio(t, key)
	if hash == first || audio["S1"]["vi"] == s1["vi"] {
		t.Errorf("the kit does not name the new recording: %v", audio["S1"])
	}
	if a := s.ask(t, "GET", s1["vi"], ""); a.status != 404 {
		t.Errorf("the replaced recording: %d %q", a.status, a.body)
	}
}

// audio returns what the heartbeat says is the kit's hash, and the recordings
// that the kit names.
func (s *site) audio(t *testing.T, key string) (hash string, audio map[string]map[string]string) {
	t.Helper()
	var beat struct{ Kit string }
	must(t, json.Unmarshal([]byte(s.beat(t, key, `{}`).body), &beat))
	var kit struct {
		Hash  string
		Items []struct {
			Code  string
			Audio map[string]string
		}
	}
	must(t, json.Unmarshal([]byte(s.ask(t, "GET", "/api/v1/devices/kit", "", "Authorization", "Bearer "+key).body), &kit))
	if kit.Hash != beat.Kit {
		t.Errorf("the heartbeat names kit %s, the kit is %s", beat.Kit, kit.Hash)
	}
	audio = map[string]map[string]string{}
	for _, it := range kit.Items {
		audio[it.Code] = it.Audio
	}
	return kit.Hash, audio
}

// Safari plays only what it can have in parts.
func TestRecordingInParts(t *testing.T) {
	s := newSite(t, func(d *web.Deps) { d.Audio = fstest.MapFS{"short@1/vi/S1.mp3": {Data: []byte("0123456789")}} })
	_, key := s.paired(t, "BBBBBB", "")
	_, audio := s.audio(t, key)
	for asked, want := range map[string]struct {
		status      int
		part, where string
	}{
		"":              {200, "0123456789", ""},
		"bytes=0-":      {206, "0123456789", "bytes 0-9/10"},
		"bytes=0-1":     {206, "01", "bytes 0-1/10"},
		"bytes=4-7":     {206, "4567", "bytes 4-7/10"},
		"bytes=-3":      {206, "789", "bytes 7-9/10"},
		"bytes=4-99":    {206, "456789", "bytes 4-9/10"},
		"bytes=0-1,4-5": {200, "0123456789", ""},
		"lines=1-2":     {200, "0123456789", ""},
	} {
		a := s.ask(t, "GET", audio["S1"]["vi"], "", "Range", asked)
		if a.status != want.status || a.body != want.part || a.header.Get("Content-Range") != want.where {
			t.Errorf("Range %q: %d %q %q", asked, a.status, a.body, a.header.Get("Content-Range"))
		}
	}
}
