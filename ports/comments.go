package ports

import (
	"context"

	"tickt/domain"
	"tickt/domain/ticket"
)

// Comments are the comments on tickets. Callers check first that the actor may see the ticket. notes states whether
// internal notes are found.
type Comments interface {
	Add(ctx context.Context, c ticket.Comment) error
	Get(ctx context.Context, ticketID, id domain.ID, notes bool) (ticket.CommentView, error)
	Lock(ctx context.Context, ticketID, id domain.ID, notes bool) (ticket.CommentView, error)
	Save(ctx context.Context, c ticket.Comment) error
	Remove(ctx context.Context, id domain.ID) error
	// Said returns what the public comments on a ticket said to its clocks, in the order in which they did.
	Said(ctx context.Context, ticketID domain.ID) ([]ticket.Saying, error)
	// AddVersion adds a former version of a comment, which may be removed.
	AddVersion(ctx context.Context, v ticket.CommentVersion) error
	// Versions returns at most size versions of a comment that ended after a position (time and id), the oldest first; from the
	// first one if after is nil. The current version comes last, unless the comment was removed.
	Versions(ctx context.Context, ticketID, id domain.ID, after *TimelinePosition, size int) ([]ticket.VersionView, error)
	// List returns at most size comments of a ticket that come after a position, the oldest first; from the first one if
	// after is nil.
	List(ctx context.Context, ticketID domain.ID, notes bool, after *TimelinePosition, size int) ([]ticket.CommentView, error)
}
