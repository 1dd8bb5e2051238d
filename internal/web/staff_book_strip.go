package web

// rankStrip is a row of boxes, one for each rank, the first on the left: the
// rank of the year filled, the earlier one dashed. Beyond mostBoxes it is one
// bar, with the figures below.
type rankStrip struct {
	Label   string // for who cannot see it
	Height  int
	Boxes   []rankBox
	Figures []tick // below a bar
	Move    *rankLine
	Say     string // "xuống 3 bậc", above the line
	Open    string // behind the last box where nobody knows how many there are
	OpenAt  string
	None    bool
	Unknown bool // it is not known among how many
}

// rankBox is one rank.
type rankBox struct{ X, Width, Mid, Class, Text string }

// rankLine leads from the earlier rank to the later.
type rankLine struct{ From, To, Mid, Anchor string }

const (
	mostBoxes  = 20
	usualBoxes = 14 // wide, where nobody knows how many there are
	boxGap     = 0.35
)

// rankStripOf lays out a rank among of; 0: not known. was is the earlier rank
// on the same line, or 0.
func rankStripOf(rank, of, was int) rankStrip {
	s := rankStrip{Height: 62}
	if rank == 0 {
		s.None = true
		return s
	}
	last := of
	if of == 0 {
		s.Unknown = true
		last = max(rank, was) + 3
	}
	cell := 100 / float64(last)
	if of == 0 {
		cell = min(100.0/usualBoxes, 60/float64(last)) // room for the words behind
		s.OpenAt = percent(cell*float64(last) + 1)
	}
	mid := func(r int) float64 { return cell * (float64(r) - 0.5) }
	if last > mostBoxes {
		s.bar(rank, last, was, cell, mid)
	} else {
		for r := 1; r <= last; r++ {
			b := rankBox{X: percent(cell*float64(r-1) + boxGap), Width: percent(cell - 2*boxGap), Mid: percent(mid(r))}
			switch {
			case r == rank:
				b.Class, b.Text = "on", itoa(r)
			case r == was:
				b.Class, b.Text = "was", itoa(r)
			case r == 1 || r == of:
				b.Text = itoa(r)
			}
			s.Boxes = append(s.Boxes, b)
		}
	}
	if was > 0 && was != rank {
		s.Move = &rankLine{From: percent(mid(was)), To: percent(mid(rank)), Mid: percent((mid(was) + mid(rank)) / 2), Anchor: rankAnchor((mid(was) + mid(rank)) / 2)}
		switch s.Move.Anchor {
		case "start":
			s.Move.Mid = percent(min(mid(was), mid(rank)))
		case "end":
			s.Move.Mid = percent(max(mid(was), mid(rank)))
		}
	}
	return s
}

// bar draws many ranks as one bar, with figures below where they do not meet.
func (s *rankStrip) bar(rank, last, was int, cell float64, mid func(int) float64) {
	const least, apart = 1.6, 7 // percent of the width
	s.Height = 80
	s.Boxes = append(s.Boxes, rankBox{X: "0%", Width: percent(cell * float64(last))})
	var taken []float64
	mark := func(r int, class string) {
		width := max(cell, least)
		if class != "" {
			s.Boxes = append(s.Boxes, rankBox{X: percent(max(0, mid(r)-width/2)), Width: percent(width), Mid: percent(mid(r)), Class: class})
		}
		for _, at := range taken {
			if at-mid(r) < apart && mid(r)-at < apart {
				return
			}
		}
		taken = append(taken, mid(r))
		s.Figures = append(s.Figures, tick{percent(mid(r)), itoa(r), rankAnchor(mid(r))})
	}
	mark(rank, "on")
	if was > 0 && was != rank {
		mark(was, "was")
	}
	mark(1, "")
	if !s.Unknown {
		mark(last, "")
	}
}

// rankAnchor keeps words inside the picture.
func rankAnchor(x float64) string {
	switch {
	case x < 8:
		return "start"
	case x > 92:
		return "end"
	}
	return "middle"
}
