package access

import (
	"time"

	"tickt/domain"
)

// Role is a named set of permissions with the reach of its ticket permissions.
type Role struct {
	ID           domain.ID
	Name         string // lower-case, trimmed, unique
	TicketScope  Scope
	IsPredefined bool // made by seeding only, never changed
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Menu is a place in the menu tree; a resource is guarded by the menu that has its URL.
type Menu struct {
	ID           domain.ID
	Name         string
	NameKey      string // the folded name, unique
	URL          string // "#" on a mere parent, else unique
	CreateURL    string
	ListURL      string
	ParentID     domain.ID // "" on a root
	Icon         string
	Visible      bool
	DisplayOrder int
	Depth        int // 0 on a root; derived from the parent
	IsActive     bool
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// RolePermission is what the accounts of a role may do on a menu; one for each role and menu.
type RolePermission struct {
	ID        domain.ID
	RoleID    domain.ID
	MenuID    domain.ID
	Actions   Actions
	CreatedAt time.Time
	UpdatedAt time.Time
}

// AccountPermission replaces, for one account and menu, what its role says; it may also refuse.
type AccountPermission struct {
	ID         domain.ID
	AccountID  domain.ID
	MenuID     domain.ID
	Actions    Actions
	AssignedBy domain.ID
	AssignedAt time.Time
	CreatedAt  time.Time
	UpdatedAt  time.Time
}
