package contract

import (
	"errors"
	"fmt"
	"time"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

// persistedCatalog describes how statuses or priorities are stored. The entries are the default in turn; yield
// returns an entry that no longer is the default.
func persistedCatalog[T any](
	port string, of func(ports.Tx) ports.Catalog[T], id func(T) domain.ID, yield func(T) T, batch func([]T) ports.ImportBatch,
	given func(round int) Fields,
) persisted[T] {
	return persisted[T]{
		given: func(r *referents, round int) Fields {
			before, err := of(r.Tx).LockDefault(r)
			switch {
			case err == nil:
				r.collect(of(r.Tx).Save(r, yield(before)))
			case !errors.Is(err, domain.ErrNotFound):
				r.collect(err)
			}
			return given(round)
		},
		fixed: []string{"ID"},
		adds: []addition[T]{
			{method: port + ".Add", add: each(func(c call, x T) error { return of(c.Tx).Add(c, x) })},
			{method: "Imports.Add", add: func(c call, all []T) error { return c.Imports.Add(c, batch(all)) }},
		},
		changes: []change[T]{
			{method: port + ".Save", change: each(func(c call, x T) error { return of(c.Tx).Save(c, x) })},
		},
		reads: []reading[T]{
			{port + ".Get", func(c call, x T) (T, error) { return of(c.Tx).Get(c, id(x)) }},
			{port + ".Lock", func(c call, x T) (T, error) { return of(c.Tx).Lock(c, id(x)) }},
			{port + ".List", func(c call, x T) (T, error) {
				all, _, err := of(c.Tx).List(c, hugePage)
				return findIn(all, err, func(y T) bool { return id(y) == id(x) })
			}},
		},
	}
}

var persistedStatuses = persistedCatalog("Statuses",
	func(tx ports.Tx) ports.Catalog[ticket.Status] { return tx.Statuses },
	func(s ticket.Status) domain.ID { return s.ID },
	func(s ticket.Status) ticket.Status { s.IsDefault = false; return s },
	func(all []ticket.Status) ports.ImportBatch { return ports.ImportBatch{Statuses: all} },
	func(round int) Fields {
		// on a reply the statuses do the opposite of what their types do by default
		typ, reply := ticket.Pending, ticket.KeepOnReply
		if round%2 == 1 {
			typ, reply = ticket.Closed, ticket.OpenOnReply
		}
		return Fields{"StatusType": typ, "OnReply": reply, "AutoCloseDays": 1 + round}
	})

var persistedPriorities = persistedCatalog("Priorities",
	func(tx ports.Tx) ports.Catalog[ticket.Priority] { return tx.Priorities },
	func(x ticket.Priority) domain.ID { return x.ID },
	func(x ticket.Priority) ticket.Priority { x.IsDefault = false; return x },
	func(all []ticket.Priority) ports.ImportBatch { return ports.ImportBatch{Priorities: all} },
	func(int) Fields { return nil })

// persistedTickets are not deleted: deletionPersists checks that deleted tickets are not found.
var persistedTickets = persisted[ticket.Ticket]{
	given: func(r *referents, round int) Fields {
		of := ticket.StatusTypes[round%len(ticket.StatusTypes)]
		return Fields{
			"MenuID": r.menu(), "StatusID": r.status(of, round), "PriorityID": r.priority(round), "CreatedFor": r.account().ID,
			"AssignedTo": r.account().ID, "CreatedBy": r.account().ID, "FollowUpOf": r.ticket().ID,
			"CustomerSatisfaction": 1 + round%5, "DeletedAt": time.Time{},
		}
	},
	fixed: []string{"ID", "Number", "CreatedBy", "CreatedAt", "FollowUpOf"},
	adds: []addition[ticket.Ticket]{
		{method: "Tickets.Add", add: each(func(c call, x ticket.Ticket) error { return c.Tickets.Add(c, x) })},
		{method: "Imports.Add", add: importTickets},
	},
	changes: []change[ticket.Ticket]{
		{method: "Tickets.Save", change: each(func(c call, x ticket.Ticket) error { return c.Tickets.Save(c, x) })},
		{
			method: "Tickets.SaveDue", take: (*ticket.Ticket).CopyTimeDerived,
			change: func(c call, all []ticket.Ticket) error { return c.Tickets.SaveDue(c, all) },
		},
	},
	reads: []reading[ticket.Ticket]{
		{"Tickets.Get", func(c call, x ticket.Ticket) (ticket.Ticket, error) {
			v, err := c.Tickets.Get(c, x.ID, everything)
			return v.Ticket, err
		}},
		{"Tickets.Lock", func(c call, x ticket.Ticket) (ticket.Ticket, error) {
			v, err := c.Tickets.Lock(c, x.ID, everything)
			return v.Ticket, err
		}},
		{"Tickets.LockFor", func(c call, x ticket.Ticket) (ticket.Ticket, error) {
			v, _, err := c.Tickets.LockFor(c, x.ID, everything, ticket.Refs{})
			return v.Ticket, err
		}},
		{"Tickets.LockDue", func(c call, x ticket.Ticket) (ticket.Ticket, error) {
			all, err := c.Tickets.LockDue(c, x.UrgencyUntil, hugePage.Size)
			return ofView(all, err, x)
		}},
		{"Tickets.Active", func(c call, x ticket.Ticket) (ticket.Ticket, error) {
			all, err := c.Tickets.Active(c, "", hugePage.Size)
			return ifActive(c, all, err, x)
		}},
		{"Tickets.LockActive", func(c call, x ticket.Ticket) (ticket.Ticket, error) {
			all, err := c.Tickets.LockActive(c, "", hugePage.Size)
			return ifActive(c, all, err, x)
		}},
		{"Tickets.List by requester", func(c call, x ticket.Ticket) (ticket.Ticket, error) {
			return listedTicket(c, x, ticket.Filter{CreatedFor: []domain.ID{x.CreatedFor}})
		}},
		{"Tickets.List by words", func(c call, x ticket.Ticket) (ticket.Ticket, error) {
			return listedTicket(c, x, ticket.Filter{Search: searchFor(x.Number)})
		}},
	},
}

func importTickets(c call, all []ticket.Ticket) error {
	views := make([]ticket.View, len(all))
	for i, x := range all {
		status, errStatus := c.Statuses.Get(c, x.StatusID)
		priority, errPriority := c.Priorities.Get(c, x.PriorityID)
		creator, errCreator := c.Accounts.Get(c, x.CreatedBy)
		if err := errors.Join(errStatus, errPriority, errCreator); err != nil {
			return err
		}
		views[i] = ticket.View{Ticket: x, Names: ticket.Names{
			StatusWeight: status.Weight, PriorityWeight: priority.Weight, CreatedByName: creator.Username,
		}}
	}
	return c.Imports.Add(c, ports.ImportBatch{Tickets: views})
}

func ofView(all []ticket.View, err error, x ticket.Ticket) (ticket.Ticket, error) {
	v, err := findIn(all, err, func(v ticket.View) bool { return v.ID == x.ID })
	return v.Ticket, err
}

// ifActive returns x from a list of active tickets. It must be in the list if its status is active, and only then.
func ifActive(c call, all []ticket.View, err error, x ticket.Ticket) (ticket.Ticket, error) {
	if err != nil {
		return x, err
	}
	status, err := c.Statuses.Get(c, x.StatusID)
	if err != nil {
		return x, err
	}
	got, err := ofView(all, nil, x)
	switch {
	case status.StatusType.Active():
		return got, err
	case err == nil:
		return got, fmt.Errorf("a ticket that is %s is active", status.StatusType)
	default:
		return got, errExcluded
	}
}

func listedTicket(c call, x ticket.Ticket, f ticket.Filter) (ticket.Ticket, error) {
	page, err := c.Tickets.List(c, everything, ticket.Query{Order: ticket.ByCreated, Now: noon, Size: hugePage.Size, Number: 1, Filter: f})
	return ofView(page.Tickets, err, x)
}

var persistedComments = persisted[ticket.Comment]{
	given: func(r *referents, _ int) Fields {
		return Fields{"TicketID": r.ticket().ID, "AuthorID": r.account().ID}
	},
	fixed: []string{"ID", "TicketID", "AuthorID", "CreatedAt"},
	adds: []addition[ticket.Comment]{
		{method: "Comments.Add", add: each(func(c call, x ticket.Comment) error { return c.Comments.Add(c, x) })},
	},
	changes: []change[ticket.Comment]{
		{method: "Comments.Save", change: each(func(c call, x ticket.Comment) error { return c.Comments.Save(c, x) })},
	},
	reads: []reading[ticket.Comment]{
		{"Comments.Get", func(c call, x ticket.Comment) (ticket.Comment, error) {
			v, err := c.Comments.Get(c, x.TicketID, x.ID, true)
			return v.Comment, err
		}},
		{"Comments.Lock", func(c call, x ticket.Comment) (ticket.Comment, error) {
			v, err := c.Comments.Lock(c, x.TicketID, x.ID, true)
			return v.Comment, err
		}},
		{"Comments.List", func(c call, x ticket.Comment) (ticket.Comment, error) {
			all, err := c.Comments.List(c, x.TicketID, true, nil, hugePage.Size)
			v, err := findIn(all, err, func(v ticket.CommentView) bool { return v.ID == x.ID })
			return v.Comment, err
		}},
	},
}

var persistedVersions = persisted[ticket.CommentVersion]{
	given: func(r *referents, _ int) Fields {
		return Fields{"TicketID": r.ticket().ID, "EditorID": r.account().ID}
	},
	adds: []addition[ticket.CommentVersion]{
		{method: "Comments.AddVersion", add: each(func(c call, x ticket.CommentVersion) error { return c.Comments.AddVersion(c, x) })},
	},
	reads: []reading[ticket.CommentVersion]{
		{"Comments.Versions", func(c call, x ticket.CommentVersion) (ticket.CommentVersion, error) {
			all, err := c.Comments.Versions(c, x.TicketID, x.CommentID, nil, hugePage.Size)
			v, err := findIn(all, err, func(v ticket.VersionView) bool { return v.ID == x.ID })
			return v.CommentVersion, err
		}},
	},
}

// many is more rows than a hot statement has.
const many = 10

func addEntries(c call, all []ticket.Entry) error { return c.History.Add(c, all) }

var persistedEntries = persisted[ticket.Entry]{
	given: func(r *referents, _ int) Fields {
		return Fields{"TicketID": r.ticket().ID, "ActorID": r.account().ID}
	},
	adds: []addition[ticket.Entry]{
		{method: "History.Add", add: addEntries},
		{method: "History.Add", add: addEntries, n: many},
	},
	reads: []reading[ticket.Entry]{
		{"History.List", func(c call, e ticket.Entry) (ticket.Entry, error) {
			all, err := c.History.List(c, e.TicketID, true, nil, hugePage.Size)
			v, err := findIn(all, err, func(v ticket.EntryView) bool { return v.ID == e.ID })
			return v.Entry, err
		}},
	},
}

// persistedSetAsides are set aside once more by each change.
var persistedSetAsides = persisted[ports.SetAside]{
	given: func(r *referents, _ int) Fields {
		x := r.ticket()
		return Fields{"TicketID": x.ID, "Number": x.Number, "Attempts": 1}
	},
	fixed: []string{"TicketID", "Number", "Attempts"},
	adds: []addition[ports.SetAside]{
		{method: "SetAsides.Put", add: each(put)},
	},
	changes: []change[ports.SetAside]{
		{method: "SetAsides.Put", change: func(c call, all []ports.SetAside) error {
			for i := range all {
				all[i].Attempts++
			}
			return each(put)(c, all)
		}},
	},
	reads: []reading[ports.SetAside]{
		{"SetAsides.Due", func(c call, x ports.SetAside) (ports.SetAside, error) {
			all, err := c.SetAsides.Due(c, x.RetryAt, hugePage.Size)
			return findIn(all, err, func(y ports.SetAside) bool { return y.TicketID == x.TicketID })
		}},
	},
}

func put(c call, x ports.SetAside) error {
	stored, err := c.SetAsides.Put(c, x)
	if err == nil && !stored {
		err = errors.New("it was not stored")
	}
	return err
}
