package search_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"tickt/domain/search"
)

// TestWhatASearchFinds checks searches for texts in many scripts.
func TestWhatASearchFinds(t *testing.T) {
	for _, c := range []struct {
		text, find string
		want       bool
	}{
		{"Printer on fire", "print", true},
		{"Printer on fire", "PRINTER fire", true},
		{"Printer on fire", "inter", false},
		{"Printer on fire", "printer water", false},
		{"Printer on fire", "o", false},
		{"Printer on fire", "on", true},
		{"Printer on fire", "fi", false},
		{"Printer on fire", `"on fire"`, true},
		{"Printer on fire", `"fire on"`, false},
		{"Printer on fire", `"printer on" fire`, true},
		{"Printer on fire", `"printer fire"`, false},
		{"Printer on fire", `"on fir"`, false},
		{"Printer on fire", `“on fire”`, true},
		{"Printer on fire", `"on fire`, true},
		{"Printer on fire", `fire" printer`, true},
		{"Printer on fire", `""`, false},
		{"Printer on fire", `"" printer`, true},
		{"Printer on fire", "?!", false},
		{"Printer on fire", "pri\u00adn\u200bter", true},
		{"Pri\u00adnter", "printer", true},
		{"TKT-20261130-0042", "TKT-20261130-0042", true},
		{"TKT-20261130-0042", "tkt-20261130", true},
		{"TKT-20261130-0042", "0042", true},
		{"TKT-20261130-0042", "2026", false},
		{"TKT-20261130-0042", "42", false},
		{"user_name@host.example", "name", true},
		{"Le problème de Zoë", "probleme zoe", true},
		{"le probleme", "PROBLÈME", true},
		{"proble\u0300me", "problème", true},
		{"Ångström", "angstrom", true},
		{"Straße", "STRASSE", true},
		{"ﬁle", "file", true},
		{"ＰＲＩＮＴＥＲ", "printer", true},
		{"Ελληνικά Σίσυφος", "ελληνικα ΣΙΣΥΦΟΣ", true},
		{"Йогурт ещё", "иогурт еще", true},
		{"प्रिन्टर बिग्रियो", "प्रिन्टर", true},
		{"प्रिन्टर बिग्रियो", "प्रि", true},
		{"कि", "की", false},
		{"مُدَرِّسَة", "مُدَرِّسَة", true},
		{"打印机坏了", "打印机", true},
		{"打印机坏了", "印机坏", true},
		{"打印机坏了", "了", true},
		{"打印机坏了", "机", true},
		{"打印机坏了", "打机", false},
		{"打印 印机", "打印机", false},
		{"プリンターが故障", "リンター", true},
		{"ﾌﾟﾘﾝﾀｰ", "プリンター", true},
		{"ソフトウェア", "トウ", true},
		{"プリンターが故障", "ーが故", true},
		{"サーバー室", "ー室", true},
		{"ʻōlelo", "ʻolelo", true},
		{"프린터가 고장났어요", "린터", true},
		{"\u1111\u1173\u1105\u1175\u11ab\u1110\u1165", "프린터", true},
		{"เครื่องพิมพ์เสีย", "พิมพ์", true},
		{"ເຄື່ອງພິມ", "ພິມ", true},
		{"ម៉ាស៊ីនបោះពុម្ព", "បោះពុម្ព", true},
		{"ပရင်တာပျက်နေတယ်", "ပျက်", true},
		{"iPhone手机坏了", "iphone 手机", true},
		{"iPhone手机坏了", `"iphone手机"`, true},
		{"iPhone手机坏了", `"手机 iphone"`, false},
		{"手机 iPhone", `"手机 iphone"`, true},
		{"手机壳 iPhone", `"手机 iphone"`, false},
		{"第3章", "3", true},
		{"❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️", false},
		{strings.Repeat("a", 100), strings.Repeat("a", 64), true},
		{strings.Repeat("a", 100), strings.Repeat("a", 90), true},
		{"x\uE001y", "xy", false},
		{"\u0301a", "a", true},
	} {
		q, ok := search.Parse(c.find)
		if !ok {
			t.Errorf("%q has too many words", c.find)
		}
		d := search.NewDocument("", search.Part{Text: c.text})
		if got := q.Matches(d, false); got != c.want {
			t.Errorf("%q finds %q: %v; %+v in %+q", c.find, c.text, got, q, d.Public)
		}
		if got := q.Matches(search.NewDocument("", search.Part{Text: c.text, Internal: true}), false); got {
			t.Errorf("%q finds %q in an internal note", c.find, c.text)
		}
		if got := q.Matches(search.NewDocument("", search.Part{Text: c.text, Internal: true}), true); got != c.want {
			t.Errorf("%q finds %q, an internal note, for its readers: %v", c.find, c.text, got)
		}
	}
}

func TestPhrasesDoNotCrossTexts(t *testing.T) {
	q, _ := search.Parse(`"one two"`)
	if q.Matches(search.NewDocument("", search.Part{Text: "one"}, search.Part{Text: "two"}), true) {
		t.Error("a phrase was found across two texts")
	}
	appended := search.Document{Public: search.Prepare("one", 100) + search.Prepare("two one two", 100)}
	if !q.Matches(appended, false) {
		t.Error("a phrase was not found in a text that was appended")
	}
}

func TestAddressIsFoundAsAWhole(t *testing.T) {
	d := search.NewDocument("Anita.Rai@Example.com", search.Part{Text: "Printer"})
	for typed, want := range map[string]bool{
		"anita.rai@example.com": true, "<Anita.Rai@EXAMPLE.com>,": true, "printer anita.rai@example.com": true,
		"anita": false, "example.com": false, "rai@example.com": false, "anita.rai@example.co": false, "@example.com": false,
		"fire anita.rai@example.com": false,
	} {
		if q, _ := search.Parse(typed); q.Matches(d, false) != want {
			t.Errorf("%q: %v", typed, !want)
		}
	}
	mentioned := search.NewDocument("", search.Part{Text: "write to anita.rai@example.com please"})
	if q, _ := search.Parse("anita.rai@example.com"); !q.Matches(mentioned, false) {
		t.Error("an address in a text is not found")
	}
}

func TestMoreThanSixteenWordsAreRefused(t *testing.T) {
	for typed, want := range map[string]bool{
		strings.Repeat("ab ", 16): true, strings.Repeat("ab ", 17): false, `"` + strings.Repeat("ab ", 17) + `"`: false,
		strings.Repeat("a-b ", 8): true, strings.Repeat("a-b ", 9): false, strings.Repeat("文", 100): true,
	} {
		if _, ok := search.Parse(typed); ok != want {
			t.Errorf("%q: %v", typed, ok)
		}
	}
}

func TestDocumentIsLimited(t *testing.T) {
	long := strings.Repeat("wörter ", 60_000)
	d := search.NewDocument("a@b.example", search.Part{Text: "title"}, search.Part{Text: long, Internal: true}, search.Part{Text: long},
		search.Part{Text: "last words"})
	if d.Len() > search.MaxDocument || d.Len() < search.MaxDocument-20 {
		t.Errorf("%d bytes", d.Len())
	}
	if q, _ := search.Parse("title"); !q.Matches(d, false) {
		t.Error("the first text was left out")
	}
	if q, _ := search.Parse("last"); q.Matches(d, true) {
		t.Error("a text that does not fit was added")
	}
}

// FuzzSearch checks that every word of a text, and the text as a phrase, finds the text, and that the index agrees.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{"Printer on fire", "打印机坏了 iPhone", "Zoë's", "\xff", "เครื่อง", "\u0345\u0301a", "a\uE001b", "ー", "文ー"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, text, typed string) {
		d := search.NewDocument("", search.Part{Text: text})
		if !utf8.ValidString(d.Public) || strings.ContainsAny(d.Public, `"'\`) {
			t.Errorf("%+q", d.Public)
		}
		if d.Public != "" {
			quoted, ok := search.Parse(`"` + strings.NewReplacer(`"`, " ", "“", " ", "”", " ", "„", " ").Replace(text) + `"`)
			if ok && !quoted.Matches(d, false) {
				t.Errorf("%+q does not find itself, %+v, in %+q", text, quoted, d.Public)
			}
		}
		q, _ := search.Parse(typed)
		if q.Matches(d, false) && !inIndex(q, d.Lexemes()) {
			t.Errorf("%+v is found, but not in the index %+q", q, d.Lexemes())
		}
	})
}

// inIndex reports whether the lexemes hold all tokens of a search: a store looks for them first.
func inIndex(q search.Query, lexemes []string) bool {
	for _, term := range q.Terms {
		for _, w := range term.Words {
			for i, token := range w.Tokens {
				last := i == len(w.Tokens)-1
				if !slices.ContainsFunc(lexemes, func(l string) bool { return l == token || last && w.Prefix && strings.HasPrefix(l, token) }) {
					return false
				}
			}
		}
	}
	return true
}
