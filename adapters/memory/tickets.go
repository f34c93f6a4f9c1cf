package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

type tickets struct{ *tx }

func newTickets() *table[domain.ID, ticket.Ticket] {
	return newTable(uniqueOn("ticketNumber", func(t ticket.Ticket) string { return t.Number }))
}

func (s tickets) Add(_ context.Context, t ticket.Ticket) error { return s.tickets.add(s.log, t.ID, t) }

func (s tickets) Get(_ context.Context, id domain.ID, reach access.Reach) (ticket.View, error) {
	t, err := s.tickets.get(id)
	if err != nil || !visible(t, reach) {
		return ticket.View{}, domain.ErrNotFound
	}
	return s.view(t, reach), nil
}

func visible(t ticket.Ticket, reach access.Reach) bool {
	return t.DeletedAt.IsZero() && t.Within(reach)
}

// view returns a ticket with the current names of what it refers to. It names the ticket that it follows up only within the
// reach.
func (s tickets) view(t ticket.Ticket, reach access.Reach) ticket.View {
	status, priority := s.statuses.rows[t.StatusID], s.priorities.rows[t.PriorityID]
	assignee := s.accounts.rows[t.AssignedTo]
	v := ticket.View{Ticket: t, Names: ticket.Names{
		MenuName:       s.menus.rows[t.MenuID].Name,
		StatusName:     status.Name,
		StatusType:     status.StatusType,
		StatusWeight:   status.Weight,
		AutoCloseDays:  status.AutoCloseDays,
		PriorityName:   priority.Name,
		PriorityWeight: priority.Weight,
		CreatedForName: s.accounts.rows[t.CreatedFor].Username,
		AssignedToName: assignee.Username,
		AssigneeGone:   assignee.ID != "" && !assignee.IsActive,
		CreatedByName:  s.accounts.rows[t.CreatedBy].Username,
	}}
	if followed, ok := s.tickets.rows[t.FollowUpOf]; ok && visible(followed, reach) {
		v.FollowUpNumber = followed.Number
	}
	return v
}

func (s tickets) Lock(ctx context.Context, id domain.ID, reach access.Reach) (ticket.View, error) {
	if err := s.log.writable(); err != nil {
		return ticket.View{}, err
	}
	v, err := s.Get(ctx, id, reach)
	if err != nil {
		return v, err
	}
	return s.withLastEntry([]ticket.View{v})[0], nil
}

// withLastEntry sets LastAt of locked tickets to the time of their newest history entries, and LastPublicAt of those whose
// status closes tickets.
func (s tickets) withLastEntry(views []ticket.View) []ticket.View {
	last := make(map[domain.ID]time.Time, len(views))
	for _, v := range views {
		last[v.ID] = time.Time{}
	}
	for _, e := range s.history.rows {
		if at, ok := last[e.TicketID]; ok && e.At.After(at) {
			last[e.TicketID] = e.At
		}
	}
	for i := range views {
		views[i].LastAt = last[views[i].ID]
		if views[i].AutoCloseDays > 0 {
			views[i].LastPublicAt = s.lastPublicAt(views[i].ID)
		}
	}
	return views
}

// lastPublicAt returns when the newest public comment on a ticket was written.
func (s tickets) lastPublicAt(id domain.ID) (at time.Time) {
	for _, c := range s.comments.where(func(c ticket.Comment) bool { return c.TicketID == id && c.Visibility == ticket.Public }) {
		if c.CreatedAt.After(at) {
			at = c.CreatedAt
		}
	}
	return at
}

func (s tickets) Save(_ context.Context, t ticket.Ticket) error {
	return s.tickets.save(s.log, t.ID, t)
}

func (s tickets) Active(_ context.Context, after domain.ID, limit int) ([]ticket.View, error) {
	active := s.tickets.where(func(t ticket.Ticket) bool {
		return t.DeletedAt.IsZero() && t.ID > after && s.statuses.rows[t.StatusID].StatusType.Active()
	})
	slices.SortFunc(active, func(a, b ticket.Ticket) int { return cmp.Compare(a.ID, b.ID) })
	views := []ticket.View{}
	for _, t := range active[:min(limit, len(active))] {
		views = append(views, s.view(t, access.EveryTicket))
	}
	return views, nil
}

func (s tickets) ActiveRefs(ctx context.Context, after domain.ID, limit int) ([]ports.TicketRef, error) {
	views, err := s.Active(ctx, after, limit)
	refs := []ports.TicketRef{}
	for _, v := range views {
		refs = append(refs, ports.TicketRef{ID: v.ID, Number: v.Number})
	}
	return refs, err
}

func (s tickets) ActiveOf(ctx context.Context, assignee, after domain.ID, limit int) ([]ports.TicketRef, error) {
	views, err := s.Active(ctx, after, len(s.tickets.rows))
	refs := []ports.TicketRef{}
	for _, v := range views {
		if v.AssignedTo == assignee && len(refs) < limit {
			refs = append(refs, ports.TicketRef{ID: v.ID, Number: v.Number})
		}
	}
	return refs, err
}

func (s tickets) CountActiveOf(ctx context.Context, assignee domain.ID) (int, error) {
	refs, err := s.ActiveOf(ctx, assignee, "", len(s.tickets.rows))
	return len(refs), err
}

func (s tickets) LockActive(ctx context.Context, after domain.ID, limit int) ([]ticket.View, error) {
	if err := s.log.writable(); err != nil {
		return nil, err
	}
	views, err := s.Active(ctx, after, limit)
	return s.withLastEntry(views), err
}

func (s tickets) LockDue(_ context.Context, now time.Time, limit int) ([]ticket.View, error) {
	if err := s.log.writable(); err != nil {
		return nil, err
	}
	return s.lockedViews(s.due(now, limit)), nil
}

func (s tickets) Due(_ context.Context, now time.Time, limit int) ([]ports.TicketRef, error) {
	return refsOf(s.due(now, limit)), nil
}

// due returns at most limit tickets whose urgency has expired at now, the earliest first.
func (s tickets) due(now time.Time, limit int) []ticket.Ticket {
	due := s.tickets.where(func(t ticket.Ticket) bool { return s.timeDriven(t) && !t.UrgencyUntil.After(now) })
	slices.SortFunc(due, func(a, b ticket.Ticket) int {
		return cmp.Or(a.UrgencyUntil.Compare(b.UrgencyUntil), cmp.Compare(a.ID, b.ID))
	})
	return due[:min(limit, len(due))]
}

// timeDriven reports whether the sweep processes a ticket: it is neither deleted nor set aside.
func (s tickets) timeDriven(t ticket.Ticket) bool {
	_, aside := s.setAsides.rows[t.ID]
	return t.DeletedAt.IsZero() && !aside
}

func (s tickets) NextDue(context.Context) (time.Time, error) {
	next := ticket.Never
	for _, t := range s.tickets.where(s.timeDriven) {
		if t.UrgencyUntil.Before(next) {
			next = t.UrgencyUntil
		}
	}
	return next, nil
}

func (s tickets) SaveDue(_ context.Context, due []ticket.Ticket) error {
	for _, t := range due {
		old, err := s.tickets.get(t.ID)
		if err != nil {
			return err
		}
		old.CopyTimeDerived(t)
		if err := s.tickets.save(s.log, t.ID, old); err != nil {
			return err
		}
	}
	return nil
}
