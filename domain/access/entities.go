package access

import (
	"time"

	"tickt/domain"
)

// Role is a named set of permissions with a ticket scope.
type Role struct {
	ID          domain.ID
	Name        string // lower-case, trimmed
	NameKey     string // key of Name, unique; "" until it is derived from a name that an earlier release wrote
	TicketScope Scope
	// ReceivesUnassigned reports whether its accounts are notified in the place of the assignee if no one is assigned.
	ReceivesUnassigned bool
	IsPredefined       bool // created only by seeding; it cannot be changed or deleted
	CreatedAt          time.Time
	UpdatedAt          time.Time
}

// Menu is a place in the menu tree; a resource is guarded by the menu that has its URL.
type Menu struct {
	ID           domain.ID
	Name         string
	NameKey      string // key of Name, unique
	URL          string // unique, or NoURL for a menu that only groups others
	CreateURL    string
	ListURL      string
	ParentID     domain.ID // "" for a root
	Icon         string
	Visible      bool
	DisplayOrder int
	Depth        int // 0 for a root; derived from the parent
	IsActive     bool
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// RolePermission is what the accounts of a role may do on a menu. There is at most one for each role and menu.
type RolePermission struct {
	ID        domain.ID
	RoleID    domain.ID
	MenuID    domain.ID
	Actions   Actions
	CreatedAt time.Time
	UpdatedAt time.Time
}

// AccountPermission is an assignment: it replaces, for one account and menu, the permission of the role. Without any
// action it refuses.
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
