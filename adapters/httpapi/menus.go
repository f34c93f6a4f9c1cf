package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
)

// menus are the endpoints of one menu.
func (a *api) menus() resource[access.MenuView, access.MenuChange] {
	use := a.App.Menus
	return resource[access.MenuView, access.MenuChange]{
		name: "Menu", get: use.Get, put: use.Replace, patch: use.Change, remove: use.Delete,
		read: a.readMenu, show: func(v access.MenuView) any { return a.showMenu(v) },
	}
}

func (a *api) listMenus(c *fiber.Ctx, actor access.Actor) error {
	tree, err := a.App.Menus.Tree(c.UserContext(), actor)
	if err != nil {
		return err
	}
	return ok(c, "", struct {
		Menus []menuBranch `json:"menus"`
	}{each(tree, a.showBranch)})
}

func (a *api) createMenu(c *fiber.Ctx, actor access.Actor) error {
	change, err := a.readMenu(c)
	if err != nil {
		return err
	}
	return once(c, func(request *usecase.Once) (access.MenuView, error) {
		return a.App.Menus.Create(c.UserContext(), actor, change, request)
	}, func(v access.MenuView) creation {
		return creation{sentence: "Menu created successfully.", location: "/api/menu/" + string(v.ID) + "/", data: a.showMenu(v)}
	})
}

// menuBody is access.MenuChange as clients send it.
type menuBody struct {
	Name         domain.Change[string] `json:"menuName"`
	URL          domain.Change[string] `json:"menuUrl"`
	CreateURL    domain.Change[string] `json:"createUrl"`
	ListURL      domain.Change[string] `json:"listUrl"`
	ParentID     domain.Change[string] `json:"parentReferenceId"`
	Icon         domain.Change[string] `json:"icon"`
	Visible      domain.Change[bool]   `json:"visibility"`
	DisplayOrder domain.Change[int]    `json:"displayOrder"`
	IsActive     domain.Change[bool]   `json:"isActive"`
	Unread       domain.Problems       `json:"-"`
}

// menuReadOnly are the keys of a menu, alone or in the tree, that no client sets.
var menuReadOnly = append([]string{"parentName", "depth", "hasChildren", "fullPath", "subMenus"}, readOnly...)

func (a *api) readMenu(c *fiber.Ctx) (access.MenuChange, error) {
	var body menuBody
	err := take(&body.Unread, a.bind(c, &body, menuReadOnly...))
	return access.MenuChange(body), err
}

type menuView struct {
	ReferenceID       domain.ID  `json:"referenceId"`
	MenuName          string     `json:"menuName"`
	MenuURL           string     `json:"menuUrl"`
	CreateURL         *string    `json:"createUrl"`
	ListURL           *string    `json:"listUrl"`
	ParentReferenceID *domain.ID `json:"parentReferenceId"` // null on a root
	ParentName        *string    `json:"parentName"`
	Icon              *string    `json:"icon"`
	Visibility        bool       `json:"visibility"`
	DisplayOrder      int        `json:"displayOrder"`
	Depth             int        `json:"depth"`
	HasChildren       bool       `json:"hasChildren"`
	FullPath          string     `json:"fullPath"`
	IsActive          bool       `json:"isActive"`
	CreatedAt         stamp      `json:"createdAt"`
	UpdatedAt         stamp      `json:"updatedAt"`
}

func (a *api) showMenu(v access.MenuView) menuView {
	return menuView{
		ReferenceID: v.ID, MenuName: v.Name, MenuURL: v.URL, CreateURL: orNull(v.CreateURL), ListURL: orNull(v.ListURL),
		ParentReferenceID: orNull(v.ParentID), ParentName: orNull(v.ParentName), Icon: orNull(v.Icon),
		Visibility: v.Visible, DisplayOrder: v.DisplayOrder, Depth: v.Depth, HasChildren: v.HasChildren, FullPath: v.FullPath,
		IsActive: v.IsActive, CreatedAt: a.at(v.CreatedAt), UpdatedAt: a.at(v.UpdatedAt),
	}
}

// menuBranch is a menu with those below it, null on a leaf.
type menuBranch struct {
	menuView
	SubMenus []menuBranch `json:"subMenus"`
}

func (a *api) showBranch(b access.MenuBranch) menuBranch {
	shown := menuBranch{menuView: a.showMenu(b.MenuView)}
	if len(b.Children) > 0 {
		shown.SubMenus = each(b.Children, a.showBranch)
	}
	return shown
}
