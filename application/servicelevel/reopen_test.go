package servicelevel_test

import (
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/test/desk"
)

func TestCancellingAndReopeningEarnsNoTime(t *testing.T) {
	d, _ := newCaseUnderPolicy(t, func(c *sla.PolicyPatch) { c.Targets = targets("", 60, 240) })
	for range 5 {
		d.Wait(50 * time.Minute)
		desk.Check(t, d.SetStatus(desk.Agent, "CANCELLED"))
		d.Wait(time.Second)
		desk.Check(t, d.SetStatus(desk.Agent, "OPEN"))
	}
	sweep(d)
	checkClocks(d, "first_response/1 breached 60, resolution/1 breached 240")
	if v := d.Ticket(); !v.SLABreached || !v.IsEscalated || !v.FirstResponseAt.IsZero() {
		t.Errorf("the ticket is %+v", v.Ticket)
	}
}

func TestFirstResponseThatWasMetByEndingTheTicketIsOwedAgain(t *testing.T) {
	answer := func(d *desk.Case) { d.MustWrite(desk.Agent, desk.Public("Hello.")) }
	for name, tc := range map[string]struct {
		before, meanwhile func(*desk.Case)
		status            string
		owed              bool
	}{
		"nobody answered":         {status: "RESOLVED", owed: true},
		"nobody answered, closed": {status: "CLOSED", owed: true},
		"only the requester commented": {
			before: func(d *desk.Case) { d.MustWrite(desk.Customer, desk.Public("Hello?")) }, status: "RESOLVED", owed: true,
		},
		"only a note was written": {
			before: func(d *desk.Case) { d.MustWrite(desk.Agent, desk.Internal("Hm.")) }, status: "RESOLVED", owed: true,
		},
		"the desk answered":            {before: answer, status: "RESOLVED"},
		"the desk answered afterwards": {meanwhile: answer, status: "RESOLVED"},
		"cancelled after resolving": {
			meanwhile: func(d *desk.Case) { desk.Check(d.T, d.SetStatus(desk.Agent, "CANCELLED")) }, status: "RESOLVED", owed: true,
		},
	} {
		for _, policy := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				d := desk.NewCase(t)
				want := [2]string{"first_response/1 met", "first_response/1 running 1440"}
				if policy {
					d, _ = newCaseUnderPolicy(t, func(c *sla.PolicyPatch) { c.Targets = targets("", 60, 240) })
					want = [2]string{"first_response/1 met, resolution/1 running 240", "first_response/1 running 60, resolution/1 running 240"}
				}
				if tc.before != nil {
					tc.before(d)
				}
				desk.Check(t, d.SetStatus(desk.Agent, tc.status))
				met := d.Ticket().FirstResponseAt
				if tc.meanwhile != nil {
					tc.meanwhile(d)
				}
				desk.Check(t, d.SetStatus(desk.Agent, "OPEN"))
				got := d.Ticket().FirstResponseAt
				if met.IsZero() || got.IsZero() != tc.owed || !tc.owed && !got.Equal(met) {
					t.Errorf("first response at %s, then at %s", met, got)
				}
				if tc.owed {
					checkClocks(d, want[1])
				} else {
					checkClocks(d, want[0])
				}
			})
		}
	}
}

func TestFirstResponseIsOwedAgainWithoutAPromise(t *testing.T) {
	d, _ := newCaseUnderPolicy(t, func(c *sla.PolicyPatch) {
		c.Targets = domain.Some([]sla.TargetDraft{{Metric: string(sla.Resolution), Minutes: 240}})
	})
	desk.Check(t, d.SetStatus(desk.Agent, "RESOLVED"))
	d.Wait(time.Second)
	desk.Check(t, d.SetStatus(desk.Agent, "OPEN"))
	if v := d.Ticket(); !v.FirstResponseAt.IsZero() {
		t.Errorf("first response at %s", v.FirstResponseAt)
	}
	checkClocks(d, "resolution/1 running 240")
	d.Wait(time.Minute)
	d.MustWrite(desk.Agent, desk.Public("Hello."))
	if v := d.Ticket(); !v.FirstResponseAt.Equal(d.Now()) {
		t.Errorf("first response at %s", v.FirstResponseAt)
	}
}

func TestQuestionIsOwedAnAnswerAgainAfterReopening(t *testing.T) {
	d, _ := newCaseUnderPolicy(t, func(c *sla.PolicyPatch) { c.Targets = targets("", 60, 240) })
	d.MustWrite(desk.Agent, desk.Public("Hello."))
	d.Wait(10 * time.Minute)
	d.MustWrite(desk.Customer, desk.Public("When?"))
	d.Wait(10 * time.Minute)
	desk.Check(t, d.SetStatus(desk.Agent, "RESOLVED"))
	d.Wait(time.Hour)
	desk.Check(t, d.SetStatus(desk.Agent, "OPEN"))
	checkClocks(d, "first_response/1 met, next_response/1 running 130, resolution/1 running 300")
}
