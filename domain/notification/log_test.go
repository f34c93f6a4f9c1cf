package notification_test

import (
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/notification"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

func TestTitlesAndMessages(t *testing.T) {
	long := func(e *notification.Event) { e.After.Title = strings.Repeat("ü", 200) }
	undue := func(e *notification.Event) { e.Before.DueDate, e.After.DueDate = now, time.Time{} }
	later := func(e *notification.Event) {
		e.Before.DueDate = now
		due(e)
	}
	for name, c := range map[string]struct {
		by             string
		steps          []step
		title, message string
	}{
		"opened": {ana, []step{isNew}, "New ticket: Printer", "opened and assigned to bob by ana."},
		"assigned": {
			ana, []step{func(e *notification.Event) { e.Before.AssignedTo = "" }}, "Ticket assigned: Printer", "assigned to bob by ana.",
		},
		"reassigned":     {ana, []step{assign(eve)}, "Ticket reassigned: Printer", "reassigned from bob to eve by ana."},
		"unassigned":     {ana, []step{assign("")}, "Ticket reassigned: Printer", "unassigned from bob by ana."},
		"status":         {ana, []step{status}, "Status changed: Printer", "status changed from Open to Resolved by ana."},
		"priority":       {ana, []step{priority}, "Priority changed: Printer", "priority changed from Low to High by ana."},
		"by the service": {"", []step{status}, "Status changed: Printer", "status changed from Open to Resolved."},
		"title": {
			ana, []step{title}, "Ticket updated: Printer in flames", `title changed from "Printer" to "Printer in flames" by ana.`,
		},
		"a long title": {
			ana,
			[]step{long},
			"Ticket updated: " + strings.Repeat("ü", 183) + "…",
			`title changed from "Printer" to "` + strings.Repeat("ü", 79) + `…" by ana.`,
		},
		"due date set": {ana, []step{due}, "Ticket updated: Printer", "due date set to 2026-03-03 00:00 UTC by ana."},
		"due date moved": {
			ana, []step{later}, "Ticket updated: Printer", "due date changed from 2026-03-01 12:00 UTC to 2026-03-03 00:00 UTC by ana.",
		},
		"due date removed": {ana, []step{undue}, "Ticket updated: Printer", "due date removed by ana."},
		"comment":          {rita, []step{addComment(ticket.Public)}, "New comment: Printer", "comment added by rita."},
		"internal note":    {ana, []step{addComment(ticket.Internal)}, "New comment: Printer", "internal note added by ana."},
		"two changes": {
			rita,
			[]step{status, priority},
			"Status changed: Printer",
			"status changed from Open to Resolved and priority changed from Low to High by rita.",
		},
		"all at once": {
			rita,
			[]step{assign(eve), status, priority, title, due, addComment(ticket.Public)},
			"Ticket reassigned: Printer in flames",
			"reassigned from bob to eve, status changed from Open to Resolved, priority changed from Low to High, comment added, " +
				`title changed from "Printer" to "Printer in flames" and due date set to 2026-03-03 00:00 UTC by rita.`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := event(printer(), c.by, c.steps...)
			all := logs(e, []notification.Reader{reader(bob), reader(eve)})
			if len(all) == 0 {
				t.Fatal("no logs")
			}
			want := notification.Log{
				ID: "log1", Type: all[0].Type, RecipientID: all[0].RecipientID, SenderID: domain.ID(c.by), TicketID: "t",
				Title: c.title, Message: "TKT-20260301-0001: " + c.message, News: all[0].News, Internal: name == "internal note",
				IsSent: true, SentAt: now, Delivery: notification.DeliverySent, CreatedAt: now, UpdatedAt: now,
			}
			if all[0] != want {
				t.Errorf("got %+v\nwant %+v", all[0], want)
			}
			if n := domain.Length(all[0].Title); n > 200 {
				t.Errorf("the title has %d characters", n)
			}
		})
	}
}

func TestReadKeepsFirstTime(t *testing.T) {
	l := notification.Log{ID: "l", CreatedAt: now, UpdatedAt: now}
	first := now.Add(time.Hour)
	if !l.Read(first) || !l.IsRead || !l.ReadAt.Equal(first) || !l.UpdatedAt.Equal(first) {
		t.Errorf("read %+v", l)
	}
	if l.Read(first.Add(time.Hour)) || !l.ReadAt.Equal(first) || !l.UpdatedAt.Equal(first) {
		t.Errorf("read a second time: %+v", l)
	}
}

func TestNewTicketThatIsOverdueNamesNoMissingAssignee(t *testing.T) {
	e := event(printer(), ana, isNew, assign(""))
	e.Alarms = []sla.Event{{Metric: sla.Resolution, Kind: sla.Breached, At: now}}
	receiver := reader(eve)
	receiver.Receives = true
	all := logs(e, []notification.Reader{receiver})
	const want = "TKT-20260301-0001: resolution overdue since 2026-03-01 12:00 UTC and opened by ana."
	if len(all) != 1 || all[0].Message != want {
		t.Errorf("got %+v, want the message %q", all, want)
	}
}
