package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
)

// menus are the endpoints of one menu.
func (a *api) menus() resource[access.MenuView, access.MenuPatch] {
	use := a.App.Menus
	return resource[access.MenuView, access.MenuPatch]{
		name: "Menu", get: use.Get, put: use.Replace, patch: use.Update, remove: use.Delete,
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

// ticketMenuView is a menu for choosing the one of a ticket.
type ticketMenuView struct {
	ReferenceID domain.ID `json:"referenceId"`
	MenuName    string    `json:"menuName"`
	FullPath    string    `json:"fullPath"`
}

func (a *api) listTicketMenus(c *fiber.Ctx, actor access.Actor) error {
	menus, err := a.App.Menus.ForTickets(c.UserContext(), actor)
	if err != nil {
		return err
	}
	return ok(c, "", struct {
		Menus []ticketMenuView `json:"menus"`
	}{each(menus, func(v access.MenuView) ticketMenuView { return ticketMenuView{v.ID, v.Name, v.FullPath} })})
}

func (a *api) createMenu(c *fiber.Ctx, actor access.Actor) error {
	change, err := a.readMenu(c)
	if err != nil {
		return err
	}
	return idempotent(c, func(request *usecase.Idempotency) (access.MenuView, error) {
		return a.App.Menus.Create(c.UserContext(), actor, change, request)
	}, func(v access.MenuView) creation {
		return creation{sentence: "Menu created successfully.", location: "/api/menu/" + string(v.ID) + "/", data: a.showMenu(v)}
	})
}

// menuBody is the JSON form of access.MenuPatch.
type menuBody struct {
	Name         domain.Optional[string] `json:"menuName"`
	URL          domain.Optional[string] `json:"menuUrl"`
	CreateURL    domain.Optional[string] `json:"createUrl"`
	ListURL      domain.Optional[string] `json:"listUrl"`
	ParentID     domain.Optional[string] `json:"parentReferenceId"`
	Icon         domain.Optional[string] `json:"icon"`
	Visible      domain.Optional[bool]   `json:"visibility"`
	DisplayOrder domain.Optional[int]    `json:"displayOrder"`
	IsActive     domain.Optional[bool]   `json:"isActive"`
	Unread       domain.Problems         `json:"-"`
}

// menuReadOnly are the read-only keys of a menu, alone or in the tree.
var menuReadOnly = append([]string{"parentName", "depth", "hasChildren", "fullPath", "subMenus"}, readOnly...)

func (a *api) readMenu(c *fiber.Ctx) (access.MenuPatch, error) {
	var body menuBody
	err := take(&body.Unread, a.bind(c, &body, menuReadOnly...))
	return access.MenuPatch(body), err
}

type menuView struct {
	ReferenceID       domain.ID  `json:"referenceId"`
	MenuName          string     `json:"menuName"`
	MenuURL           string     `json:"menuUrl"`
	CreateURL         *string    `json:"createUrl"`
	ListURL           *string    `json:"listUrl"`
	ParentReferenceID *domain.ID `json:"parentReferenceId"` // null for a root
	ParentName        *string    `json:"parentName"`
	Icon              *string    `json:"icon"`
	Visibility        bool       `json:"visibility"`
	DisplayOrder      int        `json:"displayOrder"`
	Depth             int        `json:"depth"`
	HasChildren       bool       `json:"hasChildren"`
	FullPath          string     `json:"fullPath"`
	IsActive          bool       `json:"isActive"`
	CreatedAt         timestamp  `json:"createdAt"`
	UpdatedAt         timestamp  `json:"updatedAt"`
}

func (a *api) showMenu(v access.MenuView) menuView {
	return menuView{
		ReferenceID: v.ID, MenuName: v.Name, MenuURL: v.URL, CreateURL: orNull(v.CreateURL), ListURL: orNull(v.ListURL),
		ParentReferenceID: orNull(v.ParentID), ParentName: orNull(v.ParentName), Icon: orNull(v.Icon),
		Visibility: v.Visible, DisplayOrder: v.DisplayOrder, Depth: v.Depth, HasChildren: v.HasChildren, FullPath: v.FullPath,
		IsActive: v.IsActive, CreatedAt: a.timestamp(v.CreatedAt), UpdatedAt: a.timestamp(v.UpdatedAt),
	}
}

// menuBranch is a menu with its submenus, null for a leaf.
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
