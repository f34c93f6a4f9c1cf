package ticket

import "tickt/domain/search"

// Requester is what a ticket is found by of the account that it is for.
type Requester struct {
	Username string
	Email    string
}

// Searched begins the document by which a ticket is found: number, title, its requester, and the description. Its comments
// follow (Comment.Searched), the newest first: if all do not fit, the oldest are left out. Every store must find the same.
func Searched(number, title, description string, r Requester) *search.Builder {
	return search.NewBuilder(r.Email,
		search.Part{Text: number}, search.Part{Text: title}, search.Part{Text: r.Username}, search.Part{Text: description})
}

// Searched begins the document of the ticket.
func (t Ticket) Searched(r Requester) *search.Builder {
	return Searched(t.Number, t.Title, t.Description, r)
}

// Searched returns the comment as a part of the document of its ticket.
func (c Comment) Searched() search.Part {
	return search.Part{Text: c.Body, Internal: c.Visibility == Internal}
}
