package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/ticket"
	"tickt/ports"
)

func (s accounts) People(_ context.Context, reach access.Reach, f ports.PeopleFilter, size int) ([]ports.Person, error) {
	known := s.peopleWithin(reach)
	all := s.accounts.where(func(a account.Account) bool {
		return a.IsActive && a.UsernameKey != "" && strings.HasPrefix(a.UsernameKey, f.Prefix) && a.UsernameKey > f.After &&
			(reach.All || known[a.ID]) && (f.For != ports.ToAssign || s.grants(a).ViewTickets(a.IsSuperuser))
	})
	slices.SortFunc(all, func(a, b account.Account) int { return cmp.Compare(a.UsernameKey, b.UsernameKey) })
	people := []ports.Person{}
	for _, a := range all[:min(size, len(all))] {
		people = append(people, ports.Person{ID: a.ID, Username: a.Username, UsernameKey: a.UsernameKey})
	}
	return people, nil
}

// peopleWithin returns the accounts that a reach of one account knows.
func (s accounts) peopleWithin(reach access.Reach) map[domain.ID]bool {
	known := map[domain.ID]bool{reach.Account: true}
	tickets := map[domain.ID]bool{}
	for _, t := range s.tickets.where(func(t ticket.Ticket) bool { return t.DeletedAt.IsZero() && t.Within(reach) }) {
		tickets[t.ID], known[t.CreatedBy], known[t.CreatedFor], known[t.AssignedTo] = true, true, true, true
	}
	for _, c := range s.comments.where(func(c ticket.Comment) bool { return c.Visibility == ticket.Public && tickets[c.TicketID] }) {
		known[c.AuthorID] = true
	}
	return known
}
