package desk

import (
	"context"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// everything is a page that is large enough for all entries of a list in a test.
var everything = ports.Page{Number: 1, Size: 100}

// Status returns the status with a code.
func (d *Desk) Status(code string) ticket.Status {
	d.T.Helper()
	return oneNamed(d, d.statuses(), code, func(s ticket.Status) string { return s.Code })
}

// StatusIDs returns the ids of all statuses in list order: open, in progress, pending, resolved, closed, cancelled.
func (d *Desk) StatusIDs() []string {
	d.T.Helper()
	return idsOf(d.statuses(), func(s ticket.Status) domain.ID { return s.ID })
}

// Priority returns the priority with a code.
func (d *Desk) Priority(code string) ticket.Priority {
	d.T.Helper()
	return oneNamed(d, d.priorities(), code, func(p ticket.Priority) string { return p.Code })
}

// PriorityIDs returns the ids of all priorities in list order: critical, high, medium, low.
func (d *Desk) PriorityIDs() []string {
	d.T.Helper()
	return idsOf(d.priorities(), func(p ticket.Priority) domain.ID { return p.ID })
}

// Menu returns the menu with a URL.
func (d *Desk) Menu(url string) access.Menu {
	d.T.Helper()
	return oneNamed(d, d.menus(), url, func(m access.Menu) string { return m.URL })
}

// Role returns the id of the role with a name.
func (d *Desk) Role(name string) domain.ID {
	d.T.Helper()
	return oneNamed(d, d.roles(), name, func(r ports.RoleView) string { return r.Name }).ID
}

// StatusTo returns the field of a patch that sets the status with a code.
func (d *Desk) StatusTo(code string) domain.Optional[string] {
	d.T.Helper()
	return domain.Some(string(d.Status(code).ID))
}

// PriorityTo returns the field of a patch that sets the priority with a code.
func (d *Desk) PriorityTo(code string) domain.Optional[string] {
	d.T.Helper()
	return domain.Some(string(d.Priority(code).ID))
}

// MenuTo returns the field of a patch that sets the menu with a URL.
func (d *Desk) MenuTo(url string) domain.Optional[string] {
	d.T.Helper()
	return domain.Some(string(d.Menu(url).ID))
}

// MemberTo returns the field of a patch that sets the account of a member.
func (d *Desk) MemberTo(name string) domain.Optional[string] {
	d.T.Helper()
	return domain.Some(string(d.ID(name)))
}

func (d *Desk) statuses() (all []ticket.Status) {
	d.T.Helper()
	d.Update(func(ctx context.Context, tx ports.Tx) (err error) {
		all, _, err = tx.Statuses.List(ctx, everything)
		return err
	})
	return all
}

func (d *Desk) priorities() (all []ticket.Priority) {
	d.T.Helper()
	d.Update(func(ctx context.Context, tx ports.Tx) (err error) {
		all, _, err = tx.Priorities.List(ctx, everything)
		return err
	})
	return all
}

func (d *Desk) menus() (all []access.Menu) {
	d.T.Helper()
	d.Update(func(ctx context.Context, tx ports.Tx) (err error) {
		all, err = tx.Menus.All(ctx)
		return err
	})
	return all
}

func (d *Desk) roles() (all []ports.RoleView) {
	d.T.Helper()
	d.Update(func(ctx context.Context, tx ports.Tx) (err error) {
		all, _, err = tx.Roles.List(ctx, everything)
		return err
	})
	return all
}

// oneNamed returns the element of all for which of returns name. If there is none, it ends the test.
func oneNamed[T any](d *Desk, all []T, name string, of func(T) string) (none T) {
	d.T.Helper()
	for _, x := range all {
		if of(x) == name {
			return x
		}
	}
	d.T.Fatalf("there is no %T named %s", none, name)
	return none
}

func idsOf[T any](all []T, of func(T) domain.ID) (ids []string) {
	for _, x := range all {
		ids = append(ids, string(of(x)))
	}
	return ids
}

// Open opens a ticket as a member. If the patch has no title or description, it adds one.
func (d *Desk) Open(as string, c ticket.Patch) ticket.View {
	d.T.Helper()
	if !c.Title.Set {
		c.Title = domain.Some("The printer burns")
	}
	if !c.Description.Set {
		c.Description = domain.Some("Since noon.")
	}
	return Must(d.Tickets.Open(d.ctx(), d.Actor(as), c, nil))(d.T)
}
