package notify_test

import (
	"errors"
	"testing"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/ports"
	"tickt/test/desk"
	"tickt/test/stores"
)

func TestResendSendsARefusedMail(t *testing.T) {
	b, p := newMailDesk(t)
	l := b.notifyCustomer()
	p.Fault = &ports.MailRefused{Reason: "550 no such user"}
	b.runJobs()
	p.Fault = nil
	v := desk.Must(b.NotificationLogs.Resend(t.Context(), b.Actor(desk.Admin), l.ID))(t)
	if v.Delivery != notification.DeliveryQueued || v.Attempts != 0 || v.LastError != "" || v.TicketNumber == "" {
		t.Errorf("answered %+v", v)
	}
	if _, err := b.NotificationLogs.Resend(t.Context(), b.Actor(desk.Admin), l.ID); domain.KindOf(err) != domain.Conflict {
		t.Errorf("second resend: %v", err)
	}
	if failed := b.runJobs(); failed != nil || len(p.Sent) != 1 {
		t.Errorf("sent %d, %v", len(p.Sent), failed)
	}
	b.wantState(l.ID, notification.DeliverySent, 1, "")
}

// TestOnlyTheNewestDeliveryCountsAttempts resends a log repeatedly while the mail server is unavailable, and runs the
// jobs of all its deliveries.
func TestOnlyTheNewestDeliveryCountsAttempts(t *testing.T) {
	b, p := newMailDesk(t)
	p.Fault = errors.New("unavailable")
	l := b.notifyCustomer()
	tried := 0
	p.Sending = func() { tried++ }
	var past []domain.ID // older deliveries, whose jobs are retried
	retryPast := func() {
		for _, id := range past {
			desk.Check(t, b.NotificationLogs.Deliver(t.Context(), id, false))
		}
	}
	for n := 1; n <= 12; n++ {
		current := b.log(l.ID).DeliveryID()
		retryPast()
		if failed := b.runJobs(); len(failed) != 1 || tried != n {
			t.Fatalf("%d attempts by round %d: %v", tried, n, failed)
		}
		retryPast()
		b.wantState(l.ID, notification.DeliveryFailed, 1, "unavailable")
		past = append(past, current)
		v := desk.Must(b.NotificationLogs.Resend(t.Context(), b.Actor(desk.Admin), l.ID))(t)
		if v.Resends != n || v.Delivery != notification.DeliveryQueued || v.Attempts != 0 {
			t.Fatalf("round %d: answered %+v", n, v)
		}
	}
	p.Fault = nil
	retryPast()
	b.wantState(l.ID, notification.DeliveryQueued, 0, "")
	if failed := b.runJobs(); failed != nil {
		t.Error(failed)
	}
	retryPast()
	b.wantState(l.ID, notification.DeliverySent, 1, "")
	if len(p.Sent) != 1 {
		t.Errorf("sent %d", len(p.Sent))
	}
}

// TestResultOfAnOutdatedDeliveryIsIgnored resends a log during an attempt to mail it. Only that the mail was accepted
// still counts.
func TestResultOfAnOutdatedDeliveryIsIgnored(t *testing.T) {
	for name, c := range map[string]struct {
		fault    error
		state    notification.DeliveryState
		attempts int
	}{
		"accepted": {nil, notification.DeliverySent, 1},
		"failed":   {errors.New("busy"), notification.DeliveryQueued, 0},
		"refused":  {&ports.MailRefused{Reason: "no"}, notification.DeliveryQueued, 0},
	} {
		t.Run(name, func(t *testing.T) {
			b, p := newMailDesk(t)
			l := b.notifyCustomer()
			p.Fault = errors.New("unavailable")
			b.runJobs()
			before := len(stores.Waiting(t, b.Store))
			p.Sending = func() {
				p.Sending, p.Fault = nil, c.fault
				desk.Must(b.NotificationLogs.Resend(t.Context(), b.Actor(desk.Admin), l.ID))(t)
			}
			desk.Check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, true))
			b.wantState(l.ID, c.state, c.attempts, "")
			if after := len(stores.Waiting(t, b.Store)); after != before+1 {
				t.Errorf("%d jobs are waiting, %d before", after, before)
			}
			p.Fault = nil
			if failed := b.runJobs(); failed != nil || len(p.Sent) != 1 {
				t.Errorf("sent %d, %v", len(p.Sent), failed)
			}
			b.wantState(l.ID, notification.DeliverySent, 1, "")
		})
	}
}

func TestConcurrentResendsStartOneDelivery(t *testing.T) {
	b, p := newMailDesk(t)
	p.Fault = errors.New("unavailable")
	l := b.notifyCustomer()
	b.runJobs()
	p.Fault = nil
	refused := make(chan error, 2)
	admin := b.Actor(desk.Admin)
	for range 2 {
		go func() {
			_, err := b.NotificationLogs.Resend(t.Context(), admin, l.ID)
			refused <- err
		}()
	}
	one, other := <-refused, <-refused
	if (one == nil) == (other == nil) || domain.KindOf(errors.Join(one, other)) != domain.Conflict {
		t.Errorf("answered %v and %v", one, other)
	}
	if failed := b.runJobs(); failed != nil || len(p.Sent) != 1 {
		t.Errorf("sent %d, %v", len(p.Sent), failed)
	}
}

func TestResendIsRefused(t *testing.T) {
	b, p := newMailDesk(t)
	l := b.notifyCustomer()
	p.Fault = &ports.MailRefused{Reason: "no"}
	b.runJobs()
	b.Assign(desk.Visitor, access.NotificationsMenu, access.MayEverything)
	off := b.With(mailOff)
	for name, c := range map[string]struct {
		app   *application.App
		actor access.Actor
		id    domain.ID
		kind  domain.Kind
	}{
		"may not update":       {b.App, b.Actor(desk.Agent), l.ID, domain.Forbidden},
		"of another's ticket":  {b.App, b.Actor(desk.Visitor), l.ID, domain.NotFound},
		"unknown":              {b.App, b.Actor(desk.Root), "unknown", domain.NotFound},
		"mail is off":          {off, b.Actor(desk.Root), l.ID, domain.Conflict},
		"mail is off, unknown": {off, b.Actor(desk.Root), "unknown", domain.NotFound},
	} {
		if _, err := c.app.NotificationLogs.Resend(t.Context(), c.actor, c.id); domain.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.wantState(l.ID, notification.DeliveryDead, 1, "no")
}
