package export

import "time"

// stamper writes times as RFC 3339 with milliseconds, which is what is stored,
// in one zone: "2026-03-02T08:19:40.120+07:00". Three times a row took a third
// of the formatting with time.AppendFormat; nearly always the day and the
// offset are those of the time before.
type stamper struct {
	zone   *time.Location
	day    int64  // days since 1970 in zone, of date
	date   []byte // "2026-03-02T"
	shift  int    // seconds east of UTC, of offset
	offset []byte // "+07:00"
}

const daySeconds = 24 * 60 * 60

func newStamper(zone *time.Location) *stamper {
	return &stamper{zone: zone, day: -1 << 62, shift: -1 << 30}
}

// append writes t; nothing for the zero time.
func (s *stamper) append(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return b
	}
	local := t.In(s.zone)
	_, shift := local.Zone()
	if shift != s.shift {
		s.shift, s.offset = shift, local.AppendFormat(s.offset[:0], "Z07:00")
	}
	seconds := t.Unix() + int64(shift)
	day := seconds / daySeconds
	if seconds%daySeconds < 0 {
		day-- // before 1970
	}
	if day != s.day {
		s.day, s.date = day, local.AppendFormat(s.date[:0], "2006-01-02T")
	}
	rest, ms := int(seconds-day*daySeconds), t.Nanosecond()/1e6
	b = append(b, s.date...)
	b = append(appendTwo(b, rest/3600), ':')
	b = append(appendTwo(b, rest/60%60), ':')
	b = append(appendTwo(b, rest%60), '.', '0'+byte(ms/100))
	return append(appendTwo(b, ms%100), s.offset...)
}

func appendTwo(b []byte, n int) []byte { return append(b, '0'+byte(n/10), '0'+byte(n%10)) }
