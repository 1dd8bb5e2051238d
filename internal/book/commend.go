package book

// Rules say who is put forward for commendation. They stand beside the list,
// and whoever may can change them; no source prescribes any.
type Rules struct {
	Level float64 // at least this percentage of the maximum; 0: any
	// Points and Places are what a figure that was published without an error of
	// sampling must have risen by, either of them: percent of the maximum, or
	// ranks (0: ranks do not count). Of a survey's figure another question is
	// asked: see [Chance].
	Points   float64
	Places   int
	N        int64   // at least so many responses; asked of surveys only, 0: any
	Doubtful float64 // at most this percentage of responses put aside as doubtful
}

// Chance says whether a change of a survey's figure is more than chance explains,
// all units of the list looked at together.
type Chance string

// What is known about a change.
const (
	NotSampled Chance = ""         // published without responses: there is nothing to test
	Untested   Chance = "untested" // of a survey, but the other year has no responses here, or no interval
	Noise      Chance = "noise"    // chance may explain it
	Beyond     Chance = "beyond"   // chance does not explain it
)

// Candidate is a unit with what the rules look at.
type Candidate struct {
	*LeagueRow
	Doubtful Number // percentage of responses put aside; unknown: no survey of ours
	Chance   Chance
}

// Rule is one of the rules.
type Rule string

// Rules in the order they are asked.
const (
	LevelRule       Rule = "level"
	ImprovementRule Rule = "improvement"
	SampleRule      Rule = "sample"
	QualityRule     Rule = "quality"
)

// RuleNames lists the rules.
var RuleNames = []Rule{LevelRule, ImprovementRule, SampleRule, QualityRule}

// Standing is what one rule makes of a candidate.
type Standing string

// Standings. What is not asked speaks for nobody and against nobody.
const (
	Met      Standing = "met"
	NotMet   Standing = "not_met"
	NotAsked Standing = "not_asked"
)

// Finding is one rule, what it makes of a candidate, and by which figure.
type Finding struct {
	Rule
	Standing
	Words
}

// Signed is a difference in words: it carries its sign.
type Signed float64

// Verdict is what the rules make of a candidate.
type Verdict struct {
	*Candidate
	Commended bool
	Findings  []Finding // in the order of RuleNames
}

// Commend judges every candidate, the commended first, each in the order they
// came. A level or an improvement that is not known is not met; the numbers of
// responses and of doubtful ones are asked of surveys of ours only. A result that
// may still change is not good enough.
func Commend(t *Type, rules Rules, candidates []Candidate) []Verdict {
	commended, others := make([]Verdict, 0, len(candidates)), []Verdict(nil)
	findings := make([]Finding, 0, len(RuleNames)*len(candidates)) // of all of them: there may be thousands
	for i := range candidates {
		c, from := &candidates[i], len(findings)
		findings = append(findings, rules.level(t, c), rules.improvement(t, c), rules.sample(c), rules.quality(c))
		v := Verdict{c, true, findings[from:len(findings):len(findings)]}
		for k := range v.Findings {
			v.Commended = v.Commended && v.Findings[k].Standing != NotMet
		}
		if v.Commended {
			commended = append(commended, v)
		} else {
			others = append(others, v)
		}
	}
	return append(commended, others...)
}

func finding(rule Rule, met bool, key string, args ...any) Finding {
	standing := NotMet
	if met {
		standing = Met
	}
	return Finding{rule, standing, Words{key, args}}
}

func (r Rules) level(t *Type, c *Candidate) Finding {
	share := c.PercentOf(t)
	switch {
	case !share.Known:
		return finding(LevelRule, r.Level == 0, "book.rule.no_level")
	case share.Round(2) < r.Level:
		return finding(LevelRule, false, "book.rule.level.low", share.Round(2), r.Level)
	}
	return finding(LevelRule, true, "book.rule.level", share.Round(2))
}

// improvement is more than chance explains of a survey's figure. Others have no
// error of sampling that anybody published, so they must rise by so much that a
// reader need not wonder.
func (r Rules) improvement(t *Type, c *Candidate) Finding {
	change := c.Change.Score
	if !change.Known && (c.Chance != NotSampled || !c.Change.Ranked || r.Places == 0) {
		return Finding{ImprovementRule, NotMet, c.Change.ScoreHow}
	}
	by := Signed(change.Round(2))
	switch c.Chance {
	case Untested:
		return finding(ImprovementRule, false, "book.rule.untested", by)
	case Noise:
		return finding(ImprovementRule, false, "book.rule.noise", by)
	case Beyond:
		return finding(ImprovementRule, by > 0, "book.rule.beyond", by)
	}
	if share := shareOfTop(t, c, change); share.Known && share.Round(2) >= r.Points && by > 0 {
		return finding(ImprovementRule, true, "book.rule.risen", by)
	}
	if r.Places > 0 && c.Change.Ranked && c.Change.Rank >= r.Places {
		return finding(ImprovementRule, true, "book.rule.places", c.Change.Rank)
	}
	if !change.Known {
		return Finding{ImprovementRule, NotMet, c.Change.ScoreHow}
	}
	return finding(ImprovementRule, false, "book.rule.little", by, r.Points)
}

// shareOfTop is a change in percent of the maximum, so that one rule holds for an
// index of 18 points and for one of 100.
func shareOfTop(t *Type, c *Candidate, change Number) Number {
	top := c.MaximumOf(t)
	if t.Unit == Percent || !change.Known {
		return change
	}
	if !top.Known || top.Value == 0 {
		return Number{}
	}
	return Of(100 * change.Value / top.Value)
}

func (r Rules) sample(c *Candidate) Finding {
	switch {
	case c.N == 0:
		return Finding{SampleRule, NotAsked, Words{Key: "book.rule.no_sample"}}
	case c.N < r.N:
		return finding(SampleRule, false, "book.rule.sample.few", c.N, r.N)
	}
	return finding(SampleRule, true, "book.rule.sample", c.N)
}

func (r Rules) quality(c *Candidate) Finding {
	switch {
	case c.Status != Final:
		return finding(QualityRule, false, "book.rule.provisional")
	case !c.Doubtful.Known:
		return finding(QualityRule, true, "book.rule.final")
	case c.Doubtful.Value > r.Doubtful:
		return finding(QualityRule, false, "book.rule.doubtful.many", c.Doubtful.Round(2), r.Doubtful)
	}
	return finding(QualityRule, true, "book.rule.doubtful", c.Doubtful.Round(2))
}

// PercentOf is the percentage of a result: the published one, else its score by
// its maximum.
func (r *Result) PercentOf(t *Type) Number {
	top := r.MaximumOf(t)
	if r.Percent.Known || !r.Score.Known || !top.Known || top.Value == 0 {
		return r.Percent
	}
	return Of(100 * r.Score.Value / top.Value)
}
