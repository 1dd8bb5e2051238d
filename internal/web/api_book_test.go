package web_test

import (
	"strings"
	"testing"

	"sipas/internal/book"
)

// TestGetBook: anybody reads what is final, as it was published.
func TestGetBook(t *testing.T) {
	s := bookSite(t)
	waiting := book.Result{Key: book.Key{Unit: "qn.h.ub", Type: "dgi-949", Year: 2017}, Score: book.Of(61.5), Status: book.Provisional}
	_, err := s.store.PutResults(t.Context(), "admin", today, []book.Result{waiting})
	must(t, err)
	for _, c := range []struct {
		name, query string
		status      int
		want        []string
		not         []string
	}{
		{
			"a unit and year", "unit=qn.h.ub&year=2019", 200,
			[]string{`"unit":{"code":"qn.h.ub","name":"Thành phố Uông Bí"},"type":"dgi-949","family":"dgi","year":2019,"score":64.95,"maximum":80,"percent":81.19,"rank":11,"rank_of":13`, `"percent":93.28,"rank":8,"rank_of":14`, `"score":91.59,"maximum":100,"percent":91.59,"rank":2,"rank_of":null`, `"announced":"2020-06-17"`},
			[]string{`"year":2018`, "qn.h.d01"},
		},
		{"a unit", "unit=qn.h.ub", 200, []string{`"year":2018`, `"year":2019`}, []string{"61.5"}},
		{"a unit and type", "unit=qn.h.ub&type=dgi-949", 200, []string{`"score":64.95`, `"score":66`}, []string{"93.28", "61.5"}},
		{"all units", "type=sipas-2017&year=2019", 200, []string{`"qn.h.ub"`, `"qn.h.d01"`}, []string{"dgi-949"}},
		{"a year without", "unit=qn.h.ub&year=1999", 200, []string{`{"results":[]}`}, nil},
		{"an unknown unit", "unit=nowhere", 404, []string{"nowhere"}, nil},
		{"an unknown type", "type=none&year=2019", 422, []string{`"field":"type"`}, nil},
		{"no year", "unit=qn.h.ub&year=x", 422, []string{`"field":"year"`}, nil},
		{"everything", "", 422, []string{`"field":"unit","key":"query.unit_or_year"`}, nil},
		{"a type of all years", "type=dgi-949", 422, []string{`"field":"unit"`}, nil},
	} {
		a := s.ask(t, "GET", "/api/v1/book?"+c.query, "")
		if a.status != c.status {
			t.Errorf("%s: %d, want %d: %s", c.name, a.status, c.status, a.body)
		}
		for _, want := range c.want {
			if !strings.Contains(a.body, want) {
				t.Errorf("%s: lacks %s\n%s", c.name, want, a.body)
			}
		}
		for _, not := range c.not {
			if strings.Contains(a.body, not) {
				t.Errorf("%s: has %s", c.name, not)
			}
		}
	}
}

// TestGetBookTells: classes by the thresholds of the year, maxima of components,
// and whether anything has changed.
func TestGetBookTells(t *testing.T) {
	s := bookSite(t)
	of := func(year int, score float64) book.Result {
		return book.Result{Key: book.Key{Unit: "qn.h.ub", Type: "service-766", Year: year}, Score: book.Of(score), Status: book.Final, Parts: []book.Part{{Code: "openness", Score: 17}}}
	}
	_, err := s.store.PutResults(t.Context(), "admin", today, []book.Result{of(2022, 85), of(2023, 85)})
	must(t, err)
	must(t, s.store.PutThreshold(t.Context(), book.Threshold{
		Type: "service-766", Year: 2023, Least: map[string]float64{"excellent": 84, "good": 80, "fair": 70, "average": 50, "weak": 0}, By: "admin", At: today,
	}))
	const query = "/api/v1/book?unit=qn.h.ub&type=service-766"
	a := s.ask(t, "GET", query, "")
	for _, want := range []string{
		`"year":2022,"score":85,"maximum":100,"percent":null,"rank":null,"rank_of":null,"class":"","class_computed":{"code":"good","mark":"unconfirmed","edited":false}`,
		`"class_computed":{"code":"excellent","mark":"confirmed","edited":true}`,
		`"status":"final"`,
		`"components":[{"code":"openness","source":"","score":17,"maximum":18,"synthetic":false}]`,
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("lacks %s\n%s", want, a.body)
		}
	}
	if b := s.ask(t, "GET", "/api/v1/book?unit=qn.h.ub&type=dgi-949", ""); !strings.Contains(b.body, `"class_computed":null`) {
		t.Errorf("a type without classes: %s", b.body)
	}
	etag := a.header.Get("ETag")
	if b := s.ask(t, "GET", query, "", "If-None-Match", etag); etag == "" || b.status != 304 || b.body != "" {
		t.Errorf("%s again: %d %s", etag, b.status, b.body)
	}
	_, err = s.store.PutResults(t.Context(), "admin", today, []book.Result{of(2023, 86)})
	must(t, err)
	if b := s.ask(t, "GET", query, "", "If-None-Match", etag); b.status != 200 || b.header.Get("ETag") == etag {
		t.Errorf("after a change: %d %s", b.status, b.header.Get("ETag"))
	}
}
