package web

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/comment"
	"sipas/internal/survey"
)

// wordBoard is the words that stand out where people are dissatisfied.
type wordBoard struct {
	Title string // the finding
	Sub   string
	Rows  []wordRow
	Foot  string
	How   []string // how it is computed
}

// wordRow is a word or phrase with its two shares.
type wordRow struct {
	Term, Href string
	Bar        barChart
	Low, Other string // percent
	LowN       string // "23 of 120"
	OtherN     string
	Between    string // interval of the difference
}

// commentTitle says how many comments there are, and what the low ones are
// about.
func (p staffPage) commentTitle(f comment.Findings) string {
	switch s := f.Standouts; {
	case f.All == 0:
		return p.T("comment.title.none")
	case len(s) > 1:
		return p.N("comment.title.two", f.All, s[0].Term, s[1].Term)
	case len(s) == 1:
		return p.N("comment.title.one", f.All, s[0].Term)
	}
	return p.N("comment.title.plain", f.All)
}

// wordBoard puts the words into a table.
func (p staffPage) wordBoard(ch commentChoice, f comment.Findings) wordBoard {
	b := wordBoard{Foot: p.T("comment.words.foot", f.ReadLow, f.ReadHi)}
	if f.ReadLow < comment.FewestAsked || f.ReadHi < comment.FewestAsked {
		b.Title = p.T("comment.words.few")
		b.Sub = p.T("comment.words.few.sub", comment.FewestAsked, f.ReadLow, f.ReadHi)
		return b
	}
	b.How = []string{
		p.T("comment.how.sides"),
		p.T("comment.how.read", comment.LowRead, comment.OtherRead),
		p.T("comment.how.counted"),
		p.T("comment.how.interval"),
		p.T("comment.how.fewest", comment.FewestLow),
		p.T("comment.how.subsumed"),
	}
	if len(f.Standouts) == 0 {
		b.Title, b.Sub = p.T("comment.words.none"), p.T("comment.words.none.sub")
		return b
	}
	first := f.Standouts[0]
	b.Title = p.T("comment.words.title", first.Term, p.Int(int64(math.Round(100*float64(first.Low)/float64(first.LowOf)))))
	b.Sub = p.T("comment.words.sub")
	most := 0.0
	for _, s := range f.Standouts {
		most = max(most, percentOf(s.Low, s.LowOf), percentOf(s.Other, s.OtherOf))
	}
	sifted := ch
	sifted.mood, sifted.state = comment.Low, ""
	for _, s := range f.Standouts {
		low, other := percentOf(s.Low, s.LowOf), percentOf(s.Other, s.OtherOf)
		b.Rows = append(b.Rows, wordRow{
			Term: s.Term, Href: sifted.href(`"`+s.Term+`"`, 0),
			Bar: barChart{Class: "b-data", Width: percent(100 * low / most), Ref: percent(100 * other / most)},
			Low: p.Percent(low, 0), Other: p.Percent(other, 0),
			LowN: p.T("comment.words.of", s.Low, s.LowOf), OtherN: p.T("comment.words.of", s.Other, s.OtherOf),
			Between: p.T("comment.words.between", p.Decimal(s.Points, 0), p.Decimal(s.From, 0), p.Decimal(s.To, 0)),
		})
	}
	return b
}

func percentOf(n, of int) float64 { return 100 * float64(n) / float64(of) }

// wordList is the list of words that hide a comment, for who may change it.
type wordList struct {
	Text, Summary string
	Shown         bool
}

// longestList bounds the list, in characters.
const longestList = 20_000

func (s *server) wordList(c *fiber.Ctx, p staffPage) (wordList, error) {
	text, err := s.Comments.List.HarmfulWords(c.UserContext())
	return wordList{text, p.N("comment.list", int64(comment.ParseBlocklist(text).Len())), true}, err
}

func (s *server) postWords(c *fiber.Ctx) error {
	text := strings.ReplaceAll(formOf(c).Get("words"), "\r\n", "\n")
	if utf8.RuneCountInString(text) > longestList || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return survey.Bad("web.postWords", "words", "comment.list.too_long", longestList)
	}
	if err := s.Comments.List.PutHarmfulWords(c.UserContext(), text+"\n"); err != nil {
		return err
	}
	s.Comments.Forget()
	return c.Redirect("/app/comments?said=words", fiber.StatusSeeOther)
}
