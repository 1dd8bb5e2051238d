package storetest

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/comment"
	"sipas/internal/store"
	"sipas/internal/survey"
)

var (
	_ comment.IndexStore = (*store.Store)(nil)
	_ comment.Shelf      = (*store.Store)(nil)
)

// indexer enters the comments of s, and hides those with "ngu" in them.
func indexer(t *testing.T, s *store.Store) *comment.Indexer {
	t.Helper()
	return &comment.Indexer{
		Store: s, Catalog: folder(t, s).Catalog,
		Harmful: func(context.Context) (comment.Blocklist, error) { return comment.ParseBlocklist("ngu"), nil },
	}
}

// saying is the i-th response of a test, with a comment and two answers.
func saying(i int, text string, answers survey.Sheet) survey.Response {
	r := NewResponse(i)
	r.Comment, r.Answers = text, answers
	return seal(r)
}

const (
	unhappy = survey.Sheet(`{"S1":1,"S2":2}`)
	happy   = survey.Sheet(`{"S1":5,"S2":4}`)
)

var everywhere = comment.Scope{Wave: "w1", Unit: "p"}

// listed returns the seqs that a query finds.
func listed(t testing.TB, s *store.Store, q comment.Query) (seqs []int64) {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 1000
	}
	page, err := s.Comments(t.Context(), q)
	must(t, err)
	for _, r := range page.Rows {
		seqs = append(seqs, r.Seq)
	}
	if q.Sifted() && q.Before == 0 && q.Limit == 1000 && page.Found != int64(len(seqs)) {
		t.Errorf("%+v finds %d and lists %d", q, page.Found, len(seqs))
	}
	return seqs
}

// comments: what is said is found by what is said, and kept up with.
func comments(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	rs := []survey.Response{
		saying(0, "Chờ đợi quá lâu, gọi 0912 345 678 không ai nghe.", unhappy),
		saying(1, "", happy),
		saying(2, "cho doi mai", `{"S1":1,"S2":5}`),
		saying(3, "Cho tôi đội mũ. Đợi chờ.", happy),
		saying(4, "Thằng ngu", unhappy),
		saying(5, "Hướng dẫn tận tình", `{}`),
	}
	rs[3].Unit, rs[3].Day = "p.c2", day0+40
	rs[3] = seal(rs[3])
	appended(t, s, rs...)
	x := indexer(t, s)
	must(t, x.All(ctx))
	scope := everywhere
	search := func(typed string) comment.Query {
		return comment.Query{Scope: scope, Search: comment.ParseSearch(typed)}
	}
	for what, c := range map[string]struct {
		q    comment.Query
		want []int64
	}{
		"all":               {comment.Query{Scope: scope}, []int64{6, 5, 4, 3, 1}},
		"without tones":     {search("cho doi"), []int64{4, 3, 1}},
		"with tones":        {search("CHỜ ĐỢI"), []int64{4, 3, 1}},
		"phrase":            {search(`"chờ đợi"`), []int64{3, 1}},
		"prefix":            {search("huo*"), []int64{6}},
		"no prefix":         {search("huo"), nil},
		"phrase's prefix":   {search(`"tận tì*"`), []int64{6}},
		"nothing":           {search("atlantis"), nil},
		"no personal data":  {search("0912"), nil},
		"a unit":            {comment.Query{Scope: comment.Scope{Wave: "w1", Unit: "p.c2"}}, []int64{4}},
		"a branch":          {comment.Query{Scope: comment.Scope{Wave: "w1", Unit: "p.d1"}, Search: comment.ParseSearch("cho")}, []int64{3, 1}},
		"another wave":      {comment.Query{Scope: comment.Scope{Wave: "w2", Unit: "p"}}, nil},
		"a period":          {comment.Query{Scope: comment.Scope{Wave: "w1", Unit: "p", Period: survey.Period{From: day0 + 1, To: day0 + 99}}}, []int64{4}},
		"low":               {comment.Query{Scope: scope, Mood: comment.Low}, []int64{5, 1}},
		"high":              {comment.Query{Scope: scope, Mood: comment.High}, []int64{4, 3}},
		"hidden":            {comment.Query{Scope: scope, Hidden: true}, []int64{5}},
		"older":             {comment.Query{Scope: scope, Before: 5, Limit: 2}, []int64{4, 3}},
		"older of a search": {comment.Query{Scope: scope, Search: comment.ParseSearch("cho"), Before: 4, Limit: 1}, []int64{3}},
	} {
		if d := cmp.Diff(c.want, listed(t, s, c.q)); d != "" {
			t.Errorf("%s (-want +got):\n%s", what, d)
		}
	}
	commentKept(t, s, rs[0])
}

// commentKept: one comment, how many there are, and their words, of comments
// entered before.
func commentKept(t *testing.T, s *store.Store, first survey.Response) {
	t.Helper()
	ctx, scope := t.Context(), everywhere
	row, said, err := s.Comment(ctx, 1)
	must(t, err)
	want := comment.Row{
		Seq: 1, Wave: "w1", Unit: "p.d1.c1", Channel: survey.QR, Day: day0, State: survey.Counted,
		Score: comment.Score{Satisfied: 0, Answered: 2, Level: 2}, Text: first.Comment,
	}
	if d := cmp.Diff(want, row); d != "" || said != nil {
		t.Errorf("Comment (-want +got), %v:\n%s", said, d)
	}
	_, _, err = s.Comment(ctx, 2)
	wantKind(t, "a response without a comment", err, survey.NotFound)
	counts, err := s.CommentCounts(ctx, scope)
	must(t, err)
	if d := cmp.Diff(comment.Counts{All: 5, Hidden: 1, Mark: 6}, counts); d != "" {
		t.Errorf("CommentCounts (-want +got):\n%s", d)
	}
	var words []string
	must(t, s.CommentWords(ctx, scope, comment.Low, 10, func(w string) { words = append(words, w) }))
	if d := cmp.Diff([]string{"chờ đợi quá lâu\ngọi\nkhông ai nghe"}, words); d != "" {
		t.Errorf("CommentWords (-want +got):\n%s", d)
	}
}

func commentLag(t *testing.T, s *store.Store, want int64) {
	t.Helper()
	if lag, err := s.CommentLag(t.Context()); err != nil || lag != want {
		t.Errorf("%d responses wait for their comments (%v), want %d", lag, err, want)
	}
}

// commentStates: an entry follows what is said of its response, whether that is
// said before it is entered or after, by the rules or by a person.
func commentStates(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	x := indexer(t, s)
	var rs []survey.Response
	for i := range 4 {
		rs = append(rs, saying(i, "Chờ lâu", unhappy))
	}
	appended(t, s, rs[:2]...)
	f, v := judging(t, s, newSuspicious(map[int64][]survey.Reason{1: {survey.PressInterval}, 2: {survey.OutsideHours}, 3: {survey.OutsideHours}}))
	must(t, x.All(ctx)) // entered before the rules have looked
	quarantined := comment.Query{Scope: everywhere, State: survey.Quarantined}
	if got := listed(t, s, quarantined); got != nil {
		t.Errorf("before the rules: %v", got)
	}
	commentLag(t, s, 0)
	appended(t, s, rs[2:]...)
	commentLag(t, s, 2)
	_, err := f.FoldAll(ctx)
	must(t, err)
	must(t, x.All(ctx)) // 3 and 4 after them
	commentLag(t, s, 0)
	if d := cmp.Diff([]int64{3, 2, 1}, listed(t, s, quarantined)); d != "" {
		t.Errorf("after the rules (-want +got):\n%s", d)
	}
	must(t, v.Judge(ctx, 1, survey.Counted, "anna", "Đã gọi lại, đúng là hai người."))
	must(t, v.Judge(ctx, 2, survey.Rejected, "anna", "Đã gọi lại, không phải dân."))
	if d := cmp.Diff([]int64{3}, listed(t, s, quarantined)); d != "" {
		t.Errorf("after a person (-want +got):\n%s", d)
	}
	before := listed(t, s, comment.Query{Scope: everywhere, State: survey.Counted})
	must(t, x.Rebuild(ctx))
	if d := cmp.Diff(before, listed(t, s, comment.Query{Scope: everywhere, State: survey.Counted})); d != "" || len(before) != 2 {
		t.Errorf("%v, made anew (-before +after):\n%s", before, d)
	}
}

// commentReviews: who hid or showed a comment is kept through a rebuild.
func commentReviews(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	appended(t, s, saying(0, "Thằng ngu", unhappy), saying(1, "Chờ lâu", unhappy), saying(2, "", happy))
	x := indexer(t, s)
	must(t, x.All(ctx))
	review := func(seq int64, hide bool, by string) error {
		return s.PutReview(ctx, comment.Review{Seq: seq, Hide: hide, By: by, At: at(7)})
	}
	wantKind(t, "hide what is hidden", review(1, true, "anna"), survey.Conflict)
	wantKind(t, "hide what is not there", review(3, true, "anna"), survey.NotFound)
	must(t, review(1, false, "anna"))
	must(t, review(2, true, "binh"))
	must(t, review(1, true, "binh"))
	must(t, review(1, false, "chi"))
	for _, when := range []string{"at once", "made anew"} {
		if d := cmp.Diff([]int64{2}, listed(t, s, comment.Query{Scope: everywhere, Hidden: true})); d != "" {
			t.Errorf("%s (-want +got):\n%s", when, d)
		}
		row, said, err := s.Comment(ctx, 1)
		must(t, err)
		want := []comment.Review{{Seq: 1, Number: 1, By: "anna", At: at(7)}, {Seq: 1, Number: 2, Hide: true, By: "binh", At: at(7)}, {Seq: 1, Number: 3, By: "chi", At: at(7)}}
		if d := cmp.Diff(want, said); d != "" || !row.Harmful || row.Hidden {
			t.Errorf("%s: %+v (-want +got):\n%s", when, row, d)
		}
		must(t, x.Rebuild(ctx))
	}
}

// commentMarks: two who enter at the same time enter nothing twice, and another
// list of words makes every entry anew.
func commentMarks(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	appended(t, s, saying(0, "Buồn ngủ", happy), saying(1, "Ngu", happy))
	x := indexer(t, s)
	list, _ := x.Harmful(ctx)
	mark := comment.Mark{Recipe: list.Recipe()}
	wantKind(t, "another recipe", s.PutComments(ctx, mark, comment.Mark{Seq: 1}, nil), survey.Conflict)
	must(t, x.All(ctx))
	wantKind(t, "who comes second", s.PutComments(ctx, mark, comment.Mark{Seq: 1}, nil), survey.Conflict)
	hidden := comment.Query{Scope: everywhere, Hidden: true}
	if d := cmp.Diff([]int64{2}, listed(t, s, hidden)); d != "" {
		t.Error(d)
	}
	words, err := s.HarmfulWords(ctx)
	must(t, err)
	if words != comment.HarmfulWords() {
		t.Error("a new database has not the list of the program")
	}
	must(t, s.PutHarmfulWords(ctx, "buồn ngủ"))
	x.Harmful = func(ctx context.Context) (comment.Blocklist, error) {
		text, err := s.HarmfulWords(ctx)
		return comment.ParseBlocklist(text), err
	}
	must(t, x.All(ctx))
	if d := cmp.Diff([]int64{1}, listed(t, s, hidden)); d != "" {
		t.Errorf("by another list: %s", d)
	}
}

// commentSearches is the law of searching: whatever comments say and whatever is
// typed, the index finds what reading every comment finds.
func commentSearches(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	rnd := rand.New(rand.NewPCG(11, 12)) //nolint:gosec // the same numbers every time
	words := []string{"chờ", "cho", "đợi", "doi", "lâu", "trễ", "hẹn", "Hẹn", "hướng", "dẫn", "một-cửa", "2.5", "24h", "x_y", "café", "I'm", "http://a.vn/b?c=1", "3e5", "中文", "-1", "ok.", "a,b"}
	var rs []survey.Response
	text := map[int64]string{}
	for i := range 200 {
		said := ""
		for range 1 + rnd.IntN(6) {
			said += words[rnd.IntN(len(words))] + []string{" ", ", ", ". ", "\n"}[rnd.IntN(4)]
		}
		rs = append(rs, saying(i, said, happy))
		text[int64(i+1)] = comment.Folded(comment.Open(said))
	}
	appended(t, s, rs...)
	must(t, indexer(t, s).All(ctx))
	hostile := []string{`"`, `*`, `' OR 1=1 --`, `NEAR(a b)`, `folded:cho`, `cho AND`, `NOT cho`, `^cho`, `{cho doi}`, `-cho`, `a:*`, `!cho`, `cho & | doi`, `<->`, `\`, "\x00cho", `("`, `AND`, `cho\' | doi`}
	found := 0
	for i := range 400 {
		typed := ""
		if i < len(hostile) {
			typed = hostile[i]
		} else {
			for range 1 + rnd.IntN(3) {
				w := words[rnd.IntN(len(words))]
				typed += []string{w, w + "*", `"` + w + " " + words[rnd.IntN(len(words))] + `"`, hostile[rnd.IntN(len(hostile))]}[rnd.IntN(4)] + " "
			}
		}
		q := comment.Query{Scope: everywhere, Search: comment.ParseSearch(typed)}
		var want []int64
		for seq := int64(len(rs)); seq >= 1; seq-- {
			if q.Search.Matches(text[seq]) {
				want = append(want, seq)
			}
		}
		if d := cmp.Diff(want, listed(t, s, q)); d != "" {
			t.Errorf("%q, %+v (-read one by one +found):\n%s", typed, q.Search, d)
		}
		if len(q.Search) > 0 {
			found += len(want)
		}
	}
	if found < 1000 {
		t.Errorf("the searches found %d comments in all: too few to prove anything", found)
	}
}

// commentDesk: what is found together is kept until there is more.
func commentDesk(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	var rs []survey.Response
	for i := range 40 {
		text, answers := "Trễ hẹn mãi", unhappy
		if i >= 20 {
			text, answers = "Nhanh gọn", happy
		}
		rs = append(rs, saying(i, text, answers))
	}
	appended(t, s, rs...)
	x := indexer(t, s)
	must(t, x.All(ctx))
	now := at(0)
	desk := &comment.Desk{Shelf: s, Now: func() time.Time { return now }}
	ask := func(mark int64) comment.Findings {
		f, err := desk.Findings(ctx, everywhere, mark)
		must(t, err)
		return f
	}
	f := ask(40)
	if len(f.Standouts) != 1 || f.Standouts[0].Term != "trễ hẹn" || f.Standouts[0].Low != 20 || f.All != 40 || f.ReadLow != 20 || f.ReadHi != 20 {
		t.Fatalf("%+v", f)
	}
	appended(t, s, saying(40, "Trễ hẹn", unhappy))
	must(t, x.All(ctx))
	if f = ask(41); f.Mark != 40 {
		t.Errorf("made anew at once: %d", f.Mark)
	}
	now = now.Add(time.Minute)
	if f = ask(41); f.Mark != 41 || f.ReadLow != 21 {
		t.Errorf("after a minute: %+v", f)
	}
	must(t, desk.Review(ctx, 41, true, "anna"))
	if f = ask(41); f.Hidden != 1 || f.Standouts[0].Low != 20 {
		t.Errorf("after hiding one: %+v", f)
	}
	if seqs := listed(t, s, comment.Query{Scope: everywhere, Limit: 3}); !slices.Equal(seqs, []int64{41, 40, 39}) {
		t.Errorf("a page: %v", seqs)
	}
}
