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

// The roles of the generated accounts. The predefined roles are not used, because the desk decides what they permit.
const (
	agentRole    = "demo agent"
	customerRole = "demo customer"
)

// References is what the generated data refers to. Statuses has one status of each type.
type References struct {
	AgentRole    domain.ID
	CustomerRole domain.ID
	Statuses     map[ticket.StatusType]ticket.Status
	Priorities   []ticket.Priority
	Menus        []ticket.MenuRef
}

// ticketActions is what both roles permit on tickets.
const ticketActions = access.MayView | access.MayCreate | access.MayUpdate

// Prepare returns the References of a seeded store. It adds the two roles if they are missing: agents with scope all and
// customers with scope own.
func Prepare(ctx context.Context, store ports.Store, clock ports.Clock, newID ports.NewID) (References, error) {
	var refs References
	err := store.Update(ctx, func(tx ports.Tx) (err error) {
		p := preparation{ctx, tx, clock, newID}
		if refs, err = p.catalog(); err != nil {
			return err
		}
		menus, err := tx.Menus.All(ctx)
		if err != nil {
			return err
		}
		for _, m := range menus {
			refs.Menus = append(refs.Menus, ticket.MenuRef{ID: m.ID, Name: m.Name})
		}
		if refs.AgentRole, err = p.role(agentRole, access.ScopeAll, menus); err != nil {
			return err
		}
		refs.CustomerRole, err = p.role(customerRole, access.ScopeOwn, menus)
		return err
	})
	return refs, err
}

// preparation is one call of Prepare.
type preparation struct {
	ctx   context.Context
	tx    ports.Tx
	clock ports.Clock
	newID ports.NewID
}

// firstThousand is a page large enough for every entry of a short list.
var firstThousand = ports.Page{Number: 1, Size: 1000}

func (p preparation) catalog() (References, error) {
	statuses, _, err := p.tx.Statuses.List(p.ctx, firstThousand)
	if err != nil {
		return References{}, err
	}
	priorities, _, err := p.tx.Priorities.List(p.ctx, firstThousand)
	if err != nil {
		return References{}, err
	}
	if len(priorities) == 0 {
		return References{}, errors.New("no ticket priority; seed first")
	}
	refs := References{Statuses: map[ticket.StatusType]ticket.Status{}, Priorities: priorities}
	for _, s := range statuses {
		if _, known := refs.Statuses[s.StatusType]; !known || s.IsDefault {
			refs.Statuses[s.StatusType] = s
		}
	}
	for _, t := range ticket.StatusTypes {
		if _, known := refs.Statuses[t]; !known {
			return References{}, fmt.Errorf("no ticket status of type %s; seed first", t)
		}
	}
	return refs, nil
}

// role returns the role with the given name. If there is none, it adds one.
func (p preparation) role(name string, scope access.Scope, menus []access.Menu) (domain.ID, error) {
	roles, _, err := p.tx.Roles.List(p.ctx, firstThousand)
	if err != nil {
		return "", err
	}
	for _, r := range roles {
		if r.Name == name {
			return r.ID, nil
		}
	}
	now := p.clock()
	r, err := access.NewRole(p.newID(), access.RolePatch{Name: domain.Some(name), TicketScope: domain.Some(string(scope))}, now)
	if err != nil {
		return "", err
	}
	if err := p.tx.Roles.Add(p.ctx, r); err != nil {
		return "", err
	}
	for _, m := range menus {
		if m.URL == access.TicketsMenu {
			return r.ID, p.tx.RolePermissions.Replace(p.ctx, r.ID, []access.RolePermission{
				access.NewRolePermission(p.newID(), r.ID, m.ID, ticketActions, now),
			})
		}
	}
	return "", errors.New("no menu for tickets; seed first")
}
