package servicelevel_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

// quick is a policy of an hour for the first response, five minutes for the next one and four hours for the resolution.
func quick(c *sla.PolicyPatch) {
	c.Targets = domain.Some([]sla.TargetDraft{
		{Metric: string(sla.FirstResponse), Minutes: 60},
		{Metric: string(sla.NextResponse), Minutes: 5},
		{Metric: string(sla.Resolution), Minutes: 240},
	})
}

// takeBack deletes a comment or makes it internal.
var takeBack = map[string]func(d *desk.Case, as string, c ticket.CommentView){
	"deleted": func(d *desk.Case, as string, c ticket.CommentView) {
		d.T.Helper()
		desk.Check(d.T, d.Comments.Delete(d.T.Context(), d.Actor(as), d.TicketID, c.ID, nil))
	},
	"made internal": func(d *desk.Case, as string, c ticket.CommentView) {
		d.T.Helper()
		change := ticket.CommentPatch{Visibility: domain.Some(string(ticket.Internal))}
		desk.Must(d.Comments.Edit(d.T.Context(), d.Actor(as), d.TicketID, c.ID, change, nil))(d.T)
	},
}

// events returns the kinds of the ledger's events, without those of the start.
func events(d *desk.Case) string {
	var out []string
	for _, e := range report(d.Desk, d.TicketID).Events {
		if e.Kind != sla.Activated || e.CommentID != "" {
			text := fmt.Sprintf("%s/%d %s", e.Metric, e.Cycle, e.Kind)
			if e.Cause != "" {
				text += " " + string(e.Cause)
			}
			out = append(out, text)
		}
	}
	return strings.Join(out, ", ")
}

func TestAnswerThatWasTakenBackDidNotRespond(t *testing.T) {
	for way, back := range takeBack {
		t.Run(way, func(t *testing.T) {
			d, _ := newCaseUnderPolicy(t, quick)
			d.Wait(10 * time.Minute)
			dot := d.MustWrite(desk.Agent, desk.Public("."))
			checkClocks(d, "first_response/1 met, resolution/1 running 240")
			d.Wait(time.Minute)
			back(d, desk.Agent, dot)
			checkClocks(d, "first_response/1 running 60, resolution/1 running 240")
			if got, want := events(d), "first_response/1 fulfil, first_response/1 retract"; got != want {
				t.Errorf("events %s, want %s", got, want)
			}
			v := d.Ticket()
			if !v.FirstResponseAt.IsZero() || !v.SLADueDate.Equal(desk.Noon.Add(time.Hour)) || !v.UpdatedAt.Equal(d.Now()) {
				t.Errorf("the ticket is %+v", v.Ticket)
			}
			all := report(d.Desk, d.TicketID).Events
			if e := all[len(all)-1]; e.Kind != sla.Retracted || e.CommentID != dot.ID || !e.At.Equal(d.Now()) || !e.SaidAt.Equal(dot.CreatedAt) {
				t.Errorf("the last event is %+v", e)
			}
			d.Wait(time.Hour)
			sweep(d)
			checkClocks(d, "first_response/1 breached 60, resolution/1 running 240")
		})
	}
}

func TestLaterAnswerIsTheFirstResponseIfTheFirstWasTakenBack(t *testing.T) {
	d, _ := newCaseUnderPolicy(t, quick)
	dot := d.MustWrite(desk.Agent, desk.Public("."))
	d.Wait(4 * time.Minute)
	d.MustWrite(desk.Agent2, desk.Public("Hello."))
	second := d.Now()
	d.Wait(4 * time.Minute)
	takeBack["deleted"](d, desk.Agent, dot)
	checkClocks(d, "first_response/1 met, resolution/1 running 240")
	if v, c := d.Ticket(), report(d.Desk, d.TicketID).Clocks[0]; !v.FirstResponseAt.Equal(second) || !c.FulfilledAt.Equal(second) {
		t.Errorf("first response at %s, fulfilled at %s, want %s", v.FirstResponseAt, c.FulfilledAt, second)
	}
}

func TestQuestionThatWasTakenBackDidNotBreach(t *testing.T) {
	for way, back := range takeBack {
		t.Run(way, func(t *testing.T) {
			d, _ := newCaseUnderPolicy(t, quick)
			var question ticket.CommentView
			as := desk.Customer
			d.MustWrite(desk.Agent, desk.Public("Hello."))
			if way == "made internal" { // requesters write no notes; an agent asks as the requester of its own ticket
				as = desk.Agent
				d.TicketID = d.Open(as, ticket.Patch{}).ID
				d.MustWrite(desk.Agent2, desk.Public("Hello."))
			}
			question = d.MustWrite(as, desk.Public("When?"))
			d.Wait(10 * time.Minute)
			sweep(d)
			checkClocks(d, "first_response/1 met, next_response/1 breached 5, resolution/1 running 240")
			if v := d.Ticket(); !v.SLABreached || !v.IsEscalated {
				t.Errorf("the ticket is %+v", v.Ticket)
			}
			back(d, as, question)
			checkClocks(d, "first_response/1 met, next_response/1 cancelled, resolution/1 running 240")
			if v := d.Ticket(); v.SLABreached || !v.IsEscalated {
				t.Errorf("the ticket is %+v", v.Ticket)
			}
			r := report(d.Desk, d.TicketID)
			if c := r.Clocks[1]; c.VoidedAt.IsZero() || c.Elapsed != 0 || !c.BreachedAt.IsZero() {
				t.Errorf("the clock is %+v", c)
			}
			want := "next_response/1 void retracted, next_response/1 retract, next_response/1 cancel"
			if got := events(d); !strings.HasSuffix(got, want) {
				t.Errorf("events %s, want them to end with %s", got, want)
			}
		})
	}
}

func TestLaterQuestionBeginsTheClockOfOneThatWasTakenBack(t *testing.T) {
	d, _ := newCaseUnderPolicy(t, quick)
	d.MustWrite(desk.Agent, desk.Public("Hello."))
	d.Wait(time.Minute)
	first := d.MustWrite(desk.Customer, desk.Public("?"))
	d.Wait(time.Minute)
	d.MustWrite(desk.Customer, desk.Public("When?"))
	checkClocks(d, "first_response/1 met, next_response/1 running 6, resolution/1 running 240")
	d.Wait(7 * time.Minute)
	sweep(d)
	takeBack["deleted"](d, desk.Customer, first)
	checkClocks(d, "first_response/1 met, next_response/1 cancelled, next_response/2 breached 7, resolution/1 running 240")
	if v := d.Ticket(); !v.SLABreached {
		t.Error("the breach of the second question does not count")
	}
}

func TestQuestionThatFollowsARetractedFirstResponseIsOwedNoOtherAnswer(t *testing.T) {
	d, _ := newCaseUnderPolicy(t, quick)
	dot := d.MustWrite(desk.Agent, desk.Public("."))
	d.Wait(time.Minute)
	d.MustWrite(desk.Customer, desk.Public("What?"))
	d.Wait(10 * time.Minute)
	sweep(d)
	checkClocks(d, "first_response/1 met, next_response/1 breached 6, resolution/1 running 240")
	takeBack["deleted"](d, desk.Agent, dot)
	checkClocks(d, "first_response/1 running 60, next_response/1 cancelled, resolution/1 running 240")
	if v := d.Ticket(); v.SLABreached || !v.FirstResponseAt.IsZero() {
		t.Errorf("the ticket is %+v", v.Ticket)
	}
}

func TestEditedTextIsNotTakenBackAndPublishingSaysItAgain(t *testing.T) {
	d, _ := newCaseUnderPolicy(t, quick)
	said := d.MustWrite(desk.Agent, desk.Public("Helo."))
	at := d.Now()
	edit := func(c ticket.CommentPatch) {
		t.Helper()
		d.Wait(time.Minute)
		desk.Must(d.Comments.Edit(t.Context(), d.Actor(desk.Agent), d.TicketID, said.ID, c, nil))(t)
	}
	edit(ticket.CommentPatch{Body: domain.Some("Hello.")})
	if v := d.Ticket(); !v.FirstResponseAt.Equal(at) {
		t.Errorf("after the edit, first response at %s", v.FirstResponseAt)
	}
	edit(ticket.CommentPatch{Visibility: domain.Some("internal")})
	if v := d.Ticket(); !v.FirstResponseAt.IsZero() {
		t.Errorf("made internal, first response at %s", v.FirstResponseAt)
	}
	edit(ticket.CommentPatch{Visibility: domain.Some("public")})
	if v := d.Ticket(); !v.FirstResponseAt.Equal(d.Now()) {
		t.Errorf("public again, first response at %s", v.FirstResponseAt)
	}
	checkClocks(d, "first_response/1 met, resolution/1 running 240")
}

func TestStatusThatWasSentWithACommentStays(t *testing.T) {
	d, _ := newCaseUnderPolicy(t, quick)
	d.Wait(10 * time.Minute)
	said := d.MustWrite(desk.Agent, d.WithStatus(desk.Public("."), "PENDING"))
	d.Wait(time.Minute)
	takeBack["deleted"](d, desk.Agent, said)
	checkClocks(d, "first_response/1 paused, resolution/1 paused")
	if v := d.Ticket(); v.StatusType != ticket.Pending {
		t.Errorf("the status is %s", v.StatusName)
	}
}

func TestClocksAfterAReplyThatWasTakenBack(t *testing.T) {
	for name, tc := range map[string]struct {
		again bool // another reply follows
		both  bool // and is taken back too
		want  string
	}{
		"the status goes back, and the clocks were paused all the time": {
			false, false, "first_response/1 paused, resolution/1 paused then first_response/1 running 110, resolution/1 running 290",
		},
		"the other reply opened the ticket": {
			true, false, "first_response/1 running 87, resolution/1 running 267 then first_response/1 running 87, resolution/1 running 267",
		},
		"no reply stands": {
			true, true, "first_response/1 running 87, resolution/1 running 267 then first_response/1 paused, resolution/1 paused",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := newCaseUnderPolicy(t, quick)
			desk.Check(t, d.SetStatus(desk.Agent, "PENDING"))
			d.Wait(25 * time.Minute)
			reply := d.MustWrite(desk.Customer, desk.Public("Here."))
			checkClocks(d, "first_response/1 running 85, resolution/1 running 265")
			d.Wait(2 * time.Minute)
			var other ticket.CommentView
			if tc.again {
				other = d.MustWrite(desk.Customer, desk.Public("Really."))
			}
			d.Wait(3 * time.Minute)
			takeBack["deleted"](d, desk.Customer, reply)
			before, after, _ := strings.Cut(tc.want, " then ")
			checkClocks(d, before)
			if tc.both {
				d.Wait(time.Minute)
				takeBack["deleted"](d, desk.Customer, other)
			}
			d.Wait(20 * time.Minute)
			if !tc.again {
				desk.Check(t, d.SetStatus(desk.Agent, "OPEN"))
			}
			checkClocks(d, after)
		})
	}
}
