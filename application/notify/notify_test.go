package notify_test

import (
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

func TestTheOneWhoOpensOrChangesATicketHasThoseConcernedTold(t *testing.T) {
	const admin, agent, agent2, customer = desk.Admin, desk.Agent, desk.Agent2, desk.Customer
	nobody := simply(ticket.Patch{AssignedTo: domain.Null[string]()})
	replace := func(b *notifyDesk) error {
		c := ticket.Patch{Title: domain.Some("New"), Description: domain.Some("New")}
		return desk.Err(b.Tickets.Replace(b.T.Context(), b.Actor(customer), b.TicketID, c, nil))
	}
	for name, c := range map[string]telling{
		"opened for an assignee":     {opening(admin, assigned(agent2)), "agent2:ticket_created"},
		"opened for oneself":         {opening(agent, assigned(agent)), ""},
		"opened by a requester":      {opening(customer, simply(ticket.Patch{})), ""},
		"reassigned":                 {altering(agent, assigned(agent2)), "agent2:ticket_reassigned"},
		"reassigned to a superuser":  {altering(agent, assigned(desk.Root)), "root:ticket_reassigned"},
		"unassigned":                 {altering(admin, nobody), "agent:ticket_reassigned"},
		"unassigned by the assignee": {altering(agent, nobody), ""},
		"status by the assignee":     {altering(agent, toStatus("PENDING")), "customer:status_changed"},
		"status by a third":          {altering(admin, toStatus("RESOLVED")), "agent:status_changed customer:status_changed"},
		"the status that it has":     {altering(admin, toStatus("OPEN")), ""},
		"title by the requester":     {altering(customer, simply(ticket.Patch{Title: domain.Some("New")})), "agent:ticket_updated"},
		"description":                {altering(customer, simply(ticket.Patch{Description: domain.Some("New")})), ""},
		"due date":                   {altering(agent, simply(ticket.Patch{DueDate: domain.Some(desk.Noon)})), "customer:ticket_updated"},
		"replaced by its requester":  {replace, "agent:ticket_updated"},
		"deleted":                    {func(b *notifyDesk) error { return b.Tickets.Delete(b.T.Context(), b.Actor(admin), b.TicketID, nil) }, ""},
		"priority": {altering(agent, func(b *notifyDesk) ticket.Patch {
			return ticket.Patch{PriorityID: b.PriorityTo("HIGH")}
		}), "customer:priority_changed"},
		"status, priority and assignee at once": {altering(admin, func(b *notifyDesk) ticket.Patch {
			return ticket.Patch{StatusID: b.StatusTo("PENDING"), PriorityID: b.PriorityTo("LOW"), AssignedTo: b.MemberTo(agent2)}
		}), "agent2:ticket_reassigned customer:status_changed"},
	} {
		t.Run(name, func(t *testing.T) { c.run(t) })
	}
}

func TestTheOneWhoCommentsHasThoseConcernedTold(t *testing.T) {
	const admin, agent, customer = desk.Admin, desk.Agent, desk.Customer
	takeBack := func(b *notifyDesk) error {
		c, err := b.write(nil, agent, ticket.Public)
		desk.Check(b.T, err)
		b.rings()
		sorry := ticket.CommentPatch{Body: domain.Some("Sorry.")}
		desk.Must(b.Comments.Edit(b.T.Context(), b.Actor(agent), b.TicketID, c.ID, sorry, nil))(b.T)
		return b.Comments.Delete(b.T.Context(), b.Actor(agent), b.TicketID, c.ID, nil)
	}
	for name, c := range map[string]telling{
		"the requester":                {saying(customer, ticket.Public), "agent:comment_added"},
		"the assignee":                 {saying(agent, ticket.Public), "customer:comment_added"},
		"a third":                      {saying(admin, ticket.Public), "agent:comment_added customer:comment_added"},
		"a third, in a note":           {saying(admin, ticket.Internal), "agent:comment_added!"},
		"the assignee, in a note":      {saying(agent, ticket.Internal), ""},
		"a third, who resolves it":     {saying(admin, ticket.Public, "RESOLVED"), "agent:status_changed customer:status_changed"},
		"a third, with a note":         {saying(admin, ticket.Internal, "RESOLVED"), "agent:status_changed! customer:status_changed"},
		"the assignee, who regrets it": {takeBack, ""},
	} {
		t.Run(name, func(t *testing.T) { c.run(t) })
	}
}

func TestAChangeThatFailsTellsNobody(t *testing.T) {
	stale := func(ticket.View) bool { return false }
	for name, do := range map[string]func(*notifyDesk) error{
		"forbidden": altering(desk.Customer, toStatus("CLOSED")),
		"half of it wrong": altering(desk.Admin, func(b *notifyDesk) ticket.Patch {
			return ticket.Patch{StatusID: b.StatusTo("CLOSED"), Title: domain.Some("")}
		}),
		"out of sight":       altering(desk.Visitor, simply(ticket.Patch{Title: domain.Some("New")})),
		"a note by an own":   saying(desk.Customer, ticket.Internal),
		"a forbidden status": saying(desk.Customer, ticket.Public, "CLOSED"),
		"a ticket of nothing": func(b *notifyDesk) error {
			return desk.Err(b.Tickets.Open(b.T.Context(), b.Actor(desk.Admin), assigned(desk.Agent)(b), nil))
		},
		"of a stale ticket": func(b *notifyDesk) error {
			return desk.Err(b.Tickets.Update(b.T.Context(), b.Actor(desk.Admin), b.TicketID, toStatus("CLOSED")(b), stale))
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newNotifyDesk(t)
			if err := do(b); err == nil {
				t.Error("was not refused")
			}
			if got := b.rings(); got != "" {
				t.Errorf("told %q", got)
			}
		})
	}
}

func TestOnlyThoseWhoCanSeeTheTicketAreTold(t *testing.T) {
	agentSeesOwn := func(b *notifyDesk) { b.move(desk.Agent, "customer") }
	for name, c := range map[string]struct {
		before func(*notifyDesk)
		telling
	}{
		"the assignee was deactivated": {
			func(b *notifyDesk) { b.Deactivate(desk.Agent) },
			telling{altering(desk.Admin, toStatus("PENDING")), "customer:status_changed"},
		},
		"the requester was deactivated": {
			func(b *notifyDesk) { b.Deactivate(desk.Customer) },
			telling{altering(desk.Admin, toStatus("PENDING")), "agent:status_changed"},
		},
		"the requester may not view": {
			func(b *notifyDesk) { b.Assign(desk.Customer, access.TicketsMenu, access.MayNothing) },
			telling{saying(desk.Agent, ticket.Public), ""},
		},
		"the assignee lost its role": {
			func(b *notifyDesk) { b.Edit(b.ID(desk.Agent), desk.InRole("")) },
			telling{saying(desk.Customer, ticket.Public), ""},
		},
		"the assignee sees own, a note": {agentSeesOwn, telling{saying(desk.Admin, ticket.Internal), ""}},
		"the assignee sees own, comment": {
			agentSeesOwn, telling{saying(desk.Customer, ticket.Public), "agent:comment_added"},
		},
		"who saw it as its assignee": {
			agentSeesOwn, telling{altering(desk.Admin, simply(ticket.Patch{AssignedTo: domain.Null[string]()})), ""},
		},
		"a requester with view alone": {
			func(b *notifyDesk) {
				desk.Check(b.T, b.Change(desk.Admin, ticket.Patch{CreatedFor: b.MemberTo(desk.Watcher)}))
			},
			telling{saying(desk.Agent, ticket.Public), "watcher:comment_added"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.run(t, c.before)
		})
	}
}

func TestABreachThatAChangeBringsIsToldWithIt(t *testing.T) {
	late := func(c ticket.Patch) func(*notifyDesk) ticket.Patch {
		return func(b *notifyDesk) ticket.Patch { c.SLADueDate = domain.Some(b.Now().Add(-time.Hour)); return c }
	}
	lateOf := func(name string) func(*notifyDesk) ticket.Patch {
		return func(b *notifyDesk) ticket.Patch { return late(ticket.Patch{AssignedTo: b.MemberTo(name)})(b) }
	}
	for name, c := range map[string]telling{
		"the assignee": {altering(desk.Admin, late(ticket.Patch{})), "agent:sla_breached"},
		"the assignee, of both": {
			altering(desk.Admin, late(ticket.Patch{Title: domain.Some("Fire")})), "agent:sla_breached customer:ticket_updated",
		},
		"not the one who did it": {altering(desk.Agent, late(ticket.Patch{})), ""},
		"the new assignee":       {altering(desk.Admin, lateOf(desk.Agent2)), "agent2:sla_breached"},
		"of what is opened so":   {opening(desk.Admin, lateOf(desk.Agent)), "agent:sla_breached"},
	} {
		t.Run(name, func(t *testing.T) { c.run(t) })
	}
}

func TestWhatTimeBringsIsToldOnce(t *testing.T) {
	const dueDateOfBoth = "agent:due_date_approaching customer:due_date_approaching"
	for name, c := range map[string]struct {
		before func(*notifyDesk)
		wait   time.Duration
		want   string
	}{
		"nothing":                      {func(*notifyDesk) {}, 19 * time.Hour, ""},
		"a warning":                    {func(*notifyDesk) {}, 20 * time.Hour, "agent:sla_warning"},
		"a breach, noticed late":       {func(*notifyDesk) {}, 100 * time.Hour, "agent:sla_breached"},
		"a breach of nobody's":         {func(b *notifyDesk) { b.leave() }, 24 * time.Hour, "agent2:sla_breached"},
		"a due date":                   {func(b *notifyDesk) { b.due(30 * time.Hour) }, 6 * time.Hour, dueDateOfBoth},
		"a due date, noticed too late": {func(b *notifyDesk) { b.due(30 * time.Hour) }, 31 * time.Hour, "agent:sla_breached"},
		"a due date of nobody's": {
			func(b *notifyDesk) { b.leave(); b.due(30 * time.Hour) }, 6 * time.Hour,
			"customer:due_date_approaching",
		},
		"a breach of what is resolved": {func(b *notifyDesk) { desk.Check(b.T, b.SetStatus(desk.Agent, "RESOLVED")) }, 100 * time.Hour, ""},
		"a warning and a due date": {
			func(b *notifyDesk) { b.due(43 * time.Hour) }, 20 * time.Hour, "agent:sla_warning customer:due_date_approaching",
		},
		"a breach to who sees it no more": {func(b *notifyDesk) { b.Edit(b.ID(desk.Agent), desk.InRole("")) }, 24 * time.Hour, ""},
		"a breach of who is gone, to those in charge": {func(b *notifyDesk) {
			b.leave()
			desk.Check(b.T, b.Change(desk.Admin, ticket.Patch{AssignedTo: b.MemberTo(desk.Agent)}))
			b.Deactivate(desk.Agent)
		}, 24 * time.Hour, "agent2:sla_breached"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newNotifyDesk(t)
			c.before(b)
			b.rings()
			b.Wait(c.wait)
			desk.Must(b.ServiceLevels.Sweep(t.Context()))(t)
			if got := b.rings(); got != c.want {
				t.Errorf("told %q, want %q", got, c.want)
			}
			for range 3 {
				b.Wait(time.Second)
				desk.Must(b.ServiceLevels.Sweep(t.Context()))(t)
			}
			if got := b.rings(); got != "" {
				t.Errorf("told again %q", got)
			}
		})
	}
}

func TestWhatIsToldSpeaksForItself(t *testing.T) {
	b := newNotifyDesk(t)
	b.Wait(time.Minute)
	desk.Check(t, b.Change(desk.Admin, toStatus("RESOLVED")(b)))
	l := b.logs()[0]
	want := notification.View{
		Log: notification.Log{
			ID: l.ID, Type: notification.StatusChanged, RecipientID: l.RecipientID, SenderID: b.ID(desk.Admin), TicketID: b.TicketID,
			Title: "Status changed: The printer burns", Message: "TKT-20260301-0001: status changed from Open to Resolved by admin.",
			IsSent: true, SentAt: b.Now(), Delivery: notification.DeliverySent, CreatedAt: b.Now(), UpdatedAt: b.Now(),
		},
		Recipient: l.Recipient, Sender: desk.Admin, TicketNumber: "TKT-20260301-0001",
	}
	if l != want {
		t.Errorf("told %+v\nwant %+v", l, want)
	}
}

func TestARequestThatIsRepeatedTellsOnce(t *testing.T) {
	b := newNotifyDesk(t)
	once := desk.Once("k", "f", func(ticket.CommentView) string { return "" })
	desk.Check(t, desk.Err(b.write(once, desk.Customer, ticket.Public)))
	desk.Replays(t, desk.Err(b.write(once, desk.Customer, ticket.Public)), "")
	if got := b.rings(); got != "agent:comment_added" {
		t.Errorf("told %q", got)
	}
}

func TestANoteThatIsPublishedIsNewsToTheRequester(t *testing.T) {
	b := newNotifyDesk(t)
	note := desk.Must(b.write(nil, desk.Agent, ticket.Internal))(t)
	b.rings()
	edit := func(c ticket.CommentPatch) {
		t.Helper()
		desk.Check(t, desk.Err(b.Comments.Edit(t.Context(), b.Actor(desk.Agent), b.TicketID, note.ID, c, nil)))
	}
	edit(ticket.CommentPatch{Body: domain.Some("other words")})
	if got := b.rings(); got != "" {
		t.Errorf("an edit tells %s", got)
	}
	edit(ticket.CommentPatch{Visibility: domain.Some("public")})
	if got := b.rings(); got != "customer:comment_added" {
		t.Errorf("a publication tells %s", got)
	}
}
