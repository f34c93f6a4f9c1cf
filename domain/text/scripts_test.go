package text_test

import (
	"testing"

	"tickt/domain/text"
)

func TestOneScript(t *testing.T) {
	for s, want := range map[string]bool{
		"": true, "anita.rai": true, "सीता७": true, "नयन7": true, "Σίσυφος": true, "Анита": true, "root": true, "ｒｏｏｔ": true,
		"山田taro": true, "山田たろうタロウ": true, "한국韓國abc": true, "ㄅㄆ漢字": true, "user@example.com": true, "محمد٣": true,
		"rооt": false, "аdmin": false, "Ωmega": false, "sitaसीता": false, "ひらがな한글": false, "ㄅひ": false, "a1٣": false, "७7": false,
		"user७": false,
	} {
		if got := text.OneScript(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}

func TestMisplacedMark(t *testing.T) {
	for s, want := range map[string]int{
		"सीता": -1, "क्षि": -1, "é": -1, "ẹ\u0301": -1, "i\u0307\u0301": -1, "مُحَمَّد": -1, "ที่": -1, "မြွှုံ": -1, "か\u309a": -1, "": -1,
		"\u0301a": 0, "1\u0301": 1, "a.\u0301": 2, "क\u0301": 3, "a\u0951": 1, "a\u093e": 1, "a\u3099": 1, "漢\u0301": 3,
		"ɛ\u0301\u0301": 4, "ɛ\u0301\u0302\u0303": 6, "a\ufe0f": 1, "a\u20dd": 1, "α\u0651": 2,
	} {
		if got := text.MisplacedMark(s); got != want {
			t.Errorf("%+q: %d, want %d", s, got, want)
		}
	}
}
