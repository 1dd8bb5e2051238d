package survey

import (
	"errors"
	"fmt"
	"slices"
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

	// Points from the overall figure at which a cell of a heat map takes its next
	// colour: either way, far above, far below.
	HeatNearSetting Setting = "heat_near"
	HeatFarSetting  Setting = "heat_far"
	HeatDeepSetting Setting = "heat_deep"

	// TargetSetting is what the index of a unit should reach, whole percent.
	// Nobody has one but who sets it: 80, 85 and 90 are customs, not rules.
	TargetSetting Setting = "target"

	// EntrySetting says whether managers of a unit enter its results in the index
	// book: "on" or "off".
	EntrySetting Setting = "book_entry"

	// What commendation asks for: a percentage of the maximum; points or places
	// more than the year before, where no error of sampling is known; responses,
	// and the most percent of them put aside.
	CommendLevelSetting    Setting = "book_level"
	CommendPointsSetting   Setting = "book_points"
	CommendPlacesSetting   Setting = "book_places"
	CommendNSetting        Setting = "book_n"
	CommendDoubtfulSetting Setting = "book_doubtful"
)

// Settings lists every setting in the order it is shown.
var Settings = []Setting{
	HoursSetting, ZoneSetting, IdleSetting, StaySetting, IntervalSetting, ThanksSetting, SoundSetting, PINSetting,
	HeatNearSetting, HeatFarSetting, HeatDeepSetting, TargetSetting,
	EntrySetting, CommendLevelSetting, CommendPointsSetting, CommendPlacesSetting, CommendNSetting, CommendDoubtfulSetting,
}

// CommendSettings are the rules of commendation, in the order they are shown.
var CommendSettings = []Setting{CommendLevelSetting, CommendPointsSetting, CommendPlacesSetting, CommendNSetting, CommendDoubtfulSetting}

// SettingDefaults hold where nobody has set anything. Without hours an office
// is always open; without a zone the deployment's holds.
var SettingDefaults = map[Setting]string{
	IdleSetting: "30", StaySetting: "20", IntervalSetting: "5", ThanksSetting: "8", SoundSetting: "on",
	HeatNearSetting: "3", HeatFarSetting: "7", HeatDeepSetting: "10",
	EntrySetting: "off", CommendLevelSetting: "90", CommendPointsSetting: "1", CommendPlacesSetting: "0", CommendNSetting: "30", CommendDoubtfulSetting: "5",
}

// SettingKey says where something is set: at a unit or at a point.
type SettingKey struct {
	Unit  UnitCode  // either
	Point PointCode // or
	Name  Setting
}

// SettingChange is one change of a setting; "" is nothing set there. A PIN is
// nobody's to read, and leaves none.
type SettingChange struct {
	Key           SettingKey
	Before, After string
	By            string
	At            time.Time
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

// SettingOf is what holds at unit, like SettingAt.
func (c *Catalog) SettingOf(unit UnitCode, name Setting) SettingValue { return c.settingOf(unit, name) }

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
	return time.Duration(c.SettingAt(point, name).number(name)) * time.Second
}

// PointsOf is a setting of percentage points or percent at unit; 0 where
// nothing is set and there is no default.
func (c *Catalog) PointsOf(unit UnitCode, name Setting) int {
	return c.settingOf(unit, name).number(name)
}

// number is a value that has been checked, or the default.
func (v SettingValue) number(name Setting) int {
	n, err := strconv.Atoi(v.Value)
	if err != nil {
		n, _ = strconv.Atoi(SettingDefaults[name])
	}
	return n
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
// closed, no day at all means always open. A span ends at midnight at the
// latest.
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

// AlwaysOpen is the value of HoursSetting of a place that is always open below
// one that is not.
const AlwaysOpen = "always"

// HoursError is a part of opening hours that cannot be read.
type HoursError struct{ Part string }

func (e *HoursError) Error() string {
	return fmt.Sprintf("survey.ParseHours: %q is not like mon-fri 07:30-11:30", e.Part)
}

// ParseHours reads "mon-fri 07:30-11:30 13:30-17:00; sat 07:30-11:30". A span
// that ends before it begins goes on after midnight. The empty text and
// AlwaysOpen are no hours. The error is an *HoursError.
func ParseHours(text string) (Hours, error) {
	h := Hours{}
	if strings.TrimSpace(text) == AlwaysOpen {
		return h, nil
	}
	for part := range strings.SplitSeq(text, ";") {
		words := strings.Fields(part)
		if len(words) == 0 {
			continue
		}
		first, last, ok := cutDays(words[0])
		if !ok || len(words) == 1 {
			return nil, &HoursError{strings.TrimSpace(part)}
		}
		for _, w := range words[1:] {
			s, ok := parseClockSpan(w)
			if !ok {
				return nil, &HoursError{w}
			}
			for d := first; ; d = (d + 1) % 7 {
				h.add(d, s)
				if d == last {
					break
				}
			}
		}
	}
	return h, nil
}

// add adds a span to a day; what is after midnight to the day after.
func (h Hours) add(d time.Weekday, s clockSpan) {
	if s.from < s.to {
		h[d] = append(h[d], s)
		return
	}
	h[d] = append(h[d], clockSpan{s.from, 24 * 60})
	if s.to > 0 {
		next := (d + 1) % 7
		h[next] = append(h[next], clockSpan{0, s.to})
	}
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

func parseClockSpan(s string) (clockSpan, bool) {
	a, b, _ := strings.Cut(s, "-")
	from, errA := minuteOf(a)
	to, errB := minuteOf(b)
	return clockSpan{from, to}, errA == nil && errB == nil && from != to && from < 24*60
}

func minuteOf(s string) (int, error) {
	if s == "24:00" {
		return 24 * 60, nil
	}
	t, err := time.Parse("15:04", s)
	return t.Hour()*60 + t.Minute(), err
}

// numberRange bounds settings that are whole numbers: seconds, or percentage
// points.
type numberRange struct {
	low, high int
	key       string // the message for what lies outside
}

var numberRanges = map[Setting]numberRange{
	IdleSetting: {10, 300, badSeconds}, StaySetting: {5, 120, badSeconds}, IntervalSetting: {0, 120, badSeconds}, ThanksSetting: {2, 60, badSeconds},
	HeatNearSetting: {1, 50, badPoints}, HeatFarSetting: {1, 50, badPoints}, HeatDeepSetting: {1, 50, badPoints},
	TargetSetting:       {1, 100, "setting.bad_percent"},
	CommendLevelSetting: {0, 100, "setting.bad_percent"}, CommendPointsSetting: {1, 100, badPoints}, CommendPlacesSetting: {0, 99, badNumber},
	CommendNSetting: {0, 9999, badNumber}, CommendDoubtfulSetting: {0, 100, "setting.bad_percent"},
}

const (
	badSeconds = "setting.bad_seconds"
	badPoints  = "setting.bad_points"
	badNumber  = "query.bad_number"
)

// check returns the message key of what is wrong with a value, or "".
func (n Setting) check(value string) (key string, args []any) {
	if r, ok := numberRanges[n]; ok {
		if i, err := strconv.Atoi(value); err != nil || i < r.low || i > r.high {
			return r.key, []any{r.low, r.high}
		}
		return "", nil
	}
	switch n {
	case HoursSetting:
		if _, err := ParseHours(value); err != nil {
			e, _ := errors.AsType[*HoursError](err)
			return "setting.bad_hours", []any{e.Part}
		}
	case ZoneSetting:
		if _, err := time.LoadLocation(value); err != nil {
			return "setting.bad_zone", []any{value}
		}
	case SoundSetting, EntrySetting:
		if value != "on" && value != "off" {
			return "setting.bad_sound", nil
		}
	case PINSetting:
		if _, ok := ParsePIN(value); !ok {
			return "device.bad_pin", []any{shortestPIN, longestPIN}
		}
	default:
		return "setting.unknown", []any{n}
	}
	return "", nil
}

// String writes h as ParseHours reads it, from Monday on, days with the same
// hours together and nothing over midnight.
func (h Hours) String() string {
	var parts []string
	for i := 0; i < 7; {
		day := time.Weekday((i + 1) % 7)
		last := i
		for last+1 < 7 && slices.Equal(h[day], h[time.Weekday((last+2)%7)]) {
			last++
		}
		if len(h[day]) > 0 {
			words := dayNames[day]
			if last > i {
				words += "-" + dayNames[(last+1)%7]
			}
			parts = append(parts, words+" "+h.Day(day))
		}
		i = last + 1
	}
	return strings.Join(parts, "; ")
}

// Day writes the spans of one day: "07:30-11:30 13:30-17:00".
func (h Hours) Day(d time.Weekday) string {
	var words []string
	for _, s := range h[d] {
		words = append(words, fmt.Sprintf("%02d:%02d-%02d:%02d", s.from/60, s.from%60, s.to/60, s.to%60))
	}
	return strings.Join(words, " ")
}

// DayName is how hours write a day: "mon".
func DayName(d time.Weekday) string { return dayNames[d] }
