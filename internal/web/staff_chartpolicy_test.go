package web

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"sipas/static"
)

// What Plot writes into its style element, as it is in the bundle: a template
// with the name of a class in it, which is in the bundle too.
func TestPlotStyleIsThatOfTheBundle(t *testing.T) {
	var bundle string
	for _, name := range []string{"vendor/plot/plot-0.6.17.js"} {
		a, ok := static.Open(name)
		if !ok {
			t.Fatalf("%s is not there", name)
		}
		bundle = string(a.Body)
	}
	class := regexp.MustCompile(`"(plot-[0-9a-f]{6})"`).FindStringSubmatch(bundle)
	var style string
	for _, m := range regexp.MustCompile("\\.append\\(\"style\"\\)\\.text\\(`([^`]*)`\\)").FindAllStringSubmatch(bundle, -1) {
		if strings.Contains(m[1], "height: intrinsic") {
			style = m[1]
		}
	}
	if class == nil || style == "" {
		t.Fatal("the bundle has no style of a chart; look for it in src/plot.js of Observable Plot")
	}
	style = regexp.MustCompile(`\$\{\w+\}`).ReplaceAllString(style, class[1])
	sum := sha256.Sum256([]byte(style))
	if want := "sha256-" + base64.StdEncoding.EncodeToString(sum[:]); plotStyle != want {
		t.Errorf("plotStyle is %s, the bundle's is %s", plotStyle, want)
	}
	if !strings.Contains(contentPolicy, "style-src 'self';") {
		t.Error("allowCharts finds no style-src to add to")
	}
}
