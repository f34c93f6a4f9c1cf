package access

import (
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/namekey"
	"tickt/domain/text"
)

// Names of predefined roles that the service itself uses.
const (
	AdminRole      = "admin"      // holds every permission on every menu
	SupervisorRole = "supervisor" // receives unassigned tickets by default
)

const maxRoleName = 150

// ErrPredefined is the error of changing or deleting a predefined role. Its permissions on menus can be changed.
var ErrPredefined = domain.FailFor(domain.ReasonPredefined, "You cannot modify or delete predefined roles.")

// RolePatch is what a client sends of a role. In a new role, absent fields take their defaults.
type RolePatch struct {
	Name        domain.Optional[string]
	TicketScope domain.Optional[string] // ScopeOwn by default
	Receives    domain.Optional[bool]   // false by default
	Unread      domain.Problems         // problems of fields that could not be read; reported with the others
}

// Replacement returns the patch that PUT applies: absent fields return to their defaults, or are reported as missing.
func (c RolePatch) Replacement() RolePatch {
	return RolePatch{Name: c.Name.OrNull(), TicketScope: c.TicketScope.OrNull(), Receives: c.Receives.OrNull(), Unread: c.Unread}
}

// NewRole returns a new role. The error is as that of Apply.
func NewRole(id domain.ID, c RolePatch, now time.Time) (Role, error) {
	r := Role{ID: id, CreatedAt: now}
	err := r.Apply(c.Replacement(), now)
	return r, err
}

// PredefinedRole returns one of the roles that seeding creates.
func PredefinedRole(id domain.ID, name string, scope Scope, now time.Time) Role {
	r := Role{ID: id, Name: text.Lower(name), TicketScope: scope, IsPredefined: true, CreatedAt: now, UpdatedAt: now}
	r.NameKey, r.ReceivesUnassigned = text.Key(r.Name), r.Name == SupervisorRole
	return r
}

// Apply changes the role. The error is ErrPredefined, or Invalid with every problem; the role is then unchanged. If nothing
// changes, UpdatedAt stays.
func (r *Role) Apply(c RolePatch, now time.Time) error {
	if err := r.MayChange(); err != nil {
		return err
	}
	p := slices.Clone(c.Unread)
	n := *r
	n.Name = text.Lower(p.ChangedText("name", "Role name", c.Name, r.Name, maxRoleName, domain.RequiredName))
	n.NameKey = namekey.Of(r.NameKey, r.Name, n.Name)
	n.TicketScope = Scope(c.TicketScope.Or(string(r.TicketScope)))
	if c.TicketScope.Null {
		n.TicketScope = ScopeOwn
	}
	n.ReceivesUnassigned = c.Receives.Or(r.ReceivesUnassigned) && !c.Receives.Null
	if n.TicketScope != ScopeOwn && n.TicketScope != ScopeAll {
		p.Add("ticketScope", domain.CodeChoice, domain.Params{"what": domain.TermScope, "choices": domain.Names([]Scope{ScopeAll, ScopeOwn})})
	}
	if err := p.Err(); err != nil {
		return err
	}
	if !domain.Same(n, *r) {
		n.UpdatedAt = now
	}
	*r = n
	return nil
}

// MayChange fails with ErrPredefined if the role is predefined, and so can be neither changed nor deleted.
func (r Role) MayChange() error {
	if r.IsPredefined {
		return ErrPredefined
	}
	return nil
}

// SetKey sets the key of the name to one that was derived again.
func (r *Role) SetKey(key string) { r.NameKey = key }
