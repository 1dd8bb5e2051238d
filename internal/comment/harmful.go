package comment

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"slices"
	"strings"
)

//go:embed harmful.txt
var builtinHarmful string

// HarmfulWords is the list that an installation begins with.
func HarmfulWords() string { return builtinHarmful }

// Blocklist is words and phrases that hide a comment until somebody has looked
// at it. The zero Blocklist hides nothing.
type Blocklist struct {
	phrases []string // as Words writes them, blanks at both ends
	text    string
}

// ParseBlocklist reads one word or phrase a line; what follows a # is a remark.
// Words are compared with their tones, as "ngu" is an insult and "ngủ" is sleep:
// a spelling without tones is a line of its own.
func ParseBlocklist(text string) Blocklist {
	l := Blocklist{text: text}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		if words := flat(Words(line)); words != "  " && !slices.Contains(l.phrases, words) {
			l.phrases = append(l.phrases, words)
		}
	}
	return l
}

// Len is how many words and phrases are on the list.
func (l Blocklist) Len() int { return len(l.phrases) }

// Harmful reports whether words, as Words writes them, have one of the list in
// them.
func (l Blocklist) Harmful(words string) bool {
	in := flat(words)
	return slices.ContainsFunc(l.phrases, func(p string) bool { return strings.Contains(in, p) })
}

// Recipe names how entries are made: another list or another version of this
// package makes others, and whoever finds another recipe makes them anew.
func (l Blocklist) Recipe() string {
	h := sha256.Sum256([]byte(l.text))
	return recipeVersion + "-" + hex.EncodeToString(h[:8])
}

// recipeVersion changes when folding, masking or scoring does.
const recipeVersion = "1"

// flat is words on one line with a blank at both ends, so that whole words can
// be found in it.
func flat(words string) string { return " " + strings.ReplaceAll(words, "\n", " ") + " " }
