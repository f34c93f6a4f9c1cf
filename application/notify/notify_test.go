package notify_test

import (
	"reflect"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

func TestChangesNotifyTheOthersConcerned(t *testing.T) {
	const admin, agent, agent2, customer = desk.Admin, desk.Agent, desk.Agent2, desk.Customer
	nobody := fixed(ticket.Patch{AssignedTo: domain.Null[string]()})
	replace := func(b *notifyDesk) error {
		c := ticket.Patch{Title: domain.Some("New"), Description: domain.Some("New")}
		return desk.Err(b.Tickets.Replace(b.T.Context(), b.Actor(customer), b.TicketID, c, nil))
	}
	for name, c := range map[string]notifyCase{
		"opened for an assignee":     {opening(admin, assigned(agent2)), "agent2:ticket_created"},
		"opened for itself":          {opening(agent, assigned(agent)), ""},
		"opened by a requester":      {opening(customer, fixed(ticket.Patch{})), "root:ticket_created"},
		"reassigned":                 {changing(agent, assigned(agent2)), "agent2:ticket_reassigned"},
		"reassigned by a third":      {changing(admin, assigned(agent2)), "agent2:ticket_reassigned agent:ticket_reassigned"},
		"reassigned to a superuser":  {changing(agent, assigned(desk.Root)), "root:ticket_reassigned"},
		"unassigned":                 {changing(admin, nobody), "agent:ticket_reassigned root:ticket_reassigned"},
		"unassigned by the assignee": {changing(agent, nobody), "root:ticket_reassigned"},
		"status by the assignee":     {changing(agent, toStatus("PENDING")), "customer:status_changed"},
		"status by a third":          {changing(admin, toStatus("RESOLVED")), "agent:status_changed customer:status_changed"},
		"status unchanged":           {changing(admin, toStatus("OPEN")), ""},
		"title by the requester":     {changing(customer, fixed(ticket.Patch{Title: domain.Some("New")})), "agent:ticket_updated"},
		"description":                {changing(customer, fixed(ticket.Patch{Description: domain.Some("New")})), ""},
		"due date":                   {changing(agent, fixed(ticket.Patch{DueDate: domain.Some(desk.Noon)})), "customer:ticket_updated"},
		"replaced by its requester":  {replace, "agent:ticket_updated"},
		"deleted":                    {func(b *notifyDesk) error { return b.Tickets.Delete(b.T.Context(), b.Actor(admin), b.TicketID, nil) }, ""},
		"priority": {changing(agent, func(b *notifyDesk) ticket.Patch {
			return ticket.Patch{PriorityID: b.PriorityTo("HIGH")}
		}), "customer:priority_changed"},
		"status, priority and assignee at once": {changing(admin, func(b *notifyDesk) ticket.Patch {
			return ticket.Patch{StatusID: b.StatusTo("PENDING"), PriorityID: b.PriorityTo("LOW"), AssignedTo: b.MemberTo(agent2)}
		}), "agent2:ticket_reassigned agent:ticket_reassigned customer:status_changed"},
	} {
		t.Run(name, func(t *testing.T) { c.run(t) })
	}
}

func TestCommentsNotifyTheOthersConcerned(t *testing.T) {
	const admin, agent, customer = desk.Admin, desk.Agent, desk.Customer
	editAndDelete := func(b *notifyDesk) error {
		c, err := b.writeComment(nil, agent, ticket.Public)
		desk.Check(b.T, err)
		b.newlyNotified()
		sorry := ticket.CommentPatch{Body: domain.Some("Sorry.")}
		desk.Must(b.Comments.Edit(b.T.Context(), b.Actor(agent), b.TicketID, c.ID, sorry, nil))(b.T)
		return b.Comments.Delete(b.T.Context(), b.Actor(agent), b.TicketID, c.ID, nil)
	}
	for name, c := range map[string]notifyCase{
		"the requester":                   {commenting(customer, ticket.Public), "agent:comment_added"},
		"the assignee":                    {commenting(agent, ticket.Public), "customer:comment_added"},
		"a third":                         {commenting(admin, ticket.Public), "agent:comment_added customer:comment_added"},
		"a third, in a note":              {commenting(admin, ticket.Internal), "agent:comment_added!"},
		"the assignee, in a note":         {commenting(agent, ticket.Internal), ""},
		"a third, resolving it":           {commenting(admin, ticket.Public, "RESOLVED"), "agent:status_changed customer:status_changed"},
		"a third, resolving it in a note": {commenting(admin, ticket.Internal, "RESOLVED"), "agent:status_changed! customer:status_changed"},
		"an edit and a deletion":          {editAndDelete, ""},
	} {
		t.Run(name, func(t *testing.T) { c.run(t) })
	}
}

func TestFailedChangeNotifiesNoOne(t *testing.T) {
	stale := func(ticket.View) bool { return false }
	for name, do := range map[string]func(*notifyDesk) error{
		"forbidden": changing(desk.Customer, toStatus("CLOSED")),
		"partly invalid": changing(desk.Admin, func(b *notifyDesk) ticket.Patch {
			return ticket.Patch{StatusID: b.StatusTo("CLOSED"), Title: domain.Some("")}
		}),
		"out of reach":        changing(desk.Visitor, fixed(ticket.Patch{Title: domain.Some("New")})),
		"note by a requester": commenting(desk.Customer, ticket.Internal),
		"forbidden status":    commenting(desk.Customer, ticket.Public, "CLOSED"),
		"empty ticket": func(b *notifyDesk) error {
			return desk.Err(b.Tickets.Open(b.T.Context(), b.Actor(desk.Admin), assigned(desk.Agent)(b), nil))
		},
		"stale": func(b *notifyDesk) error {
			return desk.Err(b.Tickets.Update(b.T.Context(), b.Actor(desk.Admin), b.TicketID, toStatus("CLOSED")(b), stale))
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newNotifyDesk(t)
			if err := do(b); err == nil {
				t.Error("no error")
			}
			if got := b.newlyNotified(); got != "" {
				t.Errorf("notified %q", got)
			}
		})
	}
}

func TestOnlyThoseWhoMaySeeTheTicketAreNotified(t *testing.T) {
	agentSeesOwn := func(b *notifyDesk) { b.setRole(desk.Agent, "customer") }
	for name, c := range map[string]struct {
		before func(*notifyDesk)
		notifyCase
	}{
		"the assignee was deactivated": {
			func(b *notifyDesk) { b.Deactivate(desk.Agent) },
			notifyCase{changing(desk.Admin, toStatus("PENDING")), "customer:status_changed root:status_changed"},
		},
		"the requester was deactivated": {
			func(b *notifyDesk) { b.Deactivate(desk.Customer) },
			notifyCase{changing(desk.Admin, toStatus("PENDING")), "agent:status_changed"},
		},
		"the requester may not view": {
			func(b *notifyDesk) { b.Assign(desk.Customer, access.TicketsMenu, access.MayNothing) },
			notifyCase{commenting(desk.Agent, ticket.Public), ""},
		},
		"the assignee lost its role": {
			func(b *notifyDesk) { b.Edit(b.ID(desk.Agent), desk.InRole("")) },
			notifyCase{commenting(desk.Customer, ticket.Public), "root:comment_added"},
		},
		"internal note, assignee of scope own": {agentSeesOwn, notifyCase{commenting(desk.Admin, ticket.Internal), ""}},
		"public comment, assignee of scope own": {
			agentSeesOwn, notifyCase{commenting(desk.Customer, ticket.Public), "agent:comment_added"},
		},
		"former assignee of scope own": {
			agentSeesOwn, notifyCase{changing(desk.Admin, fixed(ticket.Patch{AssignedTo: domain.Null[string]()})), "root:ticket_reassigned"},
		},
		"requester who may only view": {
			func(b *notifyDesk) {
				desk.Check(b.T, b.Change(desk.Admin, ticket.Patch{CreatedFor: b.MemberTo(desk.Watcher)}))
			},
			notifyCase{commenting(desk.Agent, ticket.Public), "watcher:comment_added"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.run(t, c.before)
		})
	}
}

func TestBreachByAChangeIsNotifiedWithIt(t *testing.T) {
	late := func(c ticket.Patch) func(*notifyDesk) ticket.Patch {
		return func(b *notifyDesk) ticket.Patch { c.SLADueDate = domain.Some(b.Now().Add(-time.Hour)); return c }
	}
	lateOf := func(name string) func(*notifyDesk) ticket.Patch {
		return func(b *notifyDesk) ticket.Patch { return late(ticket.Patch{AssignedTo: b.MemberTo(name)})(b) }
	}
	for name, c := range map[string]notifyCase{
		"the assignee": {changing(desk.Admin, late(ticket.Patch{})), "agent:sla_breached"},
		"breach and change": {
			changing(desk.Admin, late(ticket.Patch{Title: domain.Some("Fire")})), "agent:sla_breached customer:ticket_updated",
		},
		"changed by the assignee": {changing(desk.Agent, late(ticket.Patch{})), ""},
		"the new assignee":        {changing(desk.Admin, lateOf(desk.Agent2)), "agent2:sla_breached agent:ticket_reassigned"},
		"opened breached":         {opening(desk.Admin, lateOf(desk.Agent)), "agent:sla_breached"},
	} {
		t.Run(name, func(t *testing.T) { c.run(t) })
	}
}

func TestAlarmsAndRemindersAreNotifiedOnce(t *testing.T) {
	const dueDateOfBoth = "agent:due_date_approaching customer:due_date_approaching"
	for name, c := range map[string]struct {
		before func(*notifyDesk)
		wait   time.Duration
		want   string
	}{
		"nothing due":                   {func(*notifyDesk) {}, 19 * time.Hour, ""},
		"a warning":                     {func(*notifyDesk) {}, 20 * time.Hour, "agent:sla_warning"},
		"a breach, recorded late":       {func(*notifyDesk) {}, 100 * time.Hour, "agent:sla_breached"},
		"a breach without assignee":     {func(b *notifyDesk) { b.unassign() }, 24 * time.Hour, "agent2:sla_breached"},
		"a due date":                    {func(b *notifyDesk) { b.setDueDate(30 * time.Hour) }, 6 * time.Hour, dueDateOfBoth},
		"a due date, recorded too late": {func(b *notifyDesk) { b.setDueDate(30 * time.Hour) }, 31 * time.Hour, "agent:sla_breached"},
		"a due date that is near":       {func(b *notifyDesk) { b.setDueDate(10 * time.Hour) }, time.Hour, ""},
		"a due date that was near":      {func(b *notifyDesk) { b.setDueDate(10 * time.Hour) }, 10 * time.Hour, "agent:due_date_passed"},
		"a due date that is past":       {func(b *notifyDesk) { b.setDueDate(-time.Hour) }, time.Hour, ""},
		"a due date, recorded a day late": {func(b *notifyDesk) {
			b.setDueDate(10 * time.Hour)
			desk.Check(b.T, b.SetStatus(desk.Agent, "RESOLVED"))
			b.Wait(35 * time.Hour)
			desk.Check(b.T, b.SetStatus(desk.Agent, "OPEN"))
		}, time.Second, ""},
		"a due date that was moved": {func(b *notifyDesk) { b.setDueDate(10 * time.Hour); b.setDueDate(12 * time.Hour) }, 11 * time.Hour, ""},
		"a response deadline":       {func(b *notifyDesk) { b.setDeadline(5 * time.Hour) }, 5 * time.Hour, "agent:response_deadline_passed"},
		"a response deadline without assignee": {
			func(b *notifyDesk) { b.unassign(); b.setDeadline(5 * time.Hour) }, 5 * time.Hour, "agent2:response_deadline_passed",
		},
		"a response deadline that was met": {func(b *notifyDesk) {
			b.setDeadline(5 * time.Hour)
			desk.Check(b.T, b.comment(desk.Agent, ticket.Public))
		}, 5 * time.Hour, ""},
		"both dates of a resolved ticket": {func(b *notifyDesk) {
			b.setDeadline(5 * time.Hour)
			b.setDueDate(6 * time.Hour)
			desk.Check(b.T, b.SetStatus(desk.Agent, "RESOLVED"))
		}, 7 * time.Hour, ""},
		"a due date without assignee": {
			func(b *notifyDesk) { b.unassign(); b.setDueDate(30 * time.Hour) }, 6 * time.Hour,
			"agent2:due_date_approaching customer:due_date_approaching",
		},
		"no breach of a resolved ticket": {func(b *notifyDesk) { desk.Check(b.T, b.SetStatus(desk.Agent, "RESOLVED")) }, 100 * time.Hour, ""},
		"a warning and a due date": {
			func(b *notifyDesk) { b.setDueDate(43 * time.Hour) }, 20 * time.Hour, "agent:sla_warning customer:due_date_approaching",
		},
		"a breach, assignee without permission": {
			func(b *notifyDesk) { b.Edit(b.ID(desk.Agent), desk.InRole("")) }, 24 * time.Hour, "root:sla_breached",
		},
		"a breach, assignee deactivated": {func(b *notifyDesk) {
			b.unassign()
			desk.Check(b.T, b.Change(desk.Admin, ticket.Patch{AssignedTo: b.MemberTo(desk.Agent)}))
			b.Deactivate(desk.Agent)
		}, 24 * time.Hour, "agent2:sla_breached"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newNotifyDesk(t)
			c.before(b)
			b.newlyNotified()
			b.Wait(c.wait)
			desk.Must(b.ServiceLevels.Sweep(t.Context()))(t)
			if got := b.newlyNotified(); got != c.want {
				t.Errorf("notified %q, want %q", got, c.want)
			}
			for range 3 {
				b.Wait(time.Second)
				desk.Must(b.ServiceLevels.Sweep(t.Context()))(t)
			}
			if got := b.newlyNotified(); got != "" {
				t.Errorf("notified again %q", got)
			}
		})
	}
}

func TestNotificationLogOfAStatusChange(t *testing.T) {
	b := newNotifyDesk(t)
	b.Wait(time.Minute)
	desk.Check(t, b.Change(desk.Admin, toStatus("RESOLVED")(b)))
	l := b.logs()[0]
	want := notification.View{
		Log: notification.Log{
			ID: l.ID, Type: notification.StatusChanged, RecipientID: l.RecipientID, SenderID: b.ID(desk.Admin), TicketID: b.TicketID,
			Title: "Status changed: The printer burns", Message: "TKT-20260301-0001: status changed from Open to Resolved by admin.",
			News:   l.News,
			IsSent: true, SentAt: b.Now(), Delivery: notification.DeliverySent, CreatedAt: b.Now(), UpdatedAt: b.Now(),
		},
		Recipient: l.Recipient, Sender: desk.Admin, TicketNumber: "TKT-20260301-0001",
	}
	if l != want {
		t.Errorf("got  %+v\nwant %+v", l, want)
	}
	facts := notification.News{
		Title: "The printer burns", By: desk.Admin, Facts: []notification.Fact{{Kind: notification.FactStatus, From: "Open", To: "Resolved"}},
	}
	if l.News == nil || !reflect.DeepEqual(*l.News, facts) {
		t.Errorf("the facts are %+v", l.News)
	}
}

func TestRepeatedRequestNotifiesOnce(t *testing.T) {
	b := newNotifyDesk(t)
	once := desk.Once("k", "f", func(ticket.CommentView) string { return "" })
	desk.Check(t, desk.Err(b.writeComment(once, desk.Customer, ticket.Public)))
	desk.Replays(t, desk.Err(b.writeComment(once, desk.Customer, ticket.Public)), "")
	if got := b.newlyNotified(); got != "agent:comment_added" {
		t.Errorf("notified %q", got)
	}
}

func TestPublishedNoteNotifiesTheRequester(t *testing.T) {
	b := newNotifyDesk(t)
	note := desk.Must(b.writeComment(nil, desk.Agent, ticket.Internal))(t)
	b.newlyNotified()
	edit := func(c ticket.CommentPatch) {
		t.Helper()
		desk.Check(t, desk.Err(b.Comments.Edit(t.Context(), b.Actor(desk.Agent), b.TicketID, note.ID, c, nil)))
	}
	edit(ticket.CommentPatch{Body: domain.Some("other words")})
	if got := b.newlyNotified(); got != "" {
		t.Errorf("an edit notifies %s", got)
	}
	edit(ticket.CommentPatch{Visibility: domain.Some("public")})
	if got := b.newlyNotified(); got != "customer:comment_added" {
		t.Errorf("publishing notifies %s", got)
	}
}
