package access_test

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sentence"
)

// messages returns the sentences of the problems of an Invalid error, one on each line; "" for nil.
func messages(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != domain.Invalid {
		t.Fatalf("failed with %v, want an invalid input", err)
	}
	var out []string
	for _, p := range e.Problems {
		out = append(out, sentence.English.Of(p))
	}
	return strings.Join(out, "\n")
}

func TestNewRoleHasItsNameInLowerCaseAndOwnScope(t *testing.T) {
	r, err := access.NewRole(otherRole, access.RolePatch{Name: domain.Some("  Field ÉLAN, ΕΚΤΥΠΩΤΗς, ısı, a\u0345 ")}, now)
	want := access.Role{ID: otherRole, Name: "field élan, εκτυπωτης, ısı, a\u0345", TicketScope: access.ScopeOwn}
	want.NameKey = "field élan, εκτυπωτησ, ısı, aι"
	want.CreatedAt, want.UpdatedAt = now, now
	if err != nil || r != want {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestRoleRules(t *testing.T) {
	for name, c := range map[string]struct {
		change access.RolePatch
		want   string
	}{
		"blank name":   {access.RolePatch{Name: domain.Some(" ")}, "Role name can not be blank."},
		"no name":      {access.RolePatch{}, "Role name can not be blank."},
		"longest name": {access.RolePatch{Name: domain.Some(strings.Repeat("é", 150))}, ""},
		"longer name":  {access.RolePatch{Name: domain.Some(strings.Repeat("é", 151))}, "Role name must be at most 150 characters."},
		"control character": {
			access.RolePatch{Name: domain.Some("a\x00b")},
			"Role name contains a character that is not allowed: U+0000 (control character) at position 2.",
		},
		"every ticket": {access.RolePatch{Name: domain.Some("x"), TicketScope: domain.Some("all")}, ""},
		"unknown scope": {
			access.RolePatch{Name: domain.Some("x"), TicketScope: domain.Some("some")}, "Invalid ticket scope. Please choose one of: all, own.",
		},
		"two problems": {
			access.RolePatch{TicketScope: domain.Some("")}, "Role name can not be blank.\nInvalid ticket scope. Please choose one of: all, own.",
		},
		"scope set to null": {access.RolePatch{Name: domain.Some("x"), TicketScope: domain.Null[string]()}, ""},
		"invalid UTF-8": {
			access.RolePatch{Name: domain.Some("\xff")},
			"Role name contains a character that is not allowed: 0xFF (not valid UTF-8) at position 1.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := access.NewRole(otherRole, c.change, now)
			if got := messages(t, err); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestRoleApplyKeepsAbsentFields(t *testing.T) {
	r := access.Role{ID: otherRole, Name: "agents", TicketScope: access.ScopeAll, CreatedAt: now, UpdatedAt: now}
	later := now.Add(time.Hour)
	if err := r.Apply(access.RolePatch{Name: domain.Some("Crew")},
		later); err != nil || r.Name != "crew" || r.TicketScope != access.ScopeAll ||
		!r.UpdatedAt.Equal(later) {
		t.Errorf("became %+v, %v", r, err)
	}
	if err := r.Apply(access.RolePatch{Name: domain.Some("Crew")}.Replacement(), later); err != nil || r.TicketScope != access.ScopeOwn {
		t.Errorf("replaced: %+v, %v", r, err)
	}
}

func TestPredefinedRolesCannotChange(t *testing.T) {
	r := access.PredefinedRole(otherRole, "Admin", access.ScopeAll, now)
	before := r
	err := r.Apply(access.RolePatch{Name: domain.Some("")}, now.Add(time.Hour))
	if !errors.Is(err, access.ErrPredefined) || r != before || r.Name != "admin" || !errors.Is(r.MayChange(), access.ErrPredefined) {
		t.Errorf("%v; the role is %+v", err, r)
	}
	if e := access.ErrPredefined; e.Kind != domain.Conflict || e.Message != "You cannot modify or delete predefined roles." {
		t.Errorf("the error is %v", e)
	}
}

func id(n int) domain.ID {
	s := strconv.Itoa(n)
	return domain.ID(strings.Repeat("0", 32-len(s)) + s)
}

// chain returns n menus, each below the one before it. The first, id(1), is a root.
func chain(n int) (out []access.Menu) {
	for i := 1; i <= n; i++ {
		m := access.Menu{
			ID: id(i), Name: "menu " + strconv.Itoa(i), NameKey: "menu " + strconv.Itoa(i), URL: "/menu/" + strconv.Itoa(i) + "/", Depth: i - 1,
			Visible: true, IsActive: true,
		}
		if i > 1 {
			m.ParentID = id(i - 1)
		}
		out = append(out, m)
	}
	return out
}

func TestNewMenuDefaultsToVisibleActiveRoot(t *testing.T) {
	m, err := access.NewMenu(id(9), access.MenuPatch{Name: domain.Some(" Über "), URL: domain.Some("#")}, nil, now)
	want := access.Menu{ID: id(9), Name: "Über", NameKey: "über", URL: "#", Visible: true, IsActive: true, CreatedAt: now, UpdatedAt: now}
	if err != nil || m != want {
		t.Errorf("got %+v, %v", m, err)
	}
}

func TestMenuRules(t *testing.T) {
	tree := append(chain(3), access.Menu{ID: id(8), Name: "Group", NameKey: "group", URL: "#"})
	with := func(change func(*access.MenuPatch)) access.MenuPatch {
		c := access.MenuPatch{Name: domain.Some("New"), URL: domain.Some("/new/")}
		change(&c)
		return c
	}
	for name, c := range map[string]struct {
		change access.MenuPatch
		want   string
	}{
		"name and URL": {with(func(*access.MenuPatch) {}), ""},
		"nothing":      {access.MenuPatch{}, "Menu name cannot be blank.\nMenu URL cannot be blank."},
		"a long name": {
			with(func(c *access.MenuPatch) { c.Name = domain.Some(strings.Repeat("é", 201)) }), "Menu name must be at most 200 characters.",
		},
		"a long URL": {
			with(func(c *access.MenuPatch) { c.URL = domain.Some("/" + strings.Repeat("x", 200)) }), "Menu URL must be at most 200 characters.",
		},
		"a taken name": {with(func(c *access.MenuPatch) { c.Name = domain.Some("MENU 1") }), "Menu with name 'MENU 1' already exists."},
		"a taken URL":  {with(func(c *access.MenuPatch) { c.URL = domain.Some("/menu/1/") }), "Menu with URL '/menu/1/' already exists."},
		"no URL":       {with(func(c *access.MenuPatch) { c.URL = domain.Some("#") }), ""},
		"no URL below a parent": {
			with(func(c *access.MenuPatch) { c.URL, c.ParentID = domain.Some("#"), domain.Some(string(id(8))) }),
			"Sub Menu URL should start with '/'",
		},
		"a negative order": {with(func(c *access.MenuPatch) { c.DisplayOrder = domain.Some(-1) }), "Display order must be non-negative"},
		"a huge order": {
			with(func(c *access.MenuPatch) { c.DisplayOrder = domain.Some(access.MaxDisplayOrder + 1) }), "Display order must be at most 1000000.",
		},
		"a parent":             {with(func(c *access.MenuPatch) { c.ParentID = domain.Some(string(id(3))) }), ""},
		"a blank parent":       {with(func(c *access.MenuPatch) { c.ParentID = domain.Some(" ") }), ""},
		"an unknown parent":    {with(func(c *access.MenuPatch) { c.ParentID = domain.Some(string(id(7))) }), "Parent menu does not exist."},
		"an invalid parent id": {with(func(c *access.MenuPatch) { c.ParentID = domain.Some("1; drop") }), "Parent menu does not exist."},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := access.NewMenu(id(9), c.change, tree, now)
			if got := messages(t, err); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestMenuLinksRunNoScriptAndStayOnTheirHost(t *testing.T) {
	const (
		refused = " must be '#', a path that begins with one '/', or an http or https URL."
		control = " contains a character that is not allowed: "
	)
	for link, want := range map[string]string{
		"#": "", "/": "", "/a/b/?c=d#e": "", " /a/ ": "", "/a//b": "", "/javascript:alert(1)": "", "/प्रतिवेदन/": "",
		"http://example.org": "", "https://example.org:8443/a?b=c": "", "HTTPS://EXAMPLE.ORG/": "", "http://[::1]/": "",
		"https://उदाहरण.भारत/": "",
		"javascript:alert(1)":  refused, "JavaScript:alert(1)": refused,
		"java\tscript:alert(1)":   control + "U+0009 (control character) at position 5.",
		"\x01javascript:alert(1)": control + "U+0001 (control character) at position 1.", "java\u00adscript:alert(1)": refused,
		"data:text/html,x": refused, "vbscript:x": refused, "file:///etc/passwd": refused, "mailto:a@example.org": refused,
		"ftp://example.org/": refused,
		"//example.org":      refused, "///example.org": refused, `/\example.org`: refused, `\\example.org`: refused, `/a\b`: refused,
		"/\u200b/example.org": refused, "/a\x00": control + "U+0000 (control character) at position 3.",
		"/\t/example.org":     control + "U+0009 (control character) at position 2.",
		"/\n/example.org":     control + "U+000A (control character) at position 2.",
		"/\u202e/example.org": control + "U+202E (right-to-left override) at position 2.",
		"http:":               refused, "http:/example.org": refused, "http:example.org": refused, "http://": refused, "https:///a": refused,
		"http://:80/":        refused,
		`http:\\example.org`: refused, "https://exa mple.org/": refused, "://example.org": refused, "http://[::1": refused,
		"a": refused, "a/b/": refused, "?a=b": refused, "#a": refused, "##": refused, "./a": refused, "../a": refused, "example.org/a": refused,
	} {
		for _, field := range []struct {
			label string
			set   func(*access.MenuPatch)
		}{
			{"Menu URL", func(c *access.MenuPatch) { c.URL = domain.Some(link) }},
			{"Create URL", func(c *access.MenuPatch) { c.CreateURL = domain.Some(link) }},
			{"List URL", func(c *access.MenuPatch) { c.ListURL = domain.Some(link) }},
		} {
			c := access.MenuPatch{Name: domain.Some("New"), URL: domain.Some("/new/")}
			field.set(&c)
			expected := want
			if want != "" {
				expected = field.label + want
			}
			_, err := access.NewMenu(id(9), c, nil, now)
			if got := messages(t, err); got != expected {
				t.Errorf("%s %q: got %q, want %q", field.label, link, got, expected)
			}
		}
	}
}

func TestLinkOfASubMenuIsAPath(t *testing.T) {
	const (
		refused = "Menu URL must be '#', a path that begins with one '/', or an http or https URL."
		path    = "Sub Menu URL should start with '/'"
	)
	for link, want := range map[string]string{
		"/a/": "", "#": path, "https://example.org/": path, "//example.org": refused, "javascript:x": refused, "a": refused,
	} {
		c := access.MenuPatch{Name: domain.Some("New"), URL: domain.Some(link), ParentID: domain.Some(string(id(1)))}
		_, err := access.NewMenu(id(9), c, chain(1), now)
		if got := messages(t, err); got != want {
			t.Errorf("%q: got %q, want %q", link, got, want)
		}
	}
}

func TestMenuCannotMoveBelowItself(t *testing.T) {
	tree := chain(3)
	for name, c := range map[string]struct {
		parent domain.ID
		want   string
	}{
		"itself":            {id(1), "A menu cannot be its own parent."},
		"its child":         {id(2), "Cannot set parent: this would create a circular reference."},
		"its child's child": {id(3), "Cannot set parent: this would create a circular reference."},
	} {
		t.Run(name, func(t *testing.T) {
			m := tree[0]
			_, err := m.Apply(access.MenuPatch{ParentID: domain.Some(string(c.parent))}, tree, now)
			if got := messages(t, err); got != c.want || m != tree[0] {
				t.Errorf("got %q, want %q; the menu is %+v", got, c.want, m)
			}
		})
	}
}

func TestMovedMenuUpdatesDepthOfDescendants(t *testing.T) {
	tree := append(chain(4), access.Menu{ID: id(8), Name: "root", NameKey: "root", URL: "/root/"})
	depths := func(m access.Menu, moved []access.Menu) (out []int) {
		out = append(out, m.Depth)
		for _, x := range moved {
			out = append(out, x.Depth)
		}
		return out
	}
	m := tree[1]
	moved, err := m.Apply(access.MenuPatch{ParentID: domain.Null[string]()}, tree, now)
	if got := depths(m, moved); err != nil || !reflect.DeepEqual(got, []int{0, 1, 2}) {
		t.Errorf("as a root: depths %v, %v", got, err)
	}
	m = tree[0]
	moved, err = m.Apply(access.MenuPatch{ParentID: domain.Some(string(id(8)))}, tree, now)
	if got := depths(m, moved); err != nil || !reflect.DeepEqual(got, []int{1, 2, 3, 4}) {
		t.Errorf("below another menu: depths %v, %v", got, err)
	}
	m = tree[0]
	moved, err = m.Apply(access.MenuPatch{Name: domain.Some("renamed")}, tree, now)
	if err != nil || moved != nil {
		t.Errorf("only renamed: moved %v, %v", moved, err)
	}
}

func TestMenuDepthIsLimited(t *testing.T) {
	tree := append(chain(access.MaxDepth+1), access.Menu{ID: id(90), Name: "root", NameKey: "root", URL: "/root/"})
	const tooDeep = "Menus can be nested at most 32 levels deep."
	_, err := access.NewMenu(id(99),
		access.MenuPatch{Name: domain.Some("x"), URL: domain.Some("/x/"), ParentID: domain.Some(string(id(access.MaxDepth + 1)))}, tree, now)
	if got := messages(t, err); got != tooDeep {
		t.Errorf("below the deepest menu: %q", got)
	}
	m := tree[0]
	_, err = m.Apply(access.MenuPatch{ParentID: domain.Some(string(id(90)))}, tree, now)
	if got := messages(t, err); got != tooDeep {
		t.Errorf("moving the chain down: %q", got)
	}
}

func TestReplacedMenuReturnsToDefaults(t *testing.T) {
	tree := chain(2)
	m := tree[1]
	m.Icon, m.CreateURL, m.ListURL, m.Visible, m.IsActive, m.DisplayOrder = "i", "/c/", "/l/", false, false, 7
	_, err := m.Apply(access.MenuPatch{Name: domain.Some("a"), URL: domain.Some("/a/")}.Replacement(), tree, now)
	want := access.Menu{ID: id(2), Name: "a", NameKey: "a", URL: "/a/", Visible: true, IsActive: true, UpdatedAt: now}
	if err != nil || m != want {
		t.Errorf("became %+v, %v", m, err)
	}
}
