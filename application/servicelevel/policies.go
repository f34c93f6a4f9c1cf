// Package servicelevel holds the use cases of service levels: calendars, policies, the clocks of tickets, and the sweep
// that lets time pass for them.
package servicelevel

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/namekey"
	"tickt/domain/sla"
	"tickt/domain/text"
	"tickt/ports"
)

// Policies are the use cases of SLA policies.
type Policies struct {
	usecase.Base
	Clocks *Clocks

	// ForecastTime is how long a forecast may take within a request; 0 is five seconds.
	ForecastTime time.Duration
}

// List returns a page of the policies, by position.
func (s *Policies) List(ctx context.Context, actor access.Actor, page ports.Page) (usecase.List[sla.Policy], error) {
	if err := usecase.May(actor, access.PoliciesMenu, access.MayView); err != nil {
		return usecase.List[sla.Policy]{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (usecase.List[sla.Policy], error) {
		return usecase.Listed(tx.Policies.List(ctx, page))
	})
}

// Get returns one policy.
func (s *Policies) Get(ctx context.Context, actor access.Actor, id domain.ID) (sla.Policy, error) {
	if err := usecase.May(actor, access.PoliciesMenu, access.MayView); err != nil {
		return sla.Policy{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (sla.Policy, error) { return tx.Policies.Get(ctx, id) })
}

// Create creates a policy, at the last position unless c sets one.
func (s *Policies) Create(ctx context.Context, actor access.Actor, c sla.PolicyPatch, once *usecase.Idempotency) (sla.Policy, error) {
	if err := usecase.MayCreate(ctx, s.Base, actor, access.PoliciesMenu, once); err != nil {
		return sla.Policy{}, err
	}
	return usecase.Create(ctx, s.Base, once, func(tx ports.Tx) (sla.Policy, error) {
		known, err := readKnown(ctx, tx, c, true)
		if err != nil {
			return sla.Policy{}, err
		}
		x, invalid := sla.NewPolicy(s.NewID(), c, known, s.Clock())
		if err := validatePolicy(ctx, tx, x, c, invalid); err != nil {
			return sla.Policy{}, err
		}
		return x, usecase.Raced(tx.Policies.Add(ctx, x), policyTaken(x.Name, x.Position))
	})
}

// Update changes the fields that are set in c.
func (s *Policies) Update(ctx context.Context, actor access.Actor, id domain.ID, c sla.PolicyPatch,
	match usecase.Match[sla.Policy],
) (sla.Policy, error) {
	if err := usecase.May(actor, access.PoliciesMenu, access.MayUpdate); err != nil {
		return sla.Policy{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (sla.Policy, error) {
		known, err := readKnown(ctx, tx, c, c.Position.Given())
		if err != nil {
			return sla.Policy{}, err
		}
		x, err := lockPolicy(ctx, tx, id, match)
		if err != nil {
			return sla.Policy{}, err
		}
		before := x
		invalid := x.Apply(c, known, s.Clock())
		if err := validatePolicy(ctx, tx, x, c, invalid); err != nil {
			return sla.Policy{}, err
		}
		if domain.Same(before, x) {
			return x, nil
		}
		return x, usecase.Raced(tx.Policies.Save(ctx, x), policyTaken(x.Name, x.Position))
	})
}

// Replace replaces the policy by c: absent fields return to their defaults, except the position, which is kept.
func (s *Policies) Replace(ctx context.Context, actor access.Actor, id domain.ID, c sla.PolicyPatch,
	match usecase.Match[sla.Policy],
) (sla.Policy, error) {
	return s.Update(ctx, actor, id, c.Replacement(), match)
}

// Delete removes a policy. It fails as Conflict while clocks are open by it. What it has promised for tickets whose clocks
// are over remains.
func (s *Policies) Delete(ctx context.Context, actor access.Actor, id domain.ID, match usecase.Match[sla.Policy]) error {
	if err := usecase.May(actor, access.PoliciesMenu, access.MayDelete); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		if _, err := lockPolicy(ctx, tx, id, match); err != nil {
			return err
		}
		open, err := tx.Policies.OpenClocks(ctx, id)
		if err != nil {
			return err
		}
		if open > 0 {
			return policyInUse(open)
		}
		return tx.Policies.Remove(ctx, id)
	})
}

// policyInUse is the error of removing a policy by which so many clocks are open.
func policyInUse(clocks int) error {
	run := "clocks run"
	if clocks == 1 {
		run = "clock runs"
	}
	return domain.FailFor(domain.ReasonInUse, fmt.Sprintf("%d %s by this SLA policy. Deactivate it and recompute it first.", clocks, run))
}

// lockPolicy locks a policy, and fails as Stale if it is not the one that the client saw.
func lockPolicy(ctx context.Context, tx ports.Tx, id domain.ID, match usecase.Match[sla.Policy]) (sla.Policy, error) {
	x, err := tx.Policies.Lock(ctx, id)
	if err != nil {
		return x, err
	}
	return x, match.Holds(x)
}

// readKnown reads what a patch refers to. If position is set, it locks the positions until the transaction ends,
// because a policy is added or moved.
func readKnown(ctx context.Context, tx ports.Tx, c sla.PolicyPatch, position bool) (known sla.Known, err error) {
	last := 0
	if position {
		if last, err = tx.Policies.LockPositions(ctx); err != nil {
			return known, err
		}
	}
	priorities, menus, calendars := c.Named()
	if known, err = tx.Policies.Known(ctx, priorities, menus, calendars); err != nil {
		return known, err
	}
	known.AlwaysOpen, known.LastPosition = sla.AlwaysOpenID, last
	return known, nil
}

// validatePolicy adds a taken name and a taken position to the problems of x, the error invalid.
func validatePolicy(ctx context.Context, tx ports.Tx, x sla.Policy, c sla.PolicyPatch, invalid error) error {
	p, err := usecase.ProblemsOf(invalid)
	if err != nil {
		return err
	}
	name, _ := text.Line.Clean(c.Name.Or(x.Name))
	position := x.Position
	if c.Position.Given() {
		position = c.Position.Value
	}
	nameKey := namekey.Of(x.NameKey, x.Name, name)
	if p.Has("name") {
		nameKey = "" // matches no policy
	}
	if p.Has("position") {
		position = 0 // matches no policy
	}
	taken, err := tx.Policies.Taken(ctx, nameKey, position, x.ID)
	if err != nil {
		return err
	}
	for _, field := range taken {
		policyTaken(name, position)(&p, field)
	}
	return p.Err()
}

// policyTaken returns a function that adds the problem that another policy has the name or the position.
func policyTaken(name string, position int) func(*domain.Problems, string) {
	return func(p *domain.Problems, field string) {
		by, value := domain.TermName, name
		if field == "position" {
			by, value = domain.TermPosition, strconv.Itoa(position)
		}
		p.Add(field, domain.CodeTakenBy, domain.Params{"thing": domain.TermPolicy, "by": by, "value": value})
	}
}
