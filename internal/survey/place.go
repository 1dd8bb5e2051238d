package survey

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Setting names something that is set for a unit or a point, and holds for all
// below it that do not set it themselves.
type Setting string

// Settings and how their values are written.
const (
	HoursSetting    Setting = "hours"    // of Hours.String: "mon-fri 07:30-11:30 13:30-17:00; sat 07:30-11:30"
	ZoneSetting     Setting = "zone"     // IANA name: "Asia/Ho_Chi_Minh"
	PINSetting      Setting = "pin"      // what staff leave the kiosk with, as a verifier of the device
	IdleSetting     Setting = "idle"     // seconds until a kiosk asks "are you still there?"
	StaySetting     Setting = "stay"     // seconds to answer that
	IntervalSetting Setting = "interval" // seconds between two responses at a kiosk
	ThanksSetting   Setting = "thanks"   // seconds that the thanks stay
	SoundSetting    Setting = "sound"    // "on" or "off"
)

// Settings lists every setting in the order it is shown.
var Settings = []Setting{
	HoursSetting, ZoneSetting, IdleSetting, StaySetting, IntervalSetting, ThanksSetting, SoundSetting, PINSetting,
}

// SettingDefaults hold where nobody has set anything. Without hours an office
// is always open; without a zone the deployment's holds.
var SettingDefaults = map[Setting]string{
	IdleSetting: "30", StaySetting: "20", IntervalSetting: "5", ThanksSetting: "8", SoundSetting: "on",
}

// SettingKey says where something is set: at a unit or at a point.
type SettingKey struct {
	Unit  UnitCode  // either
	Point PointCode // or
	Name  Setting
}

// SettingValue is a setting that holds at a point, and where it was set. From
// is the zero SettingKey for a default.
type SettingValue struct {
	Value string
	From  SettingKey
}

// SettingAt is what holds at point: its own value, or that of the nearest unit
// above that has one, or the default.
func (c *Catalog) SettingAt(point Point, name Setting) SettingValue {
	if v, ok := c.Settings[SettingKey{Point: point.Code, Name: name}]; ok {
		return SettingValue{v, SettingKey{Point: point.Code, Name: name}}
	}
	return c.settingOf(point.Unit, name)
}

func (c *Catalog) settingOf(unit UnitCode, name Setting) SettingValue {
	for _, u := range c.Tree.Lineage(unit) { // the unit itself first
		key := SettingKey{Unit: u, Name: name}
		if v, ok := c.Settings[key]; ok {
			return SettingValue{v, key}
		}
	}
	return SettingValue{Value: SettingDefaults[name]}
}

// Seconds is a setting of seconds at point.
func (c *Catalog) Seconds(point Point, name Setting) time.Duration {
	n, err := strconv.Atoi(c.SettingAt(point, name).Value)
	if err != nil {
		n, _ = strconv.Atoi(SettingDefaults[name])
	}
	return time.Duration(n) * time.Second
}

// OpenAt reports whether the office of point is open at t by the hours and the
// zone that hold there; zone is the deployment's.
func (c *Catalog) OpenAt(point Point, t time.Time, zone *time.Location) bool {
	hours, err := ParseHours(c.SettingAt(point, HoursSetting).Value)
	if err != nil || len(hours) == 0 {
		return true
	}
	if z, err := time.LoadLocation(c.SettingAt(point, ZoneSetting).Value); err == nil && c.SettingAt(point, ZoneSetting).Value != "" {
		zone = z
	}
	return hours.Open(t.In(zone))
}

// Span of a day in minutes from midnight: From included, To not.
type clockSpan struct{ from, to int }

// Hours are the opening hours of each day of the week; a day without spans is
// closed, no day at all means always open.
type Hours map[time.Weekday][]clockSpan

var dayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Open reports whether the clock that t shows is within the hours.
func (h Hours) Open(t time.Time) bool {
	minute := t.Hour()*60 + t.Minute()
	for _, s := range h[t.Weekday()] {
		if minute >= s.from && minute < s.to {
			return true
		}
	}
	return len(h) == 0
}

// ParseHours reads "mon-fri 07:30-11:30 13:30-17:00; sat 07:30-11:30". The
// empty text is no hours.
func ParseHours(text string) (Hours, error) {
	h := Hours{}
	for part := range strings.SplitSeq(text, ";") {
		words := strings.Fields(part)
		if len(words) == 0 {
			continue
		}
		first, last, ok := cutDays(words[0])
		if !ok || len(words) == 1 {
			return nil, fmt.Errorf("survey.ParseHours: %q", part)
		}
		for _, w := range words[1:] {
			s, err := parseClockSpan(w)
			if err != nil {
				return nil, fmt.Errorf("survey.ParseHours: %w", err)
			}
			for d := first; ; d = (d + 1) % 7 {
				h[d] = append(h[d], s)
				if d == last {
					break
				}
			}
		}
	}
	return h, nil
}

func cutDays(s string) (first, last time.Weekday, ok bool) {
	a, b, isRange := strings.Cut(strings.ToLower(s), "-")
	if !isRange {
		b = a
	}
	first, okA := weekday(a)
	last, okB := weekday(b)
	return first, last, okA && okB
}

func weekday(name string) (time.Weekday, bool) {
	for i, n := range dayNames {
		if n == name {
			return time.Weekday(i), true
		}
	}
	return 0, false
}

func parseClockSpan(s string) (clockSpan, error) {
	a, b, _ := strings.Cut(s, "-")
	from, errA := minuteOf(a)
	to, errB := minuteOf(b)
	if errA != nil || errB != nil || from >= to {
		return clockSpan{}, fmt.Errorf("%q is not a span such as 07:30-11:30", s)
	}
	return clockSpan{from, to}, nil
}

func minuteOf(s string) (int, error) {
	if s == "24:00" {
		return 24 * 60, nil
	}
	t, err := time.Parse("15:04", s)
	return t.Hour()*60 + t.Minute(), err
}
