package memory

import (
	"context"
	"slices"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/ports"
)

type notificationLogs struct{ *tx }

func (s notificationLogs) Add(_ context.Context, logs ...notification.Log) error {
	for _, l := range logs {
		if err := s.notificationLogs.add(s.log, l.ID, l); err != nil {
			return err
		}
	}
	return nil
}

func (s notificationLogs) Get(_ context.Context, id domain.ID, reach access.Reach) (notification.View, error) {
	l, err := s.notificationLogs.get(id)
	if err != nil || !s.within(l, reach) {
		return notification.View{}, domain.ErrNotFound
	}
	return s.view(l), nil
}

func (s notificationLogs) Lock(_ context.Context, id domain.ID, reach access.Reach) (notification.View, error) {
	l, err := s.notificationLogs.lock(s.log, id)
	if err != nil {
		return notification.View{}, err
	}
	if !s.within(l, reach) {
		return notification.View{}, domain.ErrNotFound
	}
	return s.view(l), nil
}

func (s notificationLogs) LockToDeliver(_ context.Context, id domain.ID) (notification.Log, error) {
	return s.notificationLogs.lock(s.log, id)
}

func (s notificationLogs) Save(_ context.Context, l notification.Log) error {
	return s.notificationLogs.save(s.log, l.ID, l)
}

func (s notificationLogs) MustWait(_ context.Context, id domain.ID) (bool, error) {
	l, err := s.notificationLogs.get(id)
	if err != nil || !s.within(l, access.EveryTicket) {
		return false, nil //nolint:nilerr // no log has to wait
	}
	return len(s.notificationLogs.where(func(e notification.Log) bool {
		return e.TicketID == l.TicketID && e.RecipientID == l.RecipientID && newestFirst(e.CreatedAt, l.CreatedAt, e.ID, l.ID) > 0 &&
			e.Delivery == notification.DeliveryQueued && e.Attempts == 0 && e.Resends == 0
	})) > 0, nil
}

// within reports whether the reach covers the log and its ticket.
func (s notificationLogs) within(l notification.Log, reach access.Reach) bool {
	t, err := s.tickets.get(l.TicketID)
	return err == nil && visible(t, reach) && (reach.All || !l.Internal)
}

func (s notificationLogs) view(l notification.Log) notification.View {
	return notification.View{
		Log: l, Recipient: s.accounts.rows[l.RecipientID].Username, Sender: s.accounts.rows[l.SenderID].Username,
		TicketNumber: s.tickets.rows[l.TicketID].Number,
	}
}

func (s notificationLogs) List(_ context.Context, reach access.Reach, f notification.Filter, page ports.Page) ([]notification.View,
	int, error,
) {
	all := s.notificationLogs.where(func(l notification.Log) bool { return s.within(l, reach) && matchesFilter(l, f) })
	slices.SortFunc(all, func(a, b notification.Log) int { return newestFirst(a.CreatedAt, b.CreatedAt, a.ID, b.ID) })
	views := []notification.View{}
	for _, l := range pageOf(all, page) {
		views = append(views, s.view(l))
	}
	return views, len(all), nil
}

func matchesFilter(l notification.Log, f notification.Filter) bool {
	return (f.IsRead == nil || *f.IsRead == l.IsRead) && (f.IsSent == nil || *f.IsSent == l.IsSent) &&
		nilOrContains(f.Types, l.Type) && nilOrContains(f.Tickets, l.TicketID) && nilOrContains(f.Recipients, l.RecipientID)
}

// nilOrContains reports whether values is nil, which filters nothing, or contains x.
func nilOrContains[T comparable](values []T, x T) bool {
	return values == nil || slices.Contains(values, x)
}
