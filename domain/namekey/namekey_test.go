package namekey_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/namekey"
	"tickt/domain/text"
)

var day = time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)

// row returns a row that is younger the greater n is, with its key from before the rule.
func row(n int, name string) namekey.Row {
	return namekey.Row{
		Name: name, Key: domain.FoldCase(name), ID: domain.ID(fmt.Sprint("row", n)), CreatedAt: day.Add(time.Duration(n) * time.Hour),
	}
}

func keysOf(rows []namekey.Row) map[string]string {
	keys := map[string]string{}
	for _, r := range rows {
		keys[string(r.ID)] = strings.ReplaceAll(r.Key, "\x01", "|")
	}
	return keys
}

func TestOlderRowHasTheKey(t *testing.T) {
	const decomposed = "\u1112\u1161\u11ab\u1100\u116e\u11a8"
	for name, c := range map[string]struct {
		names    []string // the oldest first
		changed  map[string]string
		conflict string // as loser<holder
	}{
		"ASCII stays":                  {[]string{"root", "Anita"}, map[string]string{}, ""},
		"the decomposed name is older": {[]string{decomposed, "한국"}, map[string]string{"row0": "한국", "row1": "한국|row1"}, "row1<row0"},
		"the decomposed name is newer": {[]string{"한국", decomposed}, map[string]string{"row1": "한국|row1"}, "row1<row0"},
		"full width is older":          {[]string{"ｒｏｏｔ", "Root"}, map[string]string{"row0": "root", "row1": "root|row1"}, "row1<row0"},
		"a sharp s is alone":           {[]string{"Straße"}, map[string]string{"row0": "strasse"}, ""},
		"a sharp s is newer":           {[]string{"STRASSE", "Straße"}, map[string]string{"row1": "strasse|row1"}, "row1<row0"},
		"a name of a Hangul filler":    {[]string{"\u3164"}, map[string]string{"row0": "|row0"}, "row0<"},
		"the oldest of three has it": {
			[]string{"ﬁ", "ｆi", "fi"}, map[string]string{"row0": "fi", "row1": "fi|row1", "row2": "fi|row2"}, "row1<row0 row2<row0",
		},
		"dotless i is another name":     {[]string{"ı", "i"}, map[string]string{"row0": "ı"}, ""},
		"names that differ by a vowel ": {[]string{"कि", "की"}, map[string]string{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var rows []namekey.Row
			for n, name := range c.names {
				rows = append(rows, row(n, name))
			}
			for range 2 { // whatever the order of the rows
				slices.Reverse(rows)
				changed, conflicts := namekey.Assign(rows)
				if got := keysOf(changed); !reflect.DeepEqual(got, c.changed) {
					t.Errorf("changed %q, want %q", got, c.changed)
				}
				var found []string
				for _, x := range conflicts {
					found = append(found, fmt.Sprint(x.ID, "<", x.Holder))
				}
				if slices.Sort(found); strings.Join(found, " ") != c.conflict {
					t.Errorf("conflicts %q, want %q", found, c.conflict)
				}
				if !slices.IsSortedFunc(changed, func(a, b namekey.Row) int {
					return strings.Compare(fmt.Sprint(!namekey.IsAside(a.Key)), fmt.Sprint(!namekey.IsAside(b.Key)))
				}) {
					t.Errorf("a row gains a key before another loses it: %q", changed)
				}
				for _, x := range changed {
					rows[slices.IndexFunc(rows, func(r namekey.Row) bool { return r.ID == x.ID })].Key = x.Key
				}
				if again, _ := namekey.Assign(rows); len(again) > 0 {
					t.Errorf("assigned again: %q", again)
				}
				for i, r := range rows {
					rows[i].Key = domain.FoldCase(r.Name)
				}
			}
		})
	}
}

func TestRowGetsTheKeyWhenItsHolderIsGone(t *testing.T) {
	younger := row(1, "root")
	younger.Key = namekey.Aside("root", younger.ID)
	changed, conflicts := namekey.Assign([]namekey.Row{younger})
	if got := keysOf(changed); !reflect.DeepEqual(got, map[string]string{"row1": "root"}) || len(conflicts) > 0 {
		t.Errorf("changed %q, conflicts %v", got, conflicts)
	}
	least, end := namekey.AsideRange("root")
	if younger.Key < least || younger.Key >= end || "root" >= least || text.Key("rootx") < end && text.Key("rootx") >= least {
		t.Errorf("the range from %q to %q is wrong", least, end)
	}
}

func TestKeyStaysUnlessTheNameMeansAnother(t *testing.T) {
	aside := namekey.Aside("root", "1")
	for _, c := range []struct{ stored, before, after, want string }{
		{"", "", "ＲＯＯＴ", "root"},
		{aside, "root", "root", aside},
		{aside, "root", "Root", aside},
		{aside, "root", "anita", "anita"},
		{"straße", "Straße", "Straße", "straße"},
		{"root", "root", "anita", "anita"},
		{"", "root", "root", "root"},
	} {
		if got := namekey.Of(c.stored, c.before, c.after); got != c.want {
			t.Errorf("Of(%q, %q, %q) = %q, want %q", c.stored, c.before, c.after, got, c.want)
		}
	}
}

// A former key is stored for a forgotten password, and the key is computed from it. Only the Turkish letters are folded to others.
func TestFormerKeysMeanTheSameName(t *testing.T) {
	for r := rune(0x80); r < 0x20000; r++ {
		name := "a" + string(r)
		if !strings.ContainsRune("ıİ", r) && text.Key(domain.FoldCase(name)) != text.Key(name) {
			t.Errorf("%U: %+q, from the former key %+q", r, text.Key(name), text.Key(domain.FoldCase(name)))
		}
	}
}
