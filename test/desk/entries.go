package desk

import (
	"context"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// everything is a page that holds all entries of a list that a test makes.
var everything = ports.Page{Number: 1, Size: 100}

// Status returns the status with a code.
func (d *Desk) Status(code string) ticket.Status {
	d.T.Helper()
	return only(d, d.statuses(), code, func(s ticket.Status) string { return s.Code })
}

// StatusIDs returns the ids of all statuses, in the order in which they are listed: open, in progress, pending,
// resolved, closed, cancelled.
func (d *Desk) StatusIDs() []string {
	d.T.Helper()
	return texts(d.statuses(), func(s ticket.Status) domain.ID { return s.ID })
}

// Priority returns the priority with a code.
func (d *Desk) Priority(code string) ticket.Priority {
	d.T.Helper()
	return only(d, d.priorities(), code, func(p ticket.Priority) string { return p.Code })
}

// PriorityIDs returns the ids of all priorities, in the order in which they are listed: critical, high, medium, low.
func (d *Desk) PriorityIDs() []string {
	d.T.Helper()
	return texts(d.priorities(), func(p ticket.Priority) domain.ID { return p.ID })
}

// Menu returns the menu with a URL.
func (d *Desk) Menu(url string) access.Menu {
	d.T.Helper()
	return only(d, d.menus(), url, func(m access.Menu) string { return m.URL })
}

// Role returns the id of the role with a name.
func (d *Desk) Role(name string) domain.ID {
	d.T.Helper()
	return only(d, d.roles(), name, func(r ports.RoleView) string { return r.Name }).ID
}

// StatusTo is a change to the status with a code.
func (d *Desk) StatusTo(code string) domain.Optional[string] {
	d.T.Helper()
	return domain.Some(string(d.Status(code).ID))
}

// PriorityTo is a change to the priority with a code.
func (d *Desk) PriorityTo(code string) domain.Optional[string] {
	d.T.Helper()
	return domain.Some(string(d.Priority(code).ID))
}

// MenuTo is a change to the menu with a URL.
func (d *Desk) MenuTo(url string) domain.Optional[string] {
	d.T.Helper()
	return domain.Some(string(d.Menu(url).ID))
}

// MemberTo is a change to a member's account.
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

// only returns the one of all that has a name.
func only[T any](d *Desk, all []T, name string, of func(T) string) (none T) {
	d.T.Helper()
	for _, x := range all {
		if of(x) == name {
			return x
		}
	}
	d.T.Fatalf("there is no %T that is called %s", none, name)
	return none
}

func texts[T any](all []T, of func(T) domain.ID) (ids []string) {
	for _, x := range all {
		ids = append(ids, string(of(x)))
	}
	return ids
}

// Open opens a ticket as a member; a title and description are given if the change has none.
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
