package access

import (
	"slices"
	"strings"
	"time"

	"tickt/domain"
)

// NoURL is the URL of a menu that is a mere parent and leads nowhere; any number of menus may have it.
const NoURL = "#"

// MaxDepth is the depth of the deepest menu: roots have 0.
const MaxDepth = 31

// MaxDisplayOrder bounds display orders; the least is 0.
const MaxDisplayOrder = 1_000_000

const (
	maxMenuName = 200
	maxURL      = 200
	maxIcon     = 100
)

// MenuPatch is what a client says of a menu; on a new one, what it leaves out takes its default. The parent's
// id is held as it came; one that is no ID names nothing.
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
	Unread       domain.Problems       // with fields that could not be read at all, to be reported with the others
}

// Replacement is what PUT means: everything that was left out returns to its default.
func (c MenuPatch) Replacement() MenuPatch {
	return MenuPatch{
		Name: c.Name.OrNull(), URL: c.URL.OrNull(), CreateURL: c.CreateURL.OrNull(), ListURL: c.ListURL.OrNull(),
		ParentID: c.ParentID.OrNull(), Icon: c.Icon.OrNull(), Visible: c.Visible.OrNull(),
		DisplayOrder: c.DisplayOrder.OrNull(), IsActive: c.IsActive.OrNull(), Unread: c.Unread,
	}
}

// NewMenu makes a menu from what a client says of it. all are the menus that there are.
func NewMenu(id domain.ID, c MenuPatch, all []Menu, now time.Time) (Menu, error) {
	m := Menu{ID: id, CreatedAt: now}
	_, err := m.Apply(c.Replacement(), all, now)
	return m, err
}

// Apply changes the menu. all are the menus that there are, this one as it was included; names and URLs
// must be unique among them. moved are the menus below it whose depth its move has changed, to be stored
// as well. The error lists every problem; the menu is then as it was.
func (m *Menu) Apply(c MenuPatch, all []Menu, now time.Time) (moved []Menu, err error) {
	p := slices.Clone(c.Unread)
	n := *m
	n.Name = p.Text("menuName", "Menu name", c.Name.Or(m.Name), maxMenuName, domain.Required)
	n.NameKey = domain.FoldCase(n.Name)
	n.URL = p.Text("menuUrl", "Menu URL", c.URL.Or(m.URL), maxURL, domain.Required)
	n.CreateURL = p.Text("createUrl", "Create URL", c.CreateURL.Or(m.CreateURL), maxURL)
	n.ListURL = p.Text("listUrl", "List URL", c.ListURL.Or(m.ListURL), maxURL)
	n.Icon = p.Text("icon", "Icon", c.Icon.Or(m.Icon), maxIcon)
	n.Visible = c.Visible.Or(m.Visible) || c.Visible.Null
	n.IsActive = c.IsActive.Or(m.IsActive) || c.IsActive.Null
	n.DisplayOrder = c.DisplayOrder.Or(m.DisplayOrder)
	n.checkOrder(&p)
	n.hang(&p, c.ParentID, all)
	if n.ParentID != "" && n.URL != "" && !p.Has("menuUrl") && !strings.HasPrefix(n.URL, "/") {
		p.Add("menuUrl", domain.CodeSubMenuURL)
	}
	n.checkUnique(&p, all)
	moved = n.sink(&p, m.Depth, all, now)
	if err := p.Err(); err != nil {
		return nil, err
	}
	n.UpdatedAt = now
	*m = n
	return moved, nil
}

func (m *Menu) checkOrder(p *domain.Problems) {
	switch {
	case m.DisplayOrder < 0:
		p.Add("displayOrder", domain.CodeNegative, domain.Params{"label": domain.TermDisplayOrder})
	case m.DisplayOrder > MaxDisplayOrder:
		p.Add("displayOrder", domain.CodeTooLarge, domain.Params{"label": domain.TermDisplayOrder, "limit": MaxDisplayOrder})
	}
}

// hang puts the menu below the parent that a client names, if it names one.
func (m *Menu) hang(p *domain.Problems, c domain.Optional[string], all []Menu) {
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

// isBelow says whether a menu lies anywhere below another.
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
		if x.NameKey == m.NameKey && !p.Has("menuName") {
			p.Add("menuName", domain.CodeTakenBy, domain.Params{"thing": domain.TermMenu, "by": domain.TermName, "value": m.Name})
		}
		if x.URL == m.URL && m.URL != NoURL && !p.Has("menuUrl") {
			p.Add("menuUrl", domain.CodeTakenBy, domain.Params{"thing": domain.TermMenu, "by": domain.TermURL, "value": m.URL})
		}
	}
}

// sink gives what lies below a menu that came from another depth, at the depth where it now is.
func (m *Menu) sink(p *domain.Problems, from int, all []Menu, now time.Time) (moved []Menu) {
	deepest := m.Depth
	if m.Depth != from {
		below := children(all)
		var sink func(top domain.ID)
		sink = func(top domain.ID) {
			for _, x := range below[top] {
				x.Depth, x.UpdatedAt = x.Depth+m.Depth-from, now
				deepest = max(deepest, x.Depth)
				moved = append(moved, x)
				sink(x.ID)
			}
		}
		sink(m.ID)
	}
	if deepest > MaxDepth {
		p.Add("parentReferenceId", domain.CodeTooDeep, domain.Params{"limit": MaxDepth + 1})
	}
	return moved
}
