package text

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// FuzzCompose checks the algorithms for texts with many marks against package norm, on texts with few.
func FuzzCompose(f *testing.F) {
	for _, s := range []string{
		"Cle\u0301", "\u1112\u1161\u11ab\u1100", "a\u0316\u0301\u0316", "\u0344", "각\u11a8", "\u09c7\u0301\u09be", "ﬁ\u212b\u2126",
		"\u1e9b\u0323",
		"\u0f71\u0f72\u0f74", "\u0958", "\u0308\u0301a",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if hasManyMarks(s) || !utf8.ValidString(s) { // norm leaves marks beside bytes that are not UTF-8 as they are
			return
		}
		for _, form := range []norm.Form{norm.NFC, norm.NFKC} {
			if got, want := compose(order(decompose(form, s))), form.String(s); got != want {
				t.Errorf("%+q: %+q, want %+q", s, got, want)
			}
		}
	})
}

func hasManyMarks(s string) bool {
	marks := 0
	for _, r := range norm.NFKD.String(s) {
		if marks++; !unicode.IsMark(r) {
			marks = 0
		}
		if marks > 20 {
			return true
		}
	}
	return false
}

// TestComposeAllCharacters composes each character that can change or is changed, behind a letter and before marks.
func TestComposeAllCharacters(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if c := string(r); r >= 0x3000 && norm.NFKD.IsNormalString(c) && norm.NFD.PropertiesString(c).CCC() == 0 || !utf8.ValidRune(r) {
			continue
		}
		for _, form := range []norm.Form{norm.NFC, norm.NFKC} {
			s := "u" + string(r) + "\u0308\u0323\u0301"
			if got, want := compose(order(decompose(form, s))), form.String(s); got != want {
				t.Errorf("%U: %+q, want %+q", r, got, want)
			}
		}
	}
}

func TestStoredKeepsManyMarks(t *testing.T) {
	marks := strings.Repeat("\u0316", 40)
	for sent, want := range map[string]string{
		"a" + marks + "\u0301b":           "á" + marks + "b",
		"a\u034f" + marks:                 "a\u034f" + marks,
		"\xff" + marks + "e\u0301":        "\xff" + marks + "é",
		marks + "\u1112\u1161\u11ab":      marks + "한",
		"\u1112\u1161" + marks + "\u11ab": "하" + marks + "\u11ab",
	} {
		if got := Stored(sent); got != want || Stored(got) != got {
			t.Errorf("%+q: %+q, want %+q", sent, got, want)
		}
	}
}

func TestStoredIsFastOnManyMarks(t *testing.T) {
	s := "a" + strings.Repeat("\u0301\u0316", 200_000)
	start := time.Now()
	if Stored(s) == s {
		t.Error("the marks are not in order")
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}
