package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/ports"
)

type inbox struct{ *tx }

// visibleTo reports whether a log is addressed to the reader and belongs to a ticket that it can see.
func (s inbox) visibleTo(l notification.Log, r ports.Reader) bool {
	return l.RecipientID == r.ID && notificationLogs(s).within(l, access.Reach{All: r.SeesAll, Account: r.ID})
}

func (s inbox) List(
	_ context.Context, r ports.Reader, isRead *bool, before *ports.TimelinePosition, size int,
) ([]notification.View, error) {
	all := s.notificationLogs.where(func(l notification.Log) bool {
		return s.visibleTo(l, r) && !l.MailOnly && (isRead == nil || *isRead == l.IsRead) && comesAfter(l.CreatedAt, l.ID, before)
	})
	slices.SortFunc(all, func(a, b notification.Log) int { return newestFirst(a.CreatedAt, b.CreatedAt, a.ID, b.ID) })
	views := []notification.View{}
	for _, l := range all[:min(size, len(all))] {
		views = append(views, notificationLogs(s).view(l))
	}
	return views, nil
}

func (s inbox) Unread(_ context.Context, r ports.Reader) (int, error) {
	return len(s.unread(r)), nil
}

func (s inbox) unread(r ports.Reader) []notification.Log {
	return s.notificationLogs.where(func(l notification.Log) bool { return s.visibleTo(l, r) && !l.IsRead })
}

func (s inbox) Lock(_ context.Context, r ports.Reader, id domain.ID) (notification.View, error) {
	l, err := s.notificationLogs.lock(s.log, id)
	if err != nil {
		return notification.View{}, err
	}
	if l.MailOnly || !s.visibleTo(l, r) {
		return notification.View{}, domain.ErrNotFound
	}
	return notificationLogs(s).view(l), nil
}

func (s inbox) ReadAll(_ context.Context, r ports.Reader, now time.Time) (int, error) {
	unread := s.unread(r)
	for _, l := range unread {
		l.Read(now)
		if err := s.notificationLogs.save(s.log, l.ID, l); err != nil {
			return 0, err
		}
	}
	return len(unread), s.log.writable()
}

func (s inbox) Readers(_ context.Context, ids []domain.ID) ([]notification.Reader, error) {
	return s.readers(func(r notification.Reader) bool { return slices.Contains(ids, r.ID) }), nil
}

func (s inbox) Receivers(context.Context) ([]notification.Reader, error) {
	return s.readers(func(r notification.Reader) bool { return r.Receives || r.Superuser }), nil
}

// readers returns the active accounts that may view tickets and that match.
func (s inbox) readers(match func(notification.Reader) bool) []notification.Reader {
	out := []notification.Reader{}
	for _, a := range s.accounts.rows {
		role := s.roles.rows[a.RoleID]
		r := notification.Reader{
			ID: a.ID, Username: a.Username, SeesAll: a.IsSuperuser || role.TicketScope == access.ScopeAll,
			Receives: role.ReceivesUnassigned, Superuser: a.IsSuperuser, Notify: a.Notify,
		}
		if a.IsActive && s.grants(a).ViewTickets(a.IsSuperuser) && match(r) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b notification.Reader) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
