package ticket

import (
	"strings"
	"testing"
	"time"

	"tickt/domain"
)

// changed returns entries of changes of a field, each a minute after the one before it.
func changed(field string, values ...string) (all []Entry) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for i, to := range values[1:] {
		all = append(all, Entry{
			ID: domain.ID(to), At: at.Add(time.Duration(i) * time.Minute), Kind: EntryChanged, Field: field, From: values[i], To: to,
		})
	}
	return all
}

func TestReplayFindsContradictionsOfTheHistory(t *testing.T) {
	created := Entry{Kind: EntryCreated, To: "TKT-20260301-0001"}
	is := Ticket{Number: created.To, Title: "Fire", MenuID: "b"}
	gone := is
	gone.DeletedAt = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	swapped := func(all []Entry) []Entry { all[0], all[1] = all[1], all[0]; return all }
	for _, c := range []struct {
		name    string
		ticket  Ticket
		changes []Entry
		want    string // "" if nothing is wrong
	}{
		{"no change", is, nil, ""},
		{"a chain of changes", is, changed("title", "Printer", "Smoke", "Fire"), ""},
		{"a change back", is, changed("title", "Fire", "Smoke", "Fire"), ""},
		{"another value in the end", is, changed("title", "Printer", "Smoke"), `title is "Fire"; the history has "Smoke" (entry Smoke)`},
		{
			"a change too few", is, append(changed("title", "A", "B"), changed("title", "C", "Fire")...),
			`title changed from "C" at 2026-03-01T12:00:00Z`,
		},
		{"a wrong order", is, swapped(changed("title", "Printer", "Smoke", "Fire")), `title changed from "Printer"`},
		{"menus in the order of another clock", is, swapped(changed("menu", "a", "", "b")), ""},
		{"a menu that was never left", is, append(changed("menu", "a", "c"), changed("menu", "", "b")...), `menu changed from ""`},
		{"another menu in the end", is, changed("menu", "a", "c"), `menu is "b"; the history has "c"`},
		{"a field that does not exist", is, changed("color", "red", "blue"), `a change of "color"`},
		{"a second creation", is, []Entry{created}, "2 entries of the history say that it was created"},
		{"a deletion", gone, []Entry{{Kind: EntryDeleted}}, ""},
		{"a deletion that is not recorded", gone, nil, "0 entries of the history say that it was deleted; deleted_at is 2026-03-02T00:00:00Z"},
		{"a deletion that never was", is, []Entry{{Kind: EntryDeleted}}, "1 entries of the history say that it was deleted; deleted_at is unset"},
	} {
		wrong := ReplayHistory(c.ticket, append([]Entry{created}, c.changes...))
		if c.want == "" && len(wrong) > 0 || c.want != "" && !strings.Contains(strings.Join(wrong, "\n"), c.want) {
			t.Errorf("%s: found %q, want %q", c.name, wrong, c.want)
		}
	}
}
