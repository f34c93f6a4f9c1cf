package text_test

import (
	"testing"

	"tickt/domain/text"
)

func TestPhone(t *testing.T) {
	for name, c := range map[string]struct{ typed, want string }{
		"ASCII":                 {" +977 984-1234567 ", "+977 984-1234567"},
		"Devanagari digits":     {"९८४१२३४५६७", "9841234567"},
		"full width":            {"＋９７７　９８４－１２３（４５６７）", "+977 984-123(4567)"},
		"other dashes":          {"984\u2011123\u20134567\u2212\u301c", "984-123-4567--"},
		"other spaces":          {"984\u00a0123\u2009456\u202f7", "984 123 456 7"},
		"marks of a card":       {"\u202a+977 9841234567\u202c\u200e", "+977 9841234567"},
		"a byte order mark":     {"\ufeff9841\u00ad234567", "9841234567"},
		"other characters stay": {"9841\n23x😀", "9841\n23x😀"},
		"nothing":               {"\u200e \u00a0", ""},
	} {
		if got := text.Phone(c.typed); got != c.want {
			t.Errorf("%s: %+q, want %+q", name, got, c.want)
		}
	}
}
