package ports

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
)

// Tickets are unique by number ("ticketNumber"). A ticket is not found if it is deleted or outside the reach. The
// methods that lock tickets, and only these, set LastAt: the time of the newest entry of the ticket's history, read
// while the lock is held; and LastPublicAt. FollowUpNumber is set only if the ticket that is followed up is within the reach
// and not deleted; the methods without a reach find every ticket.
type Tickets interface {
	// Find looks up everything that a change refers to, in one round trip.
	Find(ctx context.Context, refs ticket.Refs) (ticket.Found, error)
	Add(ctx context.Context, t ticket.Ticket) error
	Get(ctx context.Context, id domain.ID, reach access.Reach) (ticket.View, error)
	Lock(ctx context.Context, id domain.ID, reach access.Reach) (ticket.View, error)
	// LockFor is Lock and Find in one. If refs name no status or no priority, it finds the ticket's own. Only LockFor finds
	// the ReplyStatus, and only Find the FollowUp.
	LockFor(ctx context.Context, id domain.ID, reach access.Reach, refs ticket.Refs) (ticket.View, ticket.Found, error)
	Save(ctx context.Context, t ticket.Ticket) error
	// List returns one page, in one round trip.
	List(ctx context.Context, reach access.Reach, q ticket.Query) (TicketPage, error)
	// Active returns at most limit active tickets (ticket.StatusType.Active) with an id greater than after, in the order of
	// their ids; from the first one if after is "".
	Active(ctx context.Context, after domain.ID, limit int) ([]ticket.View, error)
	// ActiveRefs is Active that reads only ids and numbers.
	ActiveRefs(ctx context.Context, after domain.ID, limit int) ([]TicketRef, error)
	// ActiveOf is ActiveRefs of the tickets that are assigned to an account.
	ActiveOf(ctx context.Context, assignee, after domain.ID, limit int) ([]TicketRef, error)
	// CountActiveOf returns the number of active tickets that are assigned to an account.
	CountActiveOf(ctx context.Context, assignee domain.ID) (int, error)
	// LockActive is Active that also locks the tickets.
	LockActive(ctx context.Context, after domain.ID, limit int) ([]ticket.View, error)
	// LockDue locks and returns at most limit tickets that passing time has changed (UrgencyUntil is at or before now). It
	// leaves out those that another Update has locked and those that are set aside.
	LockDue(ctx context.Context, now time.Time, limit int) ([]ticket.View, error)
	// Due returns the ids and numbers of the tickets that LockDue would lock. It locks nothing.
	Due(ctx context.Context, now time.Time, limit int) ([]TicketRef, error)
	// LockClosable locks and returns at most limit tickets whose AutoCloseAt is at or before now, the earliest first; none if
	// there is no status of type closed. It leaves out those that another Update has locked and those that are set aside.
	LockClosable(ctx context.Context, now time.Time, limit int) ([]ticket.View, error)
	// Closable returns the ids and numbers of the tickets that LockClosable would lock. It locks nothing.
	Closable(ctx context.Context, now time.Time, limit int) ([]TicketRef, error)
	// LockInStatus locks and returns at most limit tickets of a status with an id greater than after, in the order of their
	// ids; from the first one if after is "".
	LockInStatus(ctx context.Context, status, after domain.ID, limit int) ([]ticket.View, error)
	// RefsInStatus returns the ids and numbers of the tickets that LockInStatus would lock. It locks nothing.
	RefsInStatus(ctx context.Context, status, after domain.ID, limit int) ([]TicketRef, error)
	// SetStatus saves the status of tickets, all at once, and nothing else.
	SetStatus(ctx context.Context, ids []domain.ID, status domain.ID) error
	// NextDue returns the earliest UrgencyUntil of the tickets that are not set aside, which may be past; ticket.Never if
	// there is none.
	NextDue(ctx context.Context) (time.Time, error)
	// SaveDue saves, in all tickets at once, the fields that passing time changes: those of ticket.Ticket.CopyTimeDerived.
	SaveDue(ctx context.Context, due []ticket.Ticket) error
}

// TicketRef identifies a ticket.
type TicketRef struct {
	ID     domain.ID
	Number string
}

// TicketPage is a page of a list of tickets.
type TicketPage struct {
	Tickets []ticket.View
	Count   int              // of all tickets that match, if the query asked for it
	Next    *ticket.Position // where the next page begins; nil after the last page, and if the query was by page number
}
