package bunstore

import (
	"context"
	"strconv"
	"unicode/utf8"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// personToChooseRow is the row of ports.Person.
type personToChooseRow struct {
	ID          domain.ID `bun:"id"`
	Username    string    `bun:"username"`
	UsernameKey string    `bun:"canonical_username"`
}

const (
	// ticketsOfPerson and peopleOfTickets select the accounts that the tickets of one account name; the limit to these
	// tickets comes between them.
	ticketsOfPerson = `WITH own AS MATERIALIZED (SELECT t.id, t.created_by, t.created_for, t.assigned_to FROM tickets t
 WHERE t.deleted_at IS NULL`
	peopleOfTickets = `), known AS MATERIALIZED (SELECT o.created_by AS id FROM own o UNION SELECT o.created_for FROM own o
 UNION SELECT o.assigned_to FROM own o UNION SELECT c.author_id FROM own o JOIN ticket_comments c ON c.ticket_id = o.id
 WHERE c.visibility = '` + string(ticket.Public) + `' UNION SELECT i.id FROM accounts i WHERE i.id = ?) `

	selectPeople      = `SELECT a.id, a.username, a.canonical_username FROM accounts a WHERE a.is_active = TRUE`
	selectKnownPeople = `SELECT a.id, a.username, a.canonical_username FROM known k JOIN accounts a ON a.id = k.id WHERE a.is_active = TRUE`

	grantOnTickets = ` p JOIN menus m ON m.id = p.menu_id WHERE m.url = '` + access.TicketsMenu + `' AND p.`
)

// mayBeAssigned is access.Grants.ViewTickets: the account's own permission decides, otherwise that of its role.
var mayBeAssigned = ` AND (a.is_superuser OR (COALESCE((SELECT p.actions FROM account_permissions` + grantOnTickets + `account_id = a.id),
 (SELECT p.actions FROM role_permissions` + grantOnTickets + `role_id = a.role_id), 0) & ` + view + `) = ` + view + `)`

var view = strconv.Itoa(int(access.MayView))

func (s accounts) People(ctx context.Context, reach access.Reach, f ports.PeopleFilter, size int) ([]ports.Person, error) {
	found, err := rows[personToChooseRow](ctx, s.conn, s.people(reach, f, size))
	return converted(found, func(r personToChooseRow) ports.Person { return ports.Person(r) }), err
}

// people returns the statement of People. It reads a range of the unique index of the keys of user names, which is in the order
// of bytes. If the reach is not all, it begins with the tickets of the account instead.
func (s accounts) people(reach access.Reach, f ports.PeopleFilter, size int) *statement {
	q := s.statement(``)
	if reach.All {
		q.add(selectPeople)
	} else {
		within(q.add(ticketsOfPerson), reach)
		q.add(peopleOfTickets+selectKnownPeople, reach.Account)
	}
	if f.After >= f.Prefix {
		q.add(` AND a.canonical_username > ?`, f.After)
	} else {
		q.add(` AND a.canonical_username >= ?`, f.Prefix)
	}
	q.add(` AND a.canonical_username < ?`, f.Prefix+string(utf8.MaxRune))
	if f.For == ports.ToAssign {
		q.add(mayBeAssigned)
	}
	q.add(` ORDER BY a.canonical_username`)
	addLimit(q, size, 0)
	return q
}
