package comment

import (
	"math"

	"sipas/internal/survey"
)

// Score says how satisfied the writer of a comment was: with Satisfied of
// Answered statements that count for the index of the questionnaire. Where the
// index is one direct question, that one alone is asked.
type Score struct {
	Satisfied, Answered int
	Level               int // the mean answer on five levels, rounded; 0 without an answer
}

// Mood is the side a score falls on.
type Mood int8

// Moods. The border is half of the statements.
const (
	Unknown Mood = iota // nothing was answered
	Low                 // satisfied with fewer than half
	High                // satisfied with half or more
)

// Mood is the side s falls on.
func (s Score) Mood() Mood {
	switch {
	case s.Answered == 0:
		return Unknown
	case 2*s.Satisfied < s.Answered:
		return Low
	}
	return High
}

// levels is how many faces there are.
const levels = 5

// ScoreOf reads the score of one response.
func ScoreOf(in *survey.Instrument, answers survey.Sheet) (Score, error) {
	var one survey.Tally
	if err := in.Count(&one, answers); err != nil {
		return Score{}, err
	}
	x := in.Index(one)
	s := Score{Satisfied: int(x.Overall.Satisfied), Answered: int(x.Overall.Answered)}
	items := in.Items()
	if in.Spec.Overall == survey.Direct {
		items = []survey.ItemCode{in.Spec.Direct}
	}
	sum, n := 0.0, 0.0
	for _, code := range items {
		q := in.Question(code)
		for i := range q.Options {
			c := float64(one.Count(q, i))
			n += c
			if len(q.Options) > 1 {
				sum += c * float64(i) / float64(len(q.Options)-1)
			}
		}
	}
	if n > 0 {
		s.Level = 1 + int(math.Round((levels-1)*sum/n))
	}
	return s, nil
}
