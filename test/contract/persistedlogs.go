package contract

import (
	"errors"
	"time"

	"tickt/domain"
	"tickt/domain/notification"
	"tickt/ports"
)

func addLogs(c call, all []notification.Log) error { return c.NotificationLogs.Add(c, all...) }

var persistedLogs = persisted[notification.Log]{
	given: func(r *referents, _ int) Fields {
		return Fields{"RecipientID": r.account().ID, "SenderID": r.account().ID, "TicketID": r.ticket().ID}
	},
	fixed: []string{"ID", "CreatedAt"},
	adds: []addition[notification.Log]{
		{method: "NotificationLogs.Add", add: addLogs},
		{method: "NotificationLogs.Add", add: addLogs, n: many},
	},
	changes: []change[notification.Log]{
		{method: "NotificationLogs.Save", change: each(func(c call, l notification.Log) error { return c.NotificationLogs.Save(c, l) })},
		{
			method: "Inbox.ReadAll", change: readAll,
			take: func(to *notification.Log, from notification.Log) {
				to.IsRead, to.ReadAt, to.UpdatedAt = true, from.ReadAt, from.ReadAt
			},
		},
	},
	reads: []reading[notification.Log]{
		{"NotificationLogs.Get", func(c call, l notification.Log) (notification.Log, error) {
			v, err := c.NotificationLogs.Get(c, l.ID, everything)
			return v.Log, err
		}},
		{"NotificationLogs.Lock", func(c call, l notification.Log) (notification.Log, error) {
			v, err := c.NotificationLogs.Lock(c, l.ID, everything)
			return v.Log, err
		}},
		{"NotificationLogs.LockToDeliver", func(c call, l notification.Log) (notification.Log, error) {
			return c.NotificationLogs.LockToDeliver(c, l.ID)
		}},
		{"NotificationLogs.List", func(c call, l notification.Log) (notification.Log, error) {
			all, _, err := c.NotificationLogs.List(c, everything, notification.Filter{Tickets: []domain.ID{l.TicketID}}, hugePage)
			return ofLog(all, err, l)
		}},
		{"Inbox.List", func(c call, l notification.Log) (notification.Log, error) {
			all, err := c.Inbox.List(c, readerOf(l), nil, nil, hugePage.Size)
			got, err := ofLog(all, err, l)
			return notInInbox(c, l, got, err)
		}},
		{"Inbox.Lock", func(c call, l notification.Log) (notification.Log, error) {
			v, err := c.Inbox.Lock(c, readerOf(l), l.ID)
			return notInInbox(c, l, v.Log, err)
		}},
	},
}

// notInInbox returns a log that is only mailed from elsewhere, after the inbox has not found it. It returns others as they are.
func notInInbox(c call, l, got notification.Log, err error) (notification.Log, error) {
	if !l.MailOnly || !errors.Is(err, domain.ErrNotFound) {
		return got, errors.Join(err, equal(l.MailOnly, false))
	}
	v, err := c.NotificationLogs.Get(c, l.ID, everything)
	return v.Log, err
}

// readAll makes each log unread and lets its recipient read all.
func readAll(c call, all []notification.Log) error {
	for _, l := range all {
		unread := l
		unread.IsRead, unread.ReadAt, unread.UpdatedAt = false, time.Time{}, noon
		if err := c.NotificationLogs.Save(c, unread); err != nil {
			return err
		}
		n, err := c.Inbox.ReadAll(c, readerOf(l), l.ReadAt)
		if err := errors.Join(err, equal(n, 1)); err != nil {
			return err
		}
	}
	return nil
}

func readerOf(l notification.Log) ports.Reader { return ports.Reader{ID: l.RecipientID, SeesAll: true} }

func ofLog(all []notification.View, err error, l notification.Log) (notification.Log, error) {
	v, err := findIn(all, err, func(v notification.View) bool { return v.ID == l.ID })
	return v.Log, err
}

func keepReply(c call, r ports.IdempotencyRecord) error { return c.IdempotencyRecords.Save(c, r) }

var persistedReplies = persisted[ports.IdempotencyRecord]{
	fixed:   []string{"Key"},
	adds:    []addition[ports.IdempotencyRecord]{{method: "IdempotencyRecords.Save", add: each(keepReply)}},
	changes: []change[ports.IdempotencyRecord]{{method: "IdempotencyRecords.Save", change: each(keepReply)}},
	reads: []reading[ports.IdempotencyRecord]{
		{"IdempotencyRecords.Get", func(c call, r ports.IdempotencyRecord) (ports.IdempotencyRecord, error) {
			return c.IdempotencyRecords.Get(c, r.Key, r.CreatedAt.Add(-time.Microsecond))
		}},
		{"IdempotencyRecords.Claim", func(c call, r ports.IdempotencyRecord) (ports.IdempotencyRecord, error) {
			return c.IdempotencyRecords.Claim(c, r.Key, r.CreatedAt.Add(-time.Microsecond))
		}},
	},
}
