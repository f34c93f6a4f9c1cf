package memory

import (
	"context"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
)

func (s tickets) Find(_ context.Context, refs ticket.Refs) (ticket.Found, error) {
	return ticket.Found{
		Status:     findEntry(catalog[ticket.Status]{s.tx, s.statuses, statusKeys}, refs.StatusID),
		Priority:   findEntry(catalog[ticket.Priority]{s.tx, s.priorities, priorityKeys}, refs.PriorityID),
		Menu:       s.menuRef(refs.MenuID),
		CreatedFor: s.person(refs.CreatedFor),
		AssignedTo: s.person(refs.AssignedTo),
		FollowUp:   s.followUp(refs.FollowUpOf),
	}, nil
}

func (s tickets) followUp(id domain.ID) *ticket.FollowUp {
	t, ok := s.tickets.rows[id]
	if !ok || !t.DeletedAt.IsZero() {
		return nil
	}
	return &ticket.FollowUp{
		ID: t.ID, Number: t.Number, StatusType: s.statuses.rows[t.StatusID].StatusType, CreatedBy: t.CreatedBy, CreatedFor: t.CreatedFor,
	}
}

// LockFor is Lock and Find, since an Update runs alone.
func (s tickets) LockFor(ctx context.Context, id domain.ID, reach access.Reach, refs ticket.Refs) (ticket.View, ticket.Found, error) {
	v, err := s.Lock(ctx, id, reach)
	if err != nil {
		return ticket.View{}, ticket.Found{}, err
	}
	if !refs.StatusID.Set {
		refs.StatusID = domain.Some(v.StatusID)
	}
	if !refs.PriorityID.Set {
		refs.PriorityID = domain.Some(v.PriorityID)
	}
	refs.FollowUpOf = ""
	found, err := s.Find(ctx, refs)
	if refs.ReplyStatus {
		found.ReplyStatus = s.statuses.rows[v.StatusID].ReplyStatus(s.statuses.where(func(ticket.Status) bool { return true }))
	}
	if found.Status != nil && found.Status.AutoCloseDays > 0 {
		v.LastPublicAt = s.lastPublicAt(v.ID)
	}
	return v, found, err
}

// findEntry returns the entry with an id, or the default entry if the id is null; nil if there is none.
func findEntry[T any](s catalog[T], id domain.Optional[domain.ID]) *T {
	all := s.rows.where(func(x T) bool { return id.Null && s.isDefault(x) || id.Given() && s.id(x) == id.Value })
	if len(all) == 0 {
		return nil
	}
	return &all[0]
}

func (s tickets) menuRef(id domain.ID) *ticket.MenuRef {
	m, ok := s.menus.rows[id]
	if !ok {
		return nil
	}
	return &ticket.MenuRef{ID: m.ID, Name: m.Name}
}

func (s tickets) person(id domain.ID) *ticket.Person {
	a, ok := s.accounts.rows[id]
	if !ok {
		return nil
	}
	return &ticket.Person{ID: a.ID, Name: a.Username, IsActive: a.IsActive, MayView: s.grants(a).ViewTickets(a.IsSuperuser)}
}
