package text

import (
	"slices"
	"unicode"
)

// mixes are the scripts that are written together: the highly restrictive level of UTS #39 §5.2. Latin stands with each of them.
var mixes = [][]string{
	{"Latin", "Han", "Hiragana", "Katakana"}, {"Latin", "Han", "Bopomofo"}, {"Latin", "Han", "Hangul"},
}

// OneScript reports whether the characters of s are of one script, or of scripts that are written together, and its digits are of one
// system. Characters that several scripts use count for none.
func OneScript(s string) bool {
	var scripts []string
	var digits rune
	for _, r := range s {
		if _, zero, ok := digit(r); ok {
			if digits != 0 && digits != zero {
				return false
			}
			digits = zero
		}
		if script := scriptOf(r); script != "" && !slices.Contains(scripts, script) {
			scripts = append(scripts, script)
		}
	}
	return len(scripts) <= 1 || slices.ContainsFunc(mixes, func(mix []string) bool {
		return !slices.ContainsFunc(scripts, func(script string) bool { return !slices.Contains(mix, script) })
	})
}

// scriptOf returns the name of the script of a character; "" if several scripts use it.
func scriptOf(r rune) string {
	if unicode.Is(unicode.Latin, r) {
		return "Latin"
	}
	if unicode.In(r, unicode.Common, unicode.Inherited) {
		return ""
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return ""
}

// The most marks that follow a letter: nonspacing ones (UTS #39 §5.4), and those that several scripts use, in NFC.
const (
	maxMarks     = 4
	maxInherited = 2
)

// MisplacedMark returns the index in bytes of the first mark of s, which is in NFC, that its script does not write in that place, or -1
// if there is none: a mark follows a letter of its script, never twice the same, and at most four nonspacing ones do.
func MisplacedMark(s string) int {
	letter, former, marks, inherited := rune(0), rune(0), 0, 0
	for i, r := range s {
		if !unicode.IsMark(r) {
			marks, inherited, former, letter = 0, 0, 0, 0
			if unicode.IsLetter(r) {
				letter = r
			}
			continue
		}
		if unicode.Is(unicode.Mn, r) {
			marks++
		}
		if unicode.Is(unicode.Inherited, r) {
			inherited++
		}
		if letter == 0 || r == former || marks > maxMarks || inherited > maxInherited || !writesWith(letter, r) {
			return i
		}
		former = r
	}
	return -1
}

// writesWith reports whether the script of a letter writes a mark.
func writesWith(letter, mark rune) bool {
	if !unicode.Is(unicode.Inherited, mark) {
		return scriptOf(letter) == scriptOf(mark)
	}
	if IsIgnorable(mark) || !unicode.Is(unicode.Mn, mark) {
		return false
	}
	for _, r := range inheritedBy {
		if mark >= r.first && mark <= r.last {
			return slices.Contains(r.scripts, scriptOf(letter))
		}
	}
	return false
}

// inheritedBy names the scripts that write those marks that have no script of their own, as far as names need them
// (ScriptExtensions.txt of Unicode, which package unicode does not have).
var inheritedBy = []struct {
	first, last rune
	scripts     []string
}{
	{0x0300, 0x036F, []string{"Latin", "Greek", "Cyrillic"}},
	{0x0485, 0x0486, []string{"Cyrillic"}},
	{0x064B, 0x0655, []string{"Arabic", "Syriac"}},
	{0x0670, 0x0670, []string{"Arabic", "Syriac"}},
	{0x0951, 0x0954, []string{"Devanagari"}},
	{0x3099, 0x309A, []string{"Hiragana", "Katakana"}},
}
