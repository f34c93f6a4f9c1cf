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
