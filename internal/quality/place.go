package quality

import (
	"time"

	"sipas/internal/survey"
)

// grace is how long before opening and after closing a device may still be
// used: whoever was let in before the doors closed answers after them.
const grace = 15 * time.Minute

// standing reports whether the response came from a device that stands in the
// office. A poster's code, a link and an interviewer go home with people, and
// may be answered at any hour.
func (l *look) standing() bool { return l.Device != "" || l.place.Channel == survey.Kiosk }

// outsideHours looks for a device that answers while its office is closed, by
// the hours and the zone that hold at its point.
func outsideHours(l *look) bool {
	if !l.standing() {
		return false
	}
	for _, d := range []time.Duration{0, -grace, grace} {
		if l.catalog.OpenAt(l.place, l.SubmittedAt.Add(d), l.zone) {
			return false
		}
	}
	return true
}

// pressInterval looks for two responses of one device, or of one kiosk that has
// none, that lie closer together than the interval set at the point: the kiosk
// itself lets nobody press so soon again. A response that stopped half-way was
// ended by the clock and not by a press.
func pressInterval(l *look) bool {
	if !l.standing() {
		return false
	}
	interval, this := l.catalog.Seconds(l.place, survey.IntervalSetting), l.this
	for _, n := range l.near {
		if !n.partial && n.device == this.device && n.submitted.Sub(this.submitted).Abs() < interval {
			return true
		}
	}
	return false
}
