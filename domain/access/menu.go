package access

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/namekey"
	"tickt/domain/text"
)

// NoURL is the URL of a menu that only groups other menus. Any number of menus may have it.
const NoURL = "#"

// MaxDepth is the largest depth of a menu; roots have depth 0.
const MaxDepth = 31

// MaxDisplayOrder is the largest display order; the smallest is 0.
const MaxDisplayOrder = 1_000_000

const (
	maxMenuName = 200
	maxURL      = 200
	maxIcon     = 100
)

// MenuPatch is what a client sends of a menu. In a new menu, absent fields take their defaults. ParentID is held as the
// client sent it; a text that is not an ID refers to no menu.
type MenuPatch struct {
	Name         domain.Optional[string]
	URL          domain.Optional[string]
	CreateURL    domain.Optional[string]
	ListURL      domain.Optional[string]
	ParentID     domain.Optional[string]
	Icon         domain.Optional[string]
	Visible      domain.Optional[bool] // true by default
	DisplayOrder domain.Optional[int]
	IsActive     domain.Optional[bool] // true by default
	Unread       domain.Problems       // problems of fields that could not be read; reported with the others
}

// Replacement returns the patch that PUT applies: absent fields return to their defaults, or are reported as missing.
func (c MenuPatch) Replacement() MenuPatch {
	return MenuPatch{
		Name: c.Name.OrNull(), URL: c.URL.OrNull(), CreateURL: c.CreateURL.OrNull(), ListURL: c.ListURL.OrNull(),
		ParentID: c.ParentID.OrNull(), Icon: c.Icon.OrNull(), Visible: c.Visible.OrNull(),
		DisplayOrder: c.DisplayOrder.OrNull(), IsActive: c.IsActive.OrNull(), Unread: c.Unread,
	}
}

// NewMenu returns a new menu. all are all existing menus; the error is as that of Apply.
func NewMenu(id domain.ID, c MenuPatch, all []Menu, now time.Time) (Menu, error) {
	m := Menu{ID: id, CreatedAt: now}
	_, err := m.Apply(c.Replacement(), all, now)
	return m, err
}

// Apply changes the menu. all are all menus as stored, including this one; names and URLs must be unique among them. moved
// are the menus below it whose depth changes because the menu moves; they must be stored too. The error is Invalid and
// lists every problem; the menu is then unchanged. If nothing changes, UpdatedAt stays.
func (m *Menu) Apply(c MenuPatch, all []Menu, now time.Time) (moved []Menu, err error) {
	p := slices.Clone(c.Unread)
	n := *m
	n.Name = p.ChangedText("menuName", "Menu name", c.Name, m.Name, maxMenuName, domain.Required)
	n.NameKey = namekey.Of(m.NameKey, m.Name, n.Name)
	n.URL = readLink(&p, "menuUrl", "Menu URL", c.URL, m.URL, domain.Required)
	n.CreateURL = readLink(&p, "createUrl", "Create URL", c.CreateURL, m.CreateURL)
	n.ListURL = readLink(&p, "listUrl", "List URL", c.ListURL, m.ListURL)
	n.Icon = p.ChangedText("icon", "Icon", c.Icon, m.Icon, maxIcon)
	n.Visible = c.Visible.Or(m.Visible) || c.Visible.Null
	n.IsActive = c.IsActive.Or(m.IsActive) || c.IsActive.Null
	n.DisplayOrder = c.DisplayOrder.Or(m.DisplayOrder)
	n.checkOrder(&p)
	n.setParent(&p, c.ParentID, all)
	if (c.URL.Set || c.ParentID.Set) && n.ParentID != "" && n.URL != "" && !strings.HasPrefix(n.URL, "/") {
		p.AddOnce("menuUrl", domain.CodeSubMenuURL)
	}
	n.checkUnique(&p, all)
	moved = n.moveDescendants(&p, m.Depth, all, now)
	if err := p.Err(); err != nil {
		return nil, err
	}
	if !domain.Same(n, *m) {
		n.UpdatedAt = now
	}
	*m = n
	return moved, nil
}

// readLink returns the link in a patch, or else the stored one. A stored link stays, whatever it is, until another is sent.
func readLink(
	p *domain.Problems, field string, label domain.Term, c domain.Optional[string], stored string, rules ...domain.TextRule,
) string {
	link := p.ChangedText(field, label, c, stored, maxURL, rules...)
	if c.Set && link != "" && !isLink(link) {
		p.AddOnce(field, domain.CodeLink, domain.Params{"label": label})
	}
	return link
}

// isLink reports whether browsers can follow a link without running a script: it is NoURL, a path on the same host, or an
// http or https URL. Browsers read two slashes, or a slash and a backslash, as the beginning of another host.
func isLink(text string) bool {
	switch {
	case strings.Contains(text, `\`):
		return false
	case strings.HasPrefix(text, "/"):
		return !strings.HasPrefix(text, "//")
	case text == NoURL:
		return true
	}
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

// UnsafeLink reports whether a stored link could run a script or lead to another host in disguise: it has another scheme than
// http and https, a backslash, or two slashes at the beginning. A relative link, which clients can no longer send, is safe.
func UnsafeLink(text string) bool {
	lower := strings.ToLower(text)
	switch {
	case isLink(text):
		return false
	case strings.Contains(text, `\`) || strings.HasPrefix(text, "//"):
		return true
	}
	return strings.Contains(text, ":") && !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://")
}

func (m *Menu) checkOrder(p *domain.Problems) {
	switch {
	case m.DisplayOrder < 0:
		p.Add("displayOrder", domain.CodeNegative, domain.Params{"label": domain.TermDisplayOrder})
	case m.DisplayOrder > MaxDisplayOrder:
		p.Add("displayOrder", domain.CodeTooLarge, domain.Params{"label": domain.TermDisplayOrder, "limit": MaxDisplayOrder})
	}
}

// setParent moves the menu below the parent in the patch, or to the root if that is null or blank. If it is absent, the
// menu stays where it is.
func (m *Menu) setParent(p *domain.Problems, c domain.Optional[string], all []Menu) {
	if !c.Set {
		return
	}
	name := strings.TrimSpace(c.Value)
	if name == "" {
		m.ParentID, m.Depth = "", 0
		return
	}
	id, _ := domain.ParseID(name)
	parent, ok := FindMenu(all, id)
	switch {
	case id != "" && id == m.ID:
		p.Add("parentReferenceId", domain.CodeOwnParent)
	case !ok:
		p.Add("parentReferenceId", domain.CodeUnknownParent)
	case isBelow(parent, m.ID, all):
		p.Add("parentReferenceId", domain.CodeCircle)
	default:
		m.ParentID, m.Depth = parent.ID, parent.Depth+1
	}
}

// isBelow reports whether m is a descendant of the menu top.
func isBelow(m Menu, top domain.ID, all []Menu) bool {
	for m.ParentID != "" && m.ParentID != top {
		above, ok := FindMenu(all, m.ParentID)
		if !ok {
			return false
		}
		m = above
	}
	return m.ParentID != ""
}

func (m *Menu) checkUnique(p *domain.Problems, all []Menu) {
	for _, x := range all {
		if x.ID == m.ID {
			continue
		}
		if (x.NameKey == m.NameKey || text.Key(x.Name) == m.NameKey) && !p.Has("menuName") {
			p.Add("menuName", domain.CodeTakenBy, domain.Params{"thing": domain.TermMenu, "by": domain.TermName, "value": m.Name})
		}
		if x.URL == m.URL && m.URL != NoURL && !p.Has("menuUrl") {
			p.Add("menuUrl", domain.CodeTakenBy, domain.Params{"thing": domain.TermMenu, "by": domain.TermURL, "value": m.URL})
		}
	}
}

// moveDescendants returns the descendants of the menu with their new depths, if its depth is no longer from. It adds a
// problem if a menu becomes too deep.
func (m *Menu) moveDescendants(p *domain.Problems, from int, all []Menu, now time.Time) (moved []Menu) {
	deepest := m.Depth
	if m.Depth != from {
		below := children(all)
		var move func(top domain.ID)
		move = func(top domain.ID) {
			for _, x := range below[top] {
				x.Depth, x.UpdatedAt = x.Depth+m.Depth-from, now
				deepest = max(deepest, x.Depth)
				moved = append(moved, x)
				move(x.ID)
			}
		}
		move(m.ID)
	}
	if deepest > MaxDepth {
		p.Add("parentReferenceId", domain.CodeTooDeep, domain.Params{"limit": MaxDepth + 1})
	}
	return moved
}

// SetKey sets the key of the name to one that was derived again.
func (m *Menu) SetKey(key string) { m.NameKey = key }
