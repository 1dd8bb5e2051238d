package web

import "testing"

func TestOptionsAreEscaped(t *testing.T) {
	got := optionsOf([]pick{{"a", "Xã A", false}, {`"><b>`, `<i> & "x"`, true}})
	want := `<option value="a">Xã A</option><option value="&#34;&gt;&lt;b&gt;" selected>&lt;i&gt; &amp; &#34;x&#34;</option>`
	if string(got) != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
