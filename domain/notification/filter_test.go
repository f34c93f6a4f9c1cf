package notification_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"tickt/domain"
	"tickt/domain/notification"
	"tickt/domain/query"
)

func TestReadFilter(t *testing.T) {
	me, other := domain.ID(strings.Repeat("a", 32)), domain.ID(strings.Repeat("b", 32))
	q := query.New(maps.All(map[string]string{
		"is_read": "false", "notification_type": "SLA_BREACHED, ticket_created", "ticket_id": string(other),
		"recipient_id": "me," + string(other),
	}))
	f := notification.ReadFilter(q, me)
	if err := q.Err(); err != nil {
		t.Fatal(err)
	}
	if f.IsRead == nil || *f.IsRead || f.IsSent != nil ||
		!slices.Equal(f.Types, []notification.Type{notification.SLABreached, notification.TicketCreated}) ||
		!slices.Equal(f.Tickets, []domain.ID{other}) || !slices.Equal(f.Recipients, []domain.ID{me, other}) {
		t.Errorf("read as %+v", f)
	}
	all := query.New(maps.All(map[string]string{"ticket_id": "me"}))
	if f := notification.ReadFilter(all, me); f.Types != nil || f.Recipients != nil || all.Err() == nil {
		t.Errorf("read as %+v, %v", f, all.Err())
	}
}
