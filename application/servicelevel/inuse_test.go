package servicelevel_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

func TestPolicyByWhichClocksRunIsNotRemoved(t *testing.T) {
	d, p := newCaseUnderPolicy(t)
	remove := func() error { return d.Policies.Delete(t.Context(), d.Actor(desk.Root), p.ID, nil) }
	refused := func(sentence string) {
		t.Helper()
		err := remove()
		desk.Fails(t, err, domain.Conflict, sentence)
		var e *domain.Error
		if errors.As(err, &e) && e.Code() != domain.ReasonInUse {
			t.Errorf("code %s", e.Code())
		}
	}
	refused("2 clocks run by this SLA policy. Deactivate it and recompute it first.")
	desk.Check(t, d.SetStatus(desk.Agent, "PENDING"))
	refused("2 clocks run")
	desk.Check(t, d.SetStatus(desk.Agent, "OPEN"))
	d.Wait(61 * time.Minute)
	desk.Must(d.ServiceLevels.Sweep(t.Context()))(t)
	refused("2 clocks run") // one is breached, and its promise still owed
	d.MustWrite(desk.Agent, desk.Public("Hello."))
	refused("1 clock runs by this SLA policy. Deactivate it and recompute it first.")

	off := sla.PolicyPatch{IsActive: domain.Some(false)}
	desk.Must(d.Policies.Update(t.Context(), d.Actor(desk.Root), p.ID, off, nil))(t)
	refused("1 clock runs")
	desk.Check(t, d.Policies.Apply(t.Context(), sla.Source{PolicyID: p.ID}))
	desk.Check(t, remove())
	if r := report(d.Desk, d.TicketID); r.Policy != "" {
		t.Errorf("the ticket is under %q", r.Policy)
	}
}

// numberHook calls then before the first number of a ticket is taken: after it was decided what is promised for the ticket,
// and before the ticket is stored.
type numberHook struct {
	ports.Store
	then func()
}

func (s *numberHook) NextNumber(ctx context.Context, day string) (int, error) {
	if then := s.then; then != nil {
		s.then = nil
		then()
	}
	return s.Store.NextNumber(ctx, day)
}

func TestTicketIsNotPromisedByAPolicyThatIsRemovedMeanwhile(t *testing.T) {
	d := desk.New(t)
	p := addPolicy(d, goldPolicy(targets("", 60, 240)))
	removed := false
	app := d.With(func(deps *application.Deps) {
		deps.Store = &numberHook{deps.Store, func() {
			removed = true
			desk.Check(t, d.Policies.Delete(t.Context(), d.Actor(desk.Root), p.ID, nil))
		}}
	})
	patch := ticket.Patch{Title: domain.Some("Smoke"), Description: domain.Some("Everywhere.")}
	v := desk.Must(app.Tickets.Open(t.Context(), d.Actor(desk.Agent), patch, nil))(t)
	for _, c := range report(d, v.ID).Clocks {
		if c.PolicyID != "" {
			t.Errorf("%s runs by policy %s", c.Metric, c.PolicyID)
		}
	}
	if !removed {
		t.Error("the policy was not removed meanwhile")
	}
}

func TestReopenedTicketIsNotPromisedByAPolicyThatWasRemoved(t *testing.T) {
	reopen := func(d *desk.Case) error { return d.SetStatus(desk.Agent, "OPEN") }
	reply := func(d *desk.Case) error {
		_, err := d.Write(desk.Customer, desk.Public("Still broken."))
		return err
	}
	asked := func(d *desk.Case) {
		d.MustWrite(desk.Agent, desk.Public("Hello."))
		d.MustWrite(desk.Customer, desk.Public("When?"))
	}
	for _, tc := range []struct {
		name   string
		before func(*desk.Case)
		reopen func(*desk.Case) error
		other  []int // minutes of another policy, for a response and the resolution; nil: only the hours of the priority apply
		want   string
	}{
		{"by the desk", nil, reopen, nil, "first_response/1 running 1441, resolution/1 cancelled"},
		{"by a reply", nil, reply, nil, "first_response/1 running 1441, resolution/1 cancelled"},
		{"by the desk, under another policy", nil, reopen, []int{90, 480}, "first_response/1 running 91, resolution/1 running 481"},
		{"by a reply, under another policy", nil, reply, []int{90, 480}, "first_response/1 running 91, resolution/1 running 481"},
		{"with a question", asked, reopen, nil, "first_response/1 met, next_response/1 cancelled, resolution/1 cancelled"},
		{
			"with a question, under another policy", asked, reopen,
			[]int{90, 480},
			"first_response/1 met, next_response/1 running 91, resolution/1 running 481",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d, p := newCaseUnderPolicy(t)
			if tc.before != nil {
				tc.before(d)
			}
			desk.Check(t, d.SetStatus(desk.Agent, "RESOLVED"))
			desk.Check(t, d.Policies.Delete(t.Context(), d.Actor(desk.Root), p.ID, nil))
			if tc.other != nil {
				addPolicy(d.Desk, goldPolicy(targets("", tc.other[0], tc.other[1])))
			}
			d.Wait(time.Minute)
			desk.Check(t, tc.reopen(d))
			for _, c := range report(d.Desk, d.TicketID).Clocks {
				if c.PolicyID == p.ID && c.CancelledAt.IsZero() && c.FulfilledAt.IsZero() {
					t.Errorf("%s runs by the policy that was removed", c.Metric)
				}
			}
			checkClocks(d, tc.want)
		})
	}
}
