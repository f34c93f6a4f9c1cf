package servicelevel_test

import (
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/test/desk"
)

func TestPromiseThatBeginsInThePastWasPausedThen(t *testing.T) {
	response := sla.TargetDraft{Metric: string(sla.FirstResponse), Minutes: 60}
	d, p := newCaseUnderPolicy(t, func(c *sla.PolicyPatch) { c.Targets = domain.Some([]sla.TargetDraft{response}) })
	d.Wait(10 * time.Minute)
	desk.Check(t, d.SetStatus(desk.Agent, "PENDING"))
	d.Wait(30 * time.Minute)
	desk.Check(t, d.SetStatus(desk.Agent, "OPEN"))
	more := sla.PolicyPatch{Targets: domain.Some([]sla.TargetDraft{response, {Metric: string(sla.Resolution), Minutes: 240}})}
	desk.Must(d.Policies.Update(t.Context(), d.Actor(desk.Root), p.ID, more, nil))(t)
	desk.Check(t, d.Policies.Apply(t.Context(), sla.Source{PolicyID: p.ID}))
	checkClocks(d, "first_response/1 running 90, resolution/1 running 270")
}
