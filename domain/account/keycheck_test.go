package account

import (
	"slices"
	"testing"
)

func TestStartNeedsAKeyThatIsStored(t *testing.T) {
	checks := func(all ...KeyCheck) []KeyCheck { return all }
	for _, c := range []struct {
		situation     string
		stored        []KeyCheck
		key, previous KeyCheck
		kept          []KeyCheck
		ok            bool
	}{
		{"the first start", nil, "a", "", checks("a"), true},
		{"the first start, while the key changes", nil, "b", "a", checks("b"), true},
		{"the same key", checks("a"), "a", "", checks("a"), true},
		{"another key", checks("a"), "b", "", checks("a"), false},
		{"two other keys", checks("a"), "c", "b", checks("a"), false},
		{"the new key verifies first", checks("a"), "a", "b", checks("a"), true},
		{"the new key signs", checks("a"), "b", "a", checks("a", "b"), true},
		{"a replica that does not sign with it yet", checks("a", "b"), "a", "b", checks("a", "b"), true},
		{"the former key is dropped", checks("a", "b"), "b", "", checks("b"), true},
		{"the former key alone, afterwards", checks("b"), "a", "", checks("b"), false},
		{"a replica that still verifies it, afterwards", checks("b"), "b", "a", checks("b"), true},
		{"a replica that still signs with it, afterwards", checks("b"), "a", "b", checks("a", "b"), true},
		{"the change is taken back", checks("a", "b"), "a", "", checks("a"), true},
		{"the next change drops what nobody has", checks("a", "b"), "c", "b", checks("b", "c"), true},
		{"no previous key is no key", checks(""), "a", "", checks(""), false},
	} {
		kept, ok := KeyChecks{c.key, c.previous}.Start(c.stored)
		if ok != c.ok || !slices.Equal(kept, c.kept) {
			t.Errorf("%s: %v, %v", c.situation, kept, ok)
		}
	}
}
