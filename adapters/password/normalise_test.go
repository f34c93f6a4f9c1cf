package password

import (
	"errors"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"tickt/domain/account"
	"tickt/ports"
)

func TestNormalise(t *testing.T) {
	for name, c := range map[string]struct{ password, form string }{
		"ASCII":                      {"correct horse", "correct horse"},
		"nothing":                    {"", ""},
		"an accent in two forms":     {"u\u0308ber", "\u00fcber"},
		"Hangul in jamo":             {"\u1112\u1161\u11ab", "\ud55c"},
		"spaces of other kinds":      {"a\u00a0b\u3000c\u2003d", "a b c d"},
		"capitals stay":              {"ÜBER", "ÜBER"},
		"full-width letters stay":    {"ｒｏｏｔ", "ｒｏｏｔ"},
		"an emoji":                   {"🙂 and more", "🙂 and more"},
		"a joiner after a virama":    {"क्\u200dष", "क्\u200dष"},
		"an angstrom sign":           {"\u212b", "\u00c5"},
		"one that is far too long":   {strings.Repeat("u\u0308", 300), strings.Repeat("u\u0308", 300)},
		"one that is long in NFD":    {strings.Repeat("u\u0308", 128), strings.Repeat("ü", 128)},
		"a middle dot between two l": {"col·leccio", "col·leccio"},
	} {
		if got, err := Normalise(c.password); got != c.form || err != nil {
			t.Errorf("%s: %+q, %v; want %+q", name, got, err, c.form)
		}
	}
}

func TestNormaliseNamesTheCharacter(t *testing.T) {
	for name, c := range map[string]struct {
		password  string
		character rune
		position  int
	}{
		"a control character":          {"otters\x00seven", 0, 7},
		"a newline at the end":         {"seven otters\n", '\n', 13},
		"a joiner in an emoji":         {"👩\u200d🚒 is here", 0x200d, 2},
		"a right-to-left mark":         {"otters\u200f seven", 0x200f, 7},
		"an unassigned character":      {"otters\U000E0FFF", 0xE0FFF, 7},
		"a middle dot elsewhere":       {"ab·cd", 0xb7, 3},
		"after a valid middle dot":     {"l·l\x7f", 0x7f, 4},
		"digits of two Arabic systems": {"\u0661\u06f2", 0x6f2, 2},
		"invalid UTF-8":                {"ab\xff", utf8.RuneError, 3},
	} {
		_, err := Normalise(c.password)
		var refused *ports.CharacterError
		if !errors.As(err, &refused) || refused.Character != c.character || refused.Position != c.position {
			t.Errorf("%s: %v, want U+%04X at %d", name, err, c.character, c.position)
		}
	}
}

func TestPasswordMatchesHoweverItIsTyped(t *testing.T) {
	h := New(1)
	const composed, decomposed = "\u00fcber alles", "u\u0308ber alles"
	for _, c := range [][2]string{{composed, decomposed}, {decomposed, composed}} {
		hash, err := h.Hash(t.Context(), c[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, typed := range c {
			if ok, rehash, err := h.Verify(t.Context(), typed, hash); !ok || rehash || err != nil {
				t.Errorf("%+q for the hash of %+q: ok %v, rehash %v, err %v", typed, c[0], ok, rehash, err)
			}
		}
		if ok, _, _ := h.Verify(t.Context(), "uber alles", hash); ok {
			t.Error("a password without the accent matches")
		}
	}
}

// rawHash returns a hash of a password as it is, with the current parameters, as earlier releases made it.
func rawHash(password string) string {
	s := argonHash{cost: currentCost, salt: randomBytes(saltLength)}
	s.key = s.derive(password, keyLength)
	return s.String()
}

func TestHashesOfRawPasswordsAreVerifiedAndReplaced(t *testing.T) {
	h := New(1)
	for name, c := range map[string]struct {
		password   string
		ok, rehash bool
	}{
		"as it was typed":               {"u\u0308ber alles", true, true},
		"in the other form":             {"\u00fcber alles", false, false},
		"one that cannot be normalised": {"otters\x00", true, false},
	} {
		hash := rawHash("u\u0308ber alles")
		if name == "one that cannot be normalised" {
			hash = rawHash(c.password)
		}
		if ok, rehash, err := h.Verify(t.Context(), c.password, hash); ok != c.ok || rehash != c.rehash || err != nil {
			t.Errorf("%s: ok %v, rehash %v, err %v", name, ok, rehash, err)
		}
	}
}

// TestVerifyCostsWhatWasTyped counts hashes by the memory that they take.
func TestVerifyCostsWhatWasTyped(t *testing.T) {
	h := New(1)
	const composed, decomposed = "\u00fcber alles", "u\u0308ber alles"
	hash, _ := h.Hash(t.Context(), composed)
	hashes := func(typed, stored string) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, _ = h.Verify(t.Context(), typed, stored)
		runtime.ReadMemStats(&after)
		const each = 19 << 20
		return (after.TotalAlloc - before.TotalAlloc + each/2) / each
	}
	for name, c := range map[string]struct {
		typed, stored string
		want          uint64
	}{
		"the right password":                 {composed, hash, 1},
		"a wrong one":                        {"öber alles", hash, 1},
		"an unknown account":                 {composed, "", 1},
		"the right password in another form": {decomposed, hash, 2},
		"a raw hash of it":                   {decomposed, rawHash(decomposed), 2},
		"a wrong one in another form":        {"o\u0308ber alles", hash, 2},
		"an unknown account, another form":   {decomposed, "", 2},
		"one that cannot be normalised":      {"otters\x00", hash, 1},
		"one that is too long":               {strings.Repeat("u\u0308", 300), hash, 1},
	} {
		if got := hashes(c.typed, c.stored); got != c.want {
			t.Errorf("%s: %d hashes, want %d", name, got, c.want)
		}
	}
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{
		"ü", "u\u0308", "क्\u200d", "·", "\u3000", "\xff", "ﬁ", "\u1100\u1161", strings.Repeat("a\u0301\u0323", 99), "\u0344",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, password string) {
		form, err := Normalise(password)
		if err != nil {
			var refused *ports.CharacterError
			if n := utf8.RuneCountInString(password); !errors.As(err, &refused) || refused.Position < 1 || refused.Position > n {
				t.Errorf("%+q: %v", password, err)
			}
			return
		}
		if again, err := Normalise(form); again != form || err != nil {
			t.Errorf("%+q becomes %+q, then %+q, %v", password, form, again, err)
		}
		if utf8.RuneCountInString(password) > longest && utf8.RuneCountInString(form) <= account.MaxPassword {
			t.Errorf("%+q was not normalised", password)
		}
	})
}
