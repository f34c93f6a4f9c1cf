package notification_test

import (
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/notification"
	"tickt/domain/ticket"
)

// logInState returns a log in a state, with the fields that belong to the state.
func logInState(state notification.DeliveryState, attempts int) notification.Log {
	l := notification.Log{ID: "l", Delivery: state, Attempts: attempts, CreatedAt: now, UpdatedAt: now}
	switch state {
	case notification.DeliverySent:
		l.IsSent, l.SentAt = true, now
	case notification.DeliveryFailed, notification.DeliveryDead:
		l.LastError = "before"
	case notification.DeliveryQueued:
	}
	return l
}

const (
	queued = notification.DeliveryQueued
	sent   = notification.DeliverySent
	failed = notification.DeliveryFailed
	dead   = notification.DeliveryDead
)

// TestDeliveryTransitions tries every operation from every state.
func TestDeliveryTransitions(t *testing.T) {
	later := now.Add(time.Hour)
	accept := func(l *notification.Log) bool { return l.Sent(later) }
	fail := func(l *notification.Log) bool { return l.Failed("busy", later) }
	refuse := func(l *notification.Log) bool { return l.Refused("no such user", later) }
	drop := func(l *notification.Log) bool { return l.Drop("gone", later) }
	for name, c := range map[string]struct {
		from     notification.Log
		do       func(*notification.Log) bool
		state    notification.DeliveryState
		attempts int
		reason   string
	}{
		"accepted at once":               {logInState(queued, 0), accept, sent, 1, ""},
		"accepted after failures":        {logInState(failed, 3), accept, sent, 4, ""},
		"accepted after another gave up": {logInState(dead, 10), accept, sent, 11, ""},
		"failed once":                    {logInState(queued, 0), fail, failed, 1, "busy"},
		"failed again":                   {logInState(failed, 8), fail, failed, 9, "busy"},
		"failed for the tenth time":      {logInState(failed, 9), fail, dead, 10, "busy"},
		"refused at once":                {logInState(queued, 0), refuse, dead, 1, "no such user"},
		"refused after failures":         {logInState(failed, 3), refuse, dead, 4, "no such user"},
		"dropped before an attempt":      {logInState(queued, 0), drop, dead, 0, "gone"},
		"dropped after failures":         {logInState(failed, 3), drop, dead, 3, "gone"},
		"accepted twice":                 {logInState(sent, 1), accept, "", 0, ""},
		"failed after another sent it":   {logInState(sent, 1), fail, "", 0, ""},
		"refused after another sent it":  {logInState(sent, 1), refuse, "", 0, ""},
		"dropped after another sent it":  {logInState(sent, 1), drop, "", 0, ""},
		"failed when dead":               {logInState(dead, 3), fail, "", 0, ""},
		"refused when dead":              {logInState(dead, 3), refuse, "", 0, ""},
		"dropped when dead":              {logInState(dead, 3), drop, "", 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := c.from
			changed := c.do(&l)
			if c.state == "" {
				if changed || l != c.from {
					t.Errorf("became %+v", l)
				}
				return
			}
			if !changed || l.Delivery != c.state || l.Attempts != c.attempts || l.LastError != c.reason || !l.UpdatedAt.Equal(later) {
				t.Errorf("became %+v", l)
			}
			if l.IsSent != (c.state == sent) || l.IsSent != l.SentAt.Equal(later) {
				t.Errorf("sent %v at %v", l.IsSent, l.SentAt)
			}
			if l.Awaited() != (c.state == failed) {
				t.Errorf("awaited: %v", l.Awaited())
			}
		})
	}
}

func TestLogThatCannotBeMailedIsInTheInbox(t *testing.T) {
	for name, do := range map[string]func(*notification.Log) bool{
		"failed":  func(l *notification.Log) bool { return l.Failed("busy", now) },
		"refused": func(l *notification.Log) bool { return l.Refused("no such user", now) },
		"dropped": func(l *notification.Log) bool { return l.Drop("suspended", now) },
		"sent":    func(l *notification.Log) bool { return l.Sent(now) },
	} {
		l := logInState(queued, 0)
		l.MailOnly, l.IsRead = true, true
		do(&l)
		if want := l.Delivery != dead; l.MailOnly != want || l.IsRead != want {
			t.Errorf("%s: only mailed %v, read %v", name, l.MailOnly, l.IsRead)
		}
	}
}

func TestQueuedLogIsNotSent(t *testing.T) {
	l := logs(event(printer(), ana, status), everyone)[0]
	if !l.IsSent || l.Delivery != sent || l.Awaited() || l.Attempts != 0 {
		t.Errorf("only in the inbox: %+v", l)
	}
	l.Queue()
	if l.IsSent || !l.SentAt.IsZero() || l.Delivery != queued || !l.Awaited() {
		t.Errorf("to be mailed: %+v", l)
	}
}

func TestResendOnlyFailedOrDead(t *testing.T) {
	later := now.Add(time.Hour)
	for state, refusal := range map[notification.DeliveryState]string{
		queued: "The notification is already waiting to be sent.", sent: "The notification has already been sent.", failed: "", dead: "",
	} {
		l := logInState(state, 4)
		before := l
		err := l.Resend(later)
		switch {
		case refusal == "":
			if err != nil || l.Delivery != queued || l.Attempts != 0 || l.LastError != "" || l.IsSent || !l.UpdatedAt.Equal(later) {
				t.Errorf("%s became %+v, %v", state, l, err)
			}
		case domain.KindOf(err) != domain.Conflict || !strings.Contains(err.Error(), refusal) || l != before:
			t.Errorf("%s became %+v, %v", state, l, err)
		}
	}
}

func TestResendEndsEarlierDelivery(t *testing.T) {
	l := logInState(failed, 4)
	var past []domain.ID
	for range 3 {
		past = append(past, l.DeliveryID())
		if err := l.Resend(now); err != nil {
			t.Fatal(err)
		}
		for _, id := range past {
			if l.Awaits(id) || notification.LogOf(id) != l.ID {
				t.Errorf("after %d resends %s is awaited: %v", l.Resends, id, l.Awaits(id))
			}
		}
		if id := l.DeliveryID(); !l.Awaits(id) || notification.LogOf(id) != l.ID {
			t.Errorf("after %d resends %s is not awaited", l.Resends, id)
		}
		l.Failed("busy", now)
	}
	if past[0] != l.ID {
		t.Errorf("the first delivery is %s", past[0])
	}
	if l.Sent(now); l.Awaits(l.DeliveryID()) {
		t.Error("a sent log is awaited")
	}
}

func TestLastErrorIsOneShortLine(t *testing.T) {
	l := logInState(queued, 0)
	l.Failed("550-no\r\n550\tsu\x00ch \xff \u202euser", now)
	if l.LastError != "550-no 550 such \uFFFD user" {
		t.Errorf("LastError is %q", l.LastError)
	}
	l.Failed(strings.Repeat("é", 1000), now)
	if n := domain.Length(l.LastError); n != 500 || !strings.HasSuffix(l.LastError, "é…") {
		t.Errorf("LastError has %d characters", n)
	}
}

func TestMayReadHidesInternalLogs(t *testing.T) {
	v := ticket.Ticket{CreatedBy: ana, CreatedFor: rita, AssignedTo: bob}
	for _, c := range []struct {
		who      string
		internal bool
		may      bool
	}{
		{ana, true, true}, {eve, true, true}, {eve, false, true}, {rita, false, true}, {rita, true, false}, {carl, false, false},
	} {
		if got := reader(c.who).MayRead(notification.Log{Internal: c.internal}, v); got != c.may {
			t.Errorf("%s, internal %v: %v", c.who, c.internal, got)
		}
	}
}

func TestRestoredUnsentLogIsDead(t *testing.T) {
	for isSent, want := range map[bool]string{true: "sent ", false: "dead It was never sent."} {
		r := notification.Record{Type: "ticket_created", IsActive: true, IsSent: isSent, CreatedAt: now}
		l, _, reason := notification.Restore("l", "r", "", "t", r, now)
		if got := string(l.Delivery) + " " + l.LastError; reason != "" || got != want || l.IsSent != isSent {
			t.Errorf("sent %v became %q, %s", isSent, got, reason)
		}
	}
}
