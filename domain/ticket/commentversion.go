package ticket

import (
	"time"

	"tickt/domain"
)

// CommentVersion is what a comment said from one time to another.
type CommentVersion struct {
	ID         domain.ID
	CommentID  domain.ID
	TicketID   domain.ID
	Body       string
	Visibility Visibility
	EditorID   domain.ID // who wrote it
	At         time.Time
	Until      time.Time // zero: it is the current one
	Deleted    bool      // Until is when the comment was deleted
}

// VersionView is a version with the name of its editor.
type VersionView struct {
	CommentVersion
	Editor string
}

// Version returns the current version of the comment.
func (c Comment) Version() CommentVersion {
	v := CommentVersion{
		ID: c.ID, CommentID: c.ID, TicketID: c.TicketID, Body: c.Body, Visibility: c.Visibility, EditorID: c.AuthorID, At: c.CreatedAt,
	}
	if !c.EditedAt.IsZero() {
		v.At = c.EditedAt
	}
	return v
}

// Former returns the version of the comment that ends at a time, because the comment is edited or deleted.
func (c Comment) Former(id domain.ID, until time.Time, deleted bool) CommentVersion {
	v := c.Version()
	v.ID, v.Until, v.Deleted = id, until, deleted
	return v
}
