package demo

import (
	"context"
	"errors"
	"fmt"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// The roles of the made-up accounts. The predefined ones are left alone: what they permit is the desk's to say.
const (
	agentRole    = "demo agent"
	customerRole = "demo customer"
)

// References is what the data stands on. Statuses hold one of each type.
type References struct {
	AgentRole    domain.ID
	CustomerRole domain.ID
	Statuses     map[ticket.StatusType]ticket.Status
	Priorities   []ticket.Priority
	Menus        []ticket.Place
}

// ticketActions is what both may do with the tickets that they reach.
const ticketActions = access.MayView | access.MayCreate | access.MayUpdate

// Prepare gives the ground of a store that was seeded, and adds the two roles where they are missing: agents, who reach
// every ticket, and customers, who reach their own.
func Prepare(ctx context.Context, store ports.Store, clock ports.Clock, newID ports.NewID) (References, error) {
	var g References
	err := store.Update(ctx, func(tx ports.Tx) (err error) {
		l := preparation{ctx, tx, clock, newID}
		if g, err = l.catalog(); err != nil {
			return err
		}
		menus, err := tx.Menus.All(ctx)
		if err != nil {
			return err
		}
		for _, m := range menus {
			g.Menus = append(g.Menus, ticket.Place{ID: m.ID, Name: m.Name})
		}
		if g.AgentRole, err = l.role(agentRole, access.ScopeAll, menus); err != nil {
			return err
		}
		g.CustomerRole, err = l.role(customerRole, access.ScopeOwn, menus)
		return err
	})
	return g, err
}

// preparation is one Lay.
type preparation struct {
	ctx   context.Context
	tx    ports.Tx
	clock ports.Clock
	newID ports.NewID
}

// firstThousand is a page that holds all there is of a short list.
var firstThousand = ports.Page{Number: 1, Size: 1000}

func (l preparation) catalog() (References, error) {
	statuses, _, err := l.tx.Statuses.List(l.ctx, firstThousand)
	if err != nil {
		return References{}, err
	}
	priorities, _, err := l.tx.Priorities.List(l.ctx, firstThousand)
	if err != nil {
		return References{}, err
	}
	if len(priorities) == 0 {
		return References{}, errors.New("there is no ticket priority; seed first")
	}
	g := References{Statuses: map[ticket.StatusType]ticket.Status{}, Priorities: priorities}
	for _, s := range statuses {
		if _, known := g.Statuses[s.StatusType]; !known || s.IsDefault {
			g.Statuses[s.StatusType] = s
		}
	}
	for _, t := range ticket.StatusTypes {
		if _, known := g.Statuses[t]; !known {
			return References{}, fmt.Errorf("there is no ticket status of type %s; seed first", t)
		}
	}
	return g, nil
}

// role gives the role of a name, as it is, or makes it.
func (l preparation) role(name string, scope access.Scope, menus []access.Menu) (domain.ID, error) {
	roles, _, err := l.tx.Roles.List(l.ctx, firstThousand)
	if err != nil {
		return "", err
	}
	for _, r := range roles {
		if r.Name == name {
			return r.ID, nil
		}
	}
	now := l.clock()
	r, err := access.NewRole(l.newID(), access.RolePatch{Name: domain.Some(name), TicketScope: domain.Some(string(scope))}, now)
	if err != nil {
		return "", err
	}
	if err := l.tx.Roles.Add(l.ctx, r); err != nil {
		return "", err
	}
	for _, m := range menus {
		if m.URL == access.TicketsMenu {
			return r.ID, l.tx.RolePermissions.Replace(l.ctx, r.ID, []access.RolePermission{
				access.NewRolePermission(l.newID(), r.ID, m.ID, ticketActions, now),
			})
		}
	}
	return "", errors.New("there is no menu for tickets; seed first")
}
