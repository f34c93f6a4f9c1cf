package access

import (
	"slices"
	"time"

	"tickt/domain"
)

// Names of predefined roles that the service itself refers to.
const (
	AdminRole      = "admin"      // holds every permission on every menu
	SupervisorRole = "supervisor" // is told of what nobody is assigned to
)

const maxRoleName = 150

// ErrPredefined refuses any change of a predefined role; what it permits on menus can be changed.
var ErrPredefined = domain.Fail(domain.Conflict, "You cannot modify or delete predefined roles.")

// RolePatch is what a client says of a role; on a new one, what it leaves out takes its default.
type RolePatch struct {
	Name        domain.Optional[string]
	TicketScope domain.Optional[string] // ScopeOwn by default
	Unread      domain.Problems         // with fields that could not be read at all, to be reported with the others
}

// Replacement is what PUT means: everything that was left out returns to its default.
func (c RolePatch) Replacement() RolePatch {
	return RolePatch{Name: c.Name.OrNull(), TicketScope: c.TicketScope.OrNull(), Unread: c.Unread}
}

// NewRole makes a role from what a client says of it.
func NewRole(id domain.ID, c RolePatch, now time.Time) (Role, error) {
	r := Role{ID: id, CreatedAt: now}
	err := r.Apply(c.Replacement(), now)
	return r, err
}

// PredefinedRole makes one of the roles that seeding lays down.
func PredefinedRole(id domain.ID, name string, scope Scope, now time.Time) Role {
	return Role{ID: id, Name: domain.FoldCase(name), TicketScope: scope, IsPredefined: true, CreatedAt: now, UpdatedAt: now}
}

// Apply changes the role. It fails with ErrPredefined, or lists every problem; the role is then as it was.
func (r *Role) Apply(c RolePatch, now time.Time) error {
	if err := r.MayChange(); err != nil {
		return err
	}
	p := slices.Clone(c.Unread)
	n := *r
	n.Name = domain.FoldCase(p.Text("name", "Role name", c.Name.Or(r.Name), maxRoleName, domain.RequiredName))
	n.TicketScope = Scope(c.TicketScope.Or(string(r.TicketScope)))
	if c.TicketScope.Null {
		n.TicketScope = ScopeOwn
	}
	if n.TicketScope != ScopeOwn && n.TicketScope != ScopeAll {
		p.Add("ticketScope", domain.CodeChoice, domain.Params{"what": domain.TermScope, "choices": domain.Names([]Scope{ScopeAll, ScopeOwn})})
	}
	if err := p.Err(); err != nil {
		return err
	}
	n.UpdatedAt = now
	*r = n
	return nil
}

// MayChange fails with ErrPredefined where the role can be neither changed nor deleted.
func (r Role) MayChange() error {
	if r.IsPredefined {
		return ErrPredefined
	}
	return nil
}
