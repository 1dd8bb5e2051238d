package main

import (
	"context"
	"fmt"
	"slices"

	"sipas/internal/config"
	"sipas/internal/demo"
	"sipas/internal/survey"
)

// demoSetting marks a database that the demo has filled.
const demoSetting = "demo"

// demo fills an empty database, or finds the demo's own again, and prints where
// to look. It refuses a database that anybody else has put something into.
func (a *app) demo(ctx context.Context, url string) error {
	_, err := a.store.Setting(ctx, demoSetting)
	if err == nil {
		return a.tour(ctx, url, a.T("cli.demo.same_password"))
	}
	if survey.KindOf(err) != survey.NotFound {
		return err
	}
	empty, err := a.store.Empty(ctx)
	if err != nil {
		return err
	}
	if !empty {
		return a.no("cli.demo.not_empty", a.cfg.ShownDatabase())
	}
	password := a.getenv(config.Prefix + "DEMO_PASSWORD")
	if password == "" {
		password = randomPassword()
	}
	fmt.Fprintln(a.stdout, a.T("cli.demo.filling"))
	filler := demo.Filler{
		Registry: *a.registry(), Ledger: a.store, Accounts: a.auth(), Book: a.store, Types: a.types, Key: a.key, Zone: a.zone,
		Password: password, Seed: 1, Size: demo.Full,
	}
	if err := filler.Fill(ctx, a.now()); err != nil {
		return a.unfilled(ctx, err)
	}
	if err := a.demoKiosks(ctx); err != nil {
		return a.unfilled(ctx, err)
	}
	if _, err := a.store.SetSettingOnce(ctx, demoSetting, []byte("1")); err != nil {
		return err
	}
	return a.tour(ctx, url, password)
}

// unfilled says why the demo was not filled, and what to do if it is half there.
func (a *app) unfilled(ctx context.Context, err error) error {
	text := a.explain(err)
	if empty, eerr := a.store.Empty(context.WithoutCancel(ctx)); eerr != nil || !empty {
		text += "\n" + a.T("cli.demo.half", a.cfg.ShownDatabase())
	}
	return &failure{status: failed, text: text, err: err}
}

// randomPassword is twelve letters and digits that are hard to confuse.
func randomPassword() string {
	a, b := newPoint(), newPoint()
	return string(a) + string(b)
}

// tour prints every address and login.
func (a *app) tour(ctx context.Context, url, password string) error {
	line := func(key, address string) { fmt.Fprintf(a.stdout, "  %-34s %s\n", a.T(key), address) }
	fmt.Fprintln(a.stdout, a.T("common.demo"))
	line("cli.demo.home", url+"/")
	line("cli.demo.results", url+"/results")
	c := a.catalog()
	for _, show := range []struct {
		key     string
		wave    survey.WaveID
		channel survey.Channel
	}{
		{"cli.demo.form", demo.Continuous, survey.QR},
		{"cli.demo.tablet", demo.Continuous, survey.Kiosk},
		{"cli.demo.interviewer", demo.Continuous, survey.Interviewer},
		{"cli.demo.one_tap", demo.OneTap, survey.Kiosk},
	} {
		if pt, ok := shownPoint(c, show.wave, show.channel); ok {
			line(show.key, url+"/s/"+string(pt.Code))
		}
	}
	if err := a.tourKiosk(ctx, url, line); err != nil {
		return err
	}
	line("cli.demo.api", url+"/api/v1/openapi.json")
	line("cli.demo.staff", url+"/app")
	line("cli.demo.exports", url+"/app/exports")
	fmt.Fprintln(a.stdout, a.T("cli.demo.logins"))
	for _, u := range demo.Accounts {
		scope := a.T("cli.demo.everything")
		if unit, ok := c.Tree.Unit(u.Unit); ok {
			scope = unit.Name
		}
		fmt.Fprintf(a.stdout, "  %-10s %-16s %s\n", u.Name, password, scope)
	}
	return nil
}

// shownPoint picks the point of a wave that the tour shows: one of the unit that
// the demo's manager sees where there is one, so that an answer given there
// changes a page that the tour shows too.
func shownPoint(c *survey.Catalog, wave survey.WaveID, channel survey.Channel) (survey.Point, bool) {
	list := slices.DeleteFunc(c.PointList(wave), func(pt survey.Point) bool { return pt.Channel != channel })
	if len(list) == 0 {
		return survey.Point{}, false
	}
	own := slices.IndexFunc(list, func(pt survey.Point) bool {
		return slices.ContainsFunc(demo.Accounts, func(u demo.Account) bool { return u.Unit == pt.Unit })
	})
	return list[max(own, 0)], true
}
