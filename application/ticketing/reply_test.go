package ticketing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

// entriesVia returns the history entries of a ticket that were made in a way: their fields or kinds, the newest first.
func entriesVia(c *desk.Case, via access.Via) (all []string) {
	for _, e := range c.FullHistory() {
		if e.Via == via {
			all = append(all, strings.TrimPrefix(string(e.Kind)+" "+e.Field, "changed "))
		}
	}
	return all
}

func (c clockCase) paused(metric sla.Metric) bool {
	c.T.Helper()
	levels := desk.Must(c.ServiceLevels.Report(c.T.Context(), c.Actor(desk.Agent), c.TicketID))(c.T)
	for _, x := range levels.Clocks {
		if x.Metric == metric {
			return x.State() == sla.StatePaused
		}
	}
	c.T.Fatalf("no clock %s: %+v", metric, levels.Clocks)
	return false
}

type clockCase struct{ *desk.Case }

func TestReplyOfTheRequesterOpensAPendingTicketAndItsClockGoesOn(t *testing.T) {
	c := clockCase{desk.NewCase(t)}
	desk.Check(t, c.Change(desk.Agent, ticket.Patch{AssignedTo: c.MemberTo(desk.Agent)}))
	desk.Check(t, c.SetStatus(desk.Agent, "PENDING"))
	if !c.paused(sla.FirstResponse) {
		t.Fatal("the clock runs on a pending ticket")
	}
	c.Wait(time.Hour)
	said := c.MustWrite(desk.Customer, desk.Public("Here it is."))
	v := c.Ticket()
	if v.StatusName != "Open" || c.paused(sla.FirstResponse) || !v.SLADueDate.Equal(c.Now().Add(24*time.Hour)) {
		t.Errorf("status %s, due %v", v.StatusName, v.SLADueDate)
	}
	if got := entriesVia(c.Case, access.ViaRule); !slices.Equal(got, []string{"slaDueDate", "status"}) {
		t.Errorf("by the rule: %q", got)
	}
	for _, e := range c.FullHistory() {
		if e.Via == access.ViaRule && (e.CommentID != said.ID || e.ActorID != c.ID(desk.Customer) || e.Internal) {
			t.Errorf("%+v", e)
		}
	}
	c.MustWrite(desk.Customer, desk.Public("And more."))
	if got := entriesVia(c.Case, access.ViaRule); len(got) != 2 {
		t.Errorf("the second reply changed %q", got)
	}
}

func TestReplyOfTheRequesterReopensAResolvedTicket(t *testing.T) {
	c := desk.NewCase(t)
	desk.Check(t, c.Change(desk.Agent, ticket.Patch{AssignedTo: c.MemberTo(desk.Agent2)}))
	c.MustWrite(desk.Agent, c.WithStatus(desk.Public("Done."), "RESOLVED"))
	c.Wait(time.Hour)
	c.MustWrite(desk.Agent, desk.Public("Really."))
	if c.Ticket().StatusType != ticket.Resolved {
		t.Error("a comment of the desk reopened the ticket")
	}
	c.MustWrite(desk.Customer, desk.Public("It burns again."))
	if v := c.Ticket(); v.StatusType != ticket.Open || !v.ResolvedAt.IsZero() {
		t.Errorf("%+v", v)
	}
}

func TestStatusDecidesWhatAReplyDoes(t *testing.T) {
	c := desk.NewCase(t)
	root := c.Actor(desk.Root)
	set := func(code string, p ticket.StatusPatch) {
		t.Helper()
		desk.Check(t, desk.Err(c.Statuses.Update(t.Context(), root, c.Status(code).ID, p, nil)))
	}
	create := func(code string, weight int) {
		t.Helper()
		desk.Check(t, desk.Err(c.Statuses.Create(t.Context(), root, ticket.StatusPatch{
			Name: domain.Some(code), Code: domain.Some(code), StatusType: domain.Some("open"), Weight: domain.Some(weight),
		}, nil)))
	}
	reply := func(code, want string) {
		t.Helper()
		desk.Check(t, c.SetStatus(desk.Agent, code))
		c.MustWrite(desk.Customer, desk.Public("x"))
		if got := c.Ticket().StatusName; got != want {
			t.Errorf("a reply in %s: %s, want %s", code, got, want)
		}
	}
	create("SECOND", 9)
	create("FIRST", 8)
	reply("IN_PROGRESS", "In Progress")
	set("IN_PROGRESS", ticket.StatusPatch{OnReply: domain.Some("open"), IsDefault: domain.Some(true)})
	reply("IN_PROGRESS", "Open") // the first of type open; the default is of another type
	set("SECOND", ticket.StatusPatch{IsDefault: domain.Some(true)})
	reply("PENDING", "SECOND")
	set("PENDING", ticket.StatusPatch{OnReply: domain.Some("keep")})
	reply("PENDING", "Pending")
	desk.Check(t, c.SetStatus(desk.Agent, "RESOLVED"))
	desk.Check(t, c.Change(desk.Agent, ticket.Patch{CreatedFor: c.MemberTo(desk.Agent), AssignedTo: c.MemberTo(desk.Agent)}))
	c.MustWrite(desk.Agent, desk.Public("By the assignee, who is the requester."))
	if got := c.Ticket().StatusType; got != ticket.Resolved {
		t.Errorf("now %s", got)
	}
}

func TestTicketThatIsOverIsClosedToItsRequesterOnly(t *testing.T) {
	for _, code := range []string{"CLOSED", "CANCELLED"} {
		c := desk.NewCase(t)
		desk.Check(t, c.SetStatus(desk.Agent, code))
		before := c.Ticket()
		c.Wait(time.Hour)
		_, err := c.Write(desk.Customer, desk.Public("Hello?"))
		desk.Says(t, err, domain.Conflict,
			"A "+strings.ToLower(code)+" ticket takes no more comments of its requester; open a follow-up.")
		c.MustWrite(desk.Agent, desk.Public("Thanks."))
		note := c.MustWrite(desk.Agent, desk.Internal("No."))
		if v := c.Ticket(); v != before {
			t.Errorf("%s: the ticket became %+v", code, v)
		}
		levels := desk.Must(c.ServiceLevels.Report(t.Context(), c.Actor(desk.Agent), c.TicketID))(t)
		for _, e := range levels.Events {
			if e.At.After(before.UpdatedAt) {
				t.Errorf("%s: a comment moved a clock: %+v", code, e)
			}
		}
		desk.Check(t, desk.Err(c.Comments.Edit(t.Context(), c.Actor(desk.Agent), c.TicketID, note.ID,
			ticket.CommentPatch{Visibility: domain.Some("public")}, nil)))
		if got := c.CommentsAs(desk.Customer); len(got) != 2 {
			t.Errorf("%s: the requester reads %q", code, got)
		}
	}
}

func TestPublishedNoteOfTheRequesterReopens(t *testing.T) {
	c := desk.NewCase(t)
	desk.Check(t, c.Change(desk.Agent, ticket.Patch{CreatedFor: c.MemberTo(desk.Agent)}))
	desk.Check(t, c.SetStatus(desk.Agent2, "RESOLVED"))
	note := c.MustWrite(desk.Agent, desk.Internal("It is not."))
	if c.Ticket().StatusType != ticket.Resolved {
		t.Fatal("an internal note reopened the ticket")
	}
	desk.Check(t, desk.Err(c.Comments.Edit(t.Context(), c.Actor(desk.Agent), c.TicketID, note.ID,
		ticket.CommentPatch{Visibility: domain.Some("public")}, nil)))
	if v := c.Ticket(); v.StatusType != ticket.Open || !v.ResolvedAt.IsZero() {
		t.Errorf("%+v", v)
	}
	if got := entriesVia(c, access.ViaRule); !slices.Contains(got, "status") {
		t.Errorf("by the rule: %q", got)
	}
}

func TestFollowUps(t *testing.T) {
	d := desk.New(t)
	ctx := t.Context()
	open := func(as string, of string) (ticket.View, error) {
		return d.Tickets.Open(ctx, d.Actor(as), ticket.Patch{
			Title: domain.Some("Again"), Description: domain.Some("x"), FollowUpOf: domain.Some(of),
		}, nil)
	}
	in := func(as, code string) ticket.View {
		v := d.Open(as, ticket.Patch{})
		desk.Check(t, desk.Err(d.Tickets.Update(ctx, d.Actor(desk.Root), v.ID, ticket.Patch{StatusID: d.StatusTo(code)}, nil)))
		return v
	}
	const refused = "followUpOf: Invalid ticket to follow up."
	for code, ok := range map[string]bool{
		"OPEN": false, "IN_PROGRESS": false, "PENDING": false, "RESOLVED": true, "CLOSED": true, "CANCELLED": true,
	} {
		old := in(desk.Customer, code)
		for as, may := range map[string]bool{desk.Customer: true, desk.Agent: true, desk.Visitor: false} {
			v, err := open(as, string(old.ID))
			if !ok || !may {
				desk.Fails(t, err, domain.Invalid, refused)
				continue
			}
			if err != nil || v.FollowUpOf != old.ID || v.FollowUpNumber != old.Number {
				t.Errorf("%s by %s: %v, %+v", code, as, err, v)
			}
		}
	}
	old := in(desk.Customer, "CLOSED")
	for _, of := range []string{old.Number, string(d.NewID()), "x"} {
		desk.Fails(t, desk.Err(open(desk.Root, of)), domain.Invalid, refused)
	}
	for _, of := range []string{"", " "} {
		if v, err := open(desk.Customer, of); err != nil || v.FollowUpOf != "" {
			t.Errorf("%v, %+v", err, v)
		}
	}
	// created for the visitor, who does not see the old ticket
	v, err := d.Tickets.Open(ctx, d.Actor(desk.Agent), ticket.Patch{
		Title: domain.Some("Again"), Description: domain.Some("x"), FollowUpOf: domain.Some(string(old.ID)), CreatedFor: d.MemberTo(desk.Visitor),
	}, nil)
	desk.Check(t, err)
	numbers := func(as string) (all []string) {
		t.Helper()
		one := desk.Must(d.Tickets.Get(ctx, d.Actor(as), v.ID))(t)
		page := desk.Must(d.Tickets.List(ctx, d.Actor(as), ticket.Query{Order: ticket.ByCreated, Size: 1}))(t)
		changed := desk.Must(d.Tickets.Update(ctx, d.Actor(as), v.ID, ticket.Patch{Title: domain.Some("By " + as)}, nil))(t)
		whole := desk.Must(d.Tickets.Replace(ctx, d.Actor(as), v.ID, ticket.Patch{
			Title: domain.Some("Of " + as), Description: domain.Some("y"), FollowUpOf: domain.Some("x"),
			CreatedFor: domain.Some(string(v.CreatedFor)),
		}, nil))(t)
		return []string{one.FollowUpNumber, page.Tickets[0].FollowUpNumber, changed.FollowUpNumber, whole.FollowUpNumber}
	}
	if got := numbers(desk.Visitor); strings.Join(got, "") != "" {
		t.Errorf("the visitor reads %q", got)
	}
	if got := numbers(desk.Agent); strings.Join(got, " ") != strings.Repeat(old.Number+" ", 3)+old.Number {
		t.Errorf("the agent reads %q", got)
	}
	desk.Check(t, d.Tickets.Delete(ctx, d.Actor(desk.Root), old.ID, nil))
	if got := numbers(desk.Agent); strings.Join(got, "") != "" {
		t.Errorf("of a deleted ticket: %q", got)
	}
	desk.Fails(t, desk.Err(open(desk.Root, string(old.ID))), domain.Invalid, refused)
}

func TestTicketsOfADeactivatedAssigneeAreUnassigned(t *testing.T) {
	d := desk.New(t)
	opened := func() ticket.View { return d.Open(desk.Customer, ticket.Patch{}) }
	free, gone, kept := opened(), opened(), opened()
	assign := func(v ticket.View, to string) {
		desk.Check(t, desk.Err(d.Tickets.Update(t.Context(), d.Actor(desk.Root), v.ID, ticket.Patch{AssignedTo: d.MemberTo(to)}, nil)))
	}
	assign(gone, desk.Agent)
	assign(kept, desk.Agent2)
	agent2 := d.Actor(desk.Agent2)
	unassigned := func() (ids []domain.ID) {
		t.Helper()
		for _, v := range desk.Must(d.Dashboard.Show(t.Context(), agent2))(t).Unassigned {
			ids = append(ids, v.ID)
		}
		page := desk.Must(d.Tickets.List(t.Context(), agent2, ticket.Query{
			Filter: ticket.Filter{Unassigned: true}, Order: ticket.ByImportance, Size: 10, Number: 1,
		}))(t)
		if page.Count != len(ids) || len(page.Tickets) != len(ids) {
			t.Errorf("the dashboard lists %d, the filter %d", len(ids), page.Count)
		}
		return ids
	}
	if got := unassigned(); !slices.Equal(got, []domain.ID{free.ID}) {
		t.Errorf("unassigned: %v", got)
	}
	d.Deactivate(desk.Agent)
	if got := unassigned(); len(got) != 2 || !slices.Contains(got, gone.ID) {
		t.Errorf("unassigned after the assignee left: %v", got)
	}
	both := desk.Must(d.Tickets.List(t.Context(), agent2, ticket.Query{
		Filter: ticket.Filter{Unassigned: true, AssignedTo: []domain.ID{agent2.ID}}, Order: ticket.ByCreated, Size: 10, Number: 1,
	}))(t)
	if both.Count != 3 {
		t.Errorf("mine and unassigned: %d", both.Count)
	}
}

func TestReplyThatIsTakenBackRestoresTheStatus(t *testing.T) {
	ctx := t.Context()
	for name, tc := range map[string]struct {
		from   string
		after  func(*desk.Case) // what happens before the reply is taken back
		want   string
		byHide bool
	}{
		"pending":               {from: "PENDING", want: "Pending"},
		"resolved":              {from: "RESOLVED", want: "Resolved"},
		"resolved, made a note": {from: "RESOLVED", want: "Resolved", byHide: true},
		"another reply":         {from: "PENDING", after: func(c *desk.Case) { c.MustWrite(desk.Customer, desk.Public("y")) }, want: "Open"},
		"another reply, taken back too": {from: "PENDING", after: func(c *desk.Case) {
			other := c.MustWrite(desk.Customer, desk.Public("y"))
			desk.Check(t, c.Comments.Delete(ctx, c.Actor(desk.Customer), c.TicketID, other.ID, nil))
		}, want: "Pending"},
		"changed since": {from: "PENDING", after: func(c *desk.Case) {
			desk.Check(t, c.SetStatus(desk.Agent2, "IN_PROGRESS"))
		}, want: "In Progress"},
		"changed since and back": {from: "PENDING", after: func(c *desk.Case) {
			desk.Check(t, c.SetStatus(desk.Agent2, "IN_PROGRESS"))
			desk.Check(t, c.SetStatus(desk.Agent2, "OPEN"))
		}, want: "Open"},
		"opened by a later reply": {from: "PENDING", after: func(c *desk.Case) {
			desk.Check(t, c.SetStatus(desk.Agent2, "PENDING"))
			c.MustWrite(desk.Customer, desk.Public("y"))
		}, want: "Open"},
	} {
		t.Run(name, func(t *testing.T) {
			c := desk.NewCase(t)
			who := desk.Customer
			if tc.byHide { // only accounts of scope all write notes
				who = desk.Agent
				desk.Check(t, c.Change(desk.Agent2, ticket.Patch{CreatedFor: c.MemberTo(who)}))
			}
			desk.Check(t, c.SetStatus(desk.Agent2, tc.from))
			if tc.from == "RESOLVED" {
				desk.Check(t, c.Change(desk.Agent2, ticket.Patch{CustomerSatisfaction: domain.Some(4)}))
			}
			before := c.Ticket()
			c.Wait(time.Minute)
			said := c.MustWrite(who, desk.Public("x"))
			if c.Ticket().StatusName != "Open" {
				t.Fatalf("the reply led to %s", c.Ticket().StatusName)
			}
			c.Wait(time.Minute)
			if tc.after != nil {
				tc.after(c)
			}
			if tc.byHide {
				desk.Check(t, desk.Err(c.Comments.Edit(ctx, c.Actor(who), c.TicketID, said.ID,
					ticket.CommentPatch{Visibility: domain.Some("internal")}, nil)))
			} else {
				desk.Check(t, c.Comments.Delete(ctx, c.Actor(who), c.TicketID, said.ID, nil))
			}
			v := c.Ticket()
			if v.StatusName != tc.want {
				t.Errorf("now %s, want %s", v.StatusName, tc.want)
			}
			if v.StatusID == before.StatusID && (!v.ResolvedAt.Equal(before.ResolvedAt) || v.CustomerSatisfaction != before.CustomerSatisfaction) {
				t.Errorf("resolved at %v, want %v; rated %d", v.ResolvedAt, before.ResolvedAt, v.CustomerSatisfaction)
			}
		})
	}
}
