package web

import (
	"strings"
	"testing"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

// A target is reached or missed only where the whole interval says so, and never
// by those who chose to answer.
func TestTarget(t *testing.T) {
	for _, c := range []struct {
		name   string
		design survey.Design
		now    measure
		set    string // at the unit above
		own    string
		want   string
		units  string
	}{
		{"missed", survey.Probability, of(84.2, 4000), "90", "", "Dưới mục tiêu 90\u00a0%: −5,80 điểm", "hơn sai số: 1 đơn vị. Chưa rõ: 0. Đạt: 0."},
		{"within the noise", survey.Probability, of(84.2, 4000), "85", "", "Chưa rõ đạt hay chưa mục tiêu 85\u00a0% (−0,80 điểm)", "hơn sai số: 0 đơn vị. Chưa rõ: 1. Đạt: 0."},
		{"reached", survey.Probability, of(84.2, 4000), "80", "", "Đạt mục tiêu 80\u00a0%, hơn sai số (+4,20 điểm)", "Chưa rõ: 0. Đạt: 1."},
		{"its own holds", survey.Probability, of(84.2, 4000), "90", "80", "Đạt mục tiêu 80\u00a0%", "Đạt: 1."},
		{"no sample", survey.Continuous, of(84.2, 4000), "90", "", "So với mục tiêu 90\u00a0%: −5,80 điểm; không phải mẫu", ""},
		{"nobody set one", survey.Probability, of(84.2, 4000), "", "", "", ""},
		{"too few", survey.Probability, of(84.2, 9), "90", "", "", ""},
	} {
		f := two(c.design, c.now, measure{})
		f.v.cat.Tree = survey.NewTree([]survey.Unit{{Code: "p"}, {Code: "u", Parent: "p"}})
		f.v.cat.Settings = map[survey.SettingKey]string{}
		for unit, value := range map[survey.UnitCode]string{"p": c.set, "u": c.own} {
			if value != "" {
				f.v.cat.Settings[survey.SettingKey{Unit: unit, Name: survey.TargetSetting}] = value
			}
		}
		if got := f.targetSentence("u", c.now); !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if got := f.targetUnits([]unitRow{{Code: "u", m: c.now}}); !strings.Contains(got, c.units) || c.units == "" && got != "" {
			t.Errorf("%s: %q, want %q", c.name, got, c.units)
		}
	}
}

func TestStripShowsTheTarget(t *testing.T) {
	s := newStrip(locale.For("vi"), 88.43, nil, nil, "", 95)
	if s.Target == "" || s.TargetEnd != "end" || !strings.Contains(s.Label, "Mục tiêu 95") {
		t.Errorf("a target of 95: %+v", s)
	}
	if s := newStrip(locale.For("vi"), 88.43, nil, nil, "", 0); s.Target != "" || strings.Contains(s.Label, "Mục tiêu") {
		t.Errorf("without a target: %+v", s)
	}
}
