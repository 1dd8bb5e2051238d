package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

// kit is everything that a kiosk shows, so that it can do without us.
type kit struct {
	Hash       string                       `json:"hash"`
	Point      named[survey.PointCode]      `json:"point"`
	Unit       named[survey.UnitCode]       `json:"unit"`
	Wave       kitWave                      `json:"wave"`
	Instrument survey.InstrumentID          `json:"instrument"`
	Ask        survey.Text                  `json:"ask"`
	Minutes    int                          `json:"minutes"`
	Languages  []kitLanguage                `json:"languages"`
	Messages   map[string]map[string]string `json:"messages"`
	Parts      []kitPart                    `json:"parts"`
	Items      []kitItem                    `json:"items"`
	Settings   kitSettings                  `json:"settings"`
	Phone      kitPhone                     `json:"phone"`
}

type named[C ~string] struct {
	Code C      `json:"code"`
	Name string `json:"name"`
}

type kitWave struct {
	ID        survey.WaveID    `json:"id"`
	Name      string           `json:"name"`
	State     survey.WaveState `json:"state"`
	Synthetic bool             `json:"synthetic"`
}

type kitLanguage struct {
	Code    string `json:"code"`
	Name    string `json:"name"`
	Dir     string `json:"dir"`
	Machine bool   `json:"machine"` // translated by a machine, and says so
}

type kitPart struct {
	Code  string      `json:"code"`
	Title survey.Text `json:"title"`
	Lead  survey.Text `json:"lead,omitempty"`
}

type kitItem struct {
	Code     survey.ItemCode     `json:"code"`
	Kind     survey.QuestionKind `json:"kind"`
	Part     string              `json:"part"`
	Who      bool                `json:"who"` // about the respondent
	Faces    bool                `json:"faces"`
	Required bool                `json:"required"`
	ShowIf   *apiCondition       `json:"show_if"`
	Stem     survey.Text         `json:"stem,omitempty"`
	Text     survey.Text         `json:"text"`
	Options  []apiOption         `json:"options"`
	Audio    map[string]string   `json:"audio"` // address by language, where a deployment has recorded it
}

type kitSettings struct {
	Idle     int                 `json:"idle"`
	Stay     int                 `json:"stay"`
	Interval int                 `json:"interval"`
	Thanks   int                 `json:"thanks"`
	Sound    bool                `json:"sound"`
	PIN      *survey.PINVerifier `json:"pin"`
	Hours    string              `json:"hours"`
	Zone     string              `json:"zone"`
}

type kitPhone struct {
	URL  string `json:"url"`
	QR   string `json:"qr"`
	Size int    `json:"size"`
}

// kit makes the kit of a point. Its wave need not be open: the kiosk says so.
func (s *server) kit(cat *survey.Catalog, code survey.PointCode) (kit, error) {
	const op = "web.kit"
	pt, ok := cat.Points[code]
	if !ok {
		return kit{}, survey.Missing(op, "point.unknown", string(code))
	}
	w := cat.Waves[pt.Wave]
	if w == nil || cat.Instruments[w.Instrument] == nil {
		return kit{}, &survey.Error{Op: op, Err: fmt.Errorf("point %s has no wave or questionnaire", code)}
	}
	in := cat.Instruments[w.Instrument]
	u, _ := cat.Tree.Unit(pt.Unit)
	url := s.formURL(pt.Code)
	qr, err := newQR(url)
	if err != nil {
		return kit{}, err
	}
	k := kit{
		Point: named[survey.PointCode]{pt.Code, pt.Name}, Unit: named[survey.UnitCode]{u.Code, u.Name},
		Wave: kitWave{w.ID, w.Name, w.State, w.Synthetic}, Instrument: in.ID, Ask: in.Ask, Minutes: in.Minutes,
		Messages: map[string]map[string]string{}, Settings: s.kitSettings(cat, pt),
		Phone: kitPhone{url, qr.Path, qr.Size},
	}
	for _, lang := range locale.Languages() {
		p := locale.For(lang)
		k.Languages = append(k.Languages, kitLanguage{Code: lang, Name: locale.Name(lang), Dir: p.Dir(), Machine: p.Machine(lang)})
		k.Messages[lang] = p.Texts("kiosk.", "outbox.")
	}
	audio := s.recordings.of(in.ID, s.Now())
	for _, sec := range in.Sections {
		k.Parts = append(k.Parts, kitPart{sec.Code, sec.Title, sec.Lead})
		for _, q := range sec.Questions {
			k.Items = append(k.Items, kitItemOf(sec.Code, q, audio[q.Code]))
		}
	}
	b, err := json.Marshal(k) // maps by key: the same kit has the same hash
	if err != nil {
		return kit{}, err
	}
	sum := sha256.Sum256(b)
	k.Hash = hex.EncodeToString(sum[:16])
	return k, nil
}

func kitItemOf(part string, q *survey.Question, audio map[string]string) kitItem {
	if audio == nil {
		audio = map[string]string{}
	}
	it := kitItem{
		Code: q.Code, Kind: q.Kind, Part: part, Who: q.Respondent, Faces: q.Faces, Required: q.Required,
		Stem: q.MatrixText, Text: q.Text, Options: []apiOption{}, Audio: audio,
	}
	for _, o := range q.Options {
		it.Options = append(it.Options, apiOption(o))
	}
	if q.ShowIf != nil {
		cond := conditionOf(*q.ShowIf)
		it.ShowIf = &cond
	}
	return it
}

func (s *server) kitSettings(cat *survey.Catalog, pt survey.Point) kitSettings {
	seconds := func(name survey.Setting) int { return int(cat.Seconds(pt, name).Seconds()) }
	k := kitSettings{
		Idle: seconds(survey.IdleSetting), Stay: seconds(survey.StaySetting),
		Interval: seconds(survey.IntervalSetting), Thanks: seconds(survey.ThanksSetting),
		Sound: cat.SettingAt(pt, survey.SoundSetting).Value != "off",
		Hours: cat.SettingAt(pt, survey.HoursSetting).Value, Zone: cat.SettingAt(pt, survey.ZoneSetting).Value,
	}
	if hours, err := survey.ParseHours(k.Hours); err == nil {
		k.Hours = hours.String() // its plainest form, with nothing over midnight
	}
	if k.Zone == "" {
		k.Zone = s.Zone.String()
	}
	if v, ok := survey.ParsePIN(cat.SettingAt(pt, survey.PINSetting).Value); ok {
		k.PIN = &v
	}
	return k
}

// kits remembers the hash of each point's kit as long as the catalog and the
// recordings are the same: every device asks for one every minute.
type kits struct {
	mu      sync.Mutex
	version int64
	audio   string
	hashes  map[survey.PointCode]string
}

func (k *kits) hash(s *server, code survey.PointCode) (string, error) {
	cat, audio := s.Catalog(), s.recordings.now(s.Now())
	k.mu.Lock()
	if k.hashes == nil || k.version != cat.Version || k.audio != audio {
		k.version, k.audio, k.hashes = cat.Version, audio, map[survey.PointCode]string{}
	}
	hash, ok := k.hashes[code]
	k.mu.Unlock()
	if ok {
		return hash, nil
	}
	made, err := s.kit(cat, code)
	if err != nil {
		return "", err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.version == cat.Version && k.audio == audio {
		k.hashes[code] = made.Hash
	}
	return made.Hash, nil
}
