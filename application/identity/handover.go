package identity

import (
	"context"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Toggled is an account that was activated or deactivated.
type Toggled struct {
	ports.AccountView
	OpenTickets int // active tickets that are assigned to it
}

// HandOver is what a client sends when it deactivates an account: who gets its active tickets. It is not set if they stay as
// they are; null unassigns them.
type HandOver struct {
	To     domain.Optional[string]
	Unread domain.Problems
}

// permitted fails as Forbidden if tickets are to be handed over and the actor may not change every ticket.
func (c HandOver) permitted(actor access.Actor) error {
	if !c.To.Set {
		return nil
	}
	if err := actor.Require(access.TicketsMenu, access.MayUpdate); err != nil {
		return err
	}
	if !actor.SeesAll() {
		return domain.ErrForbidden
	}
	return nil
}

// add adds the job that hands over the tickets of an account that was toggled. It fails as Invalid if the account was activated,
// or if its tickets cannot be assigned to the other one.
func (c HandOver) add(ctx context.Context, tx ports.Tx, a account.Account, actor access.Actor) error {
	p := c.Unread
	if !c.To.Set || len(p) > 0 {
		return p.Err()
	}
	if a.IsActive {
		p.Add("handOverTo", domain.CodeHandOver)
		return p.Err()
	}
	h := ticket.HandOver{From: a.ID, By: actor.ID}
	if !c.To.Null {
		to, ok := domain.ParseID(c.To.Value)
		found, err := tx.Tickets.Find(ctx, ticket.Refs{AssignedTo: to})
		if err != nil {
			return err
		}
		if target := found.AssignedTo; !ok || target == nil || !target.MayBeAssignee() || to == a.ID {
			p.Add("handOverTo", domain.CodeStaff)
			return p.Err()
		}
		h.To = to
	}
	return tx.Jobs.Add(ctx, ports.Job{Kind: ports.HandOverJob, ID: h.ID()})
}
