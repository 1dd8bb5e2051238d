package locale

import (
	"math"
	"strconv"
	"strings"
)

const minus = "\u2212"

// Int writes a whole number: "24.068", "24,068".
func (p Printer) Int(n int64) string {
	s := strconv.FormatInt(n, 10)
	if digits, negative := strings.CutPrefix(s, "-"); negative {
		return minus + p.grouped(digits)
	}
	return p.grouped(s)
}

// Decimal writes v with a number of decimals, rounded half up (halves go away
// from zero): "93,28", "93.28". What is rounded is v to 15 significant digits,
// which every decimal of that length survives in a float64. So a 2.675, stored
// as 2.67499999999999982, is the half it was meant to be, and so is an 80.075
// that a division or a sum left one bit short; no percentage of fewer than a
// million million answers lies that near to a half without being one.
// Not a number is "–".
func (p Printer) Decimal(v float64, decimals int) string {
	digits, negative, ok := round(v, decimals)
	if !ok {
		return "–"
	}
	return sign(negative, "") + p.point(digits)
}

// Shortest writes v with as many decimals as it has: "99,96", "80".
func (p Printer) Shortest(v float64) string {
	shortest := strconv.FormatFloat(math.Abs(v), 'f', -1, 64)
	return sign(v < 0, "") + p.point(shortest)
}

// Percent writes a percentage that is already times 100: "93,28 %" with a
// no-break space, "93.28%".
func (p Printer) Percent(v float64, decimals int) string {
	return strings.Replace(p.speech().Percent, "{0}", p.Decimal(v, decimals), 1)
}

// Signed writes a difference: "+1,3", "−0,6". What rounds to nothing has no
// sign: "0,0".
func (p Printer) Signed(v float64, decimals int) string {
	digits, negative, ok := round(v, decimals)
	switch {
	case !ok:
		return "–"
	case strings.Trim(digits, "0.") == "":
		return p.point(digits)
	}
	return sign(negative, "+") + p.point(digits)
}

func sign(negative bool, otherwise string) string {
	if negative {
		return minus
	}
	return otherwise
}

// round returns the digits of |v|, such as "93.28", and whether what is left
// of v is below zero.
func round(v float64, decimals int) (digits string, negative, ok bool) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "", false, false
	}
	digits = halfUp(fifteen(math.Abs(v)), decimals)
	return digits, v < 0 && strings.Trim(digits, "0.") != "", true
}

// fifteen writes v in plain decimal with 15 significant digits.
func fifteen(v float64) string {
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 14, 64), 64)
	if err != nil {
		short = v // beyond the largest float; it has no fraction to round
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}

// halfUp rounds a plain decimal number to a number of decimals, digit by digit.
func halfUp(s string, decimals int) string {
	whole, frac, _ := strings.Cut(s, ".")
	if len(frac) < decimals {
		frac += strings.Repeat("0", decimals-len(frac))
	}
	up := len(frac) > decimals && frac[decimals] >= '5'
	all := []byte("0" + whole + frac[:decimals])
	for i := len(all) - 1; up && i >= 0; i-- {
		up = all[i] == '9'
		if up {
			all[i] = '0'
		} else {
			all[i]++
		}
	}
	if all[0] == '0' {
		all = all[1:]
	}
	at := len(all) - decimals
	if decimals == 0 {
		return string(all)
	}
	return string(all[:at]) + "." + string(all[at:])
}

// point puts a plain decimal number into the language's marks.
func (p Printer) point(s string) string {
	whole, frac, has := strings.Cut(s, ".")
	if !has {
		return p.grouped(whole)
	}
	return p.grouped(whole) + p.speech().Decimal + frac
}

func (p Printer) grouped(digits string) string {
	sep := p.speech().Group
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + sep + digits[i:]
	}
	return digits
}
