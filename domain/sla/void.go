package sla

import (
	"slices"
	"time"

	"tickt/domain"
)

// VoidCause is what led to a void.
type VoidCause string

// The causes.
const (
	VoidRequested VoidCause = "request"   // an account asked for it
	VoidRetracted VoidCause = "retracted" // the comment was taken back without which there would be no breach
)

// maxVoidReason is the maximum number of characters of the reason of a void.
const maxVoidReason = 500

// VoidDraft is what a client sends to void a breach.
type VoidDraft struct {
	Metric domain.Optional[string]
	Cycle  domain.Optional[int]
	Reason domain.Optional[string]
	Unread domain.Problems // with fields that could not be read
}

// Void is a breach that is to be void: its clock, the reason and the actor.
type Void struct {
	Metric  Metric
	Cycle   int
	Reason  string
	Cause   VoidCause
	ActorID domain.ID // "" if it is the service itself
}

// Void returns the void that an account asks for. The error lists every problem.
func (d VoidDraft) Void(actor domain.ID) (Void, error) {
	p := slices.Clone(d.Unread)
	x := Void{Metric: Metric(d.Metric.Value), Cycle: d.Cycle.Value, Cause: VoidRequested, ActorID: actor}
	switch {
	case !d.Metric.Given():
		p.AddOnce("metric", domain.CodeEmpty)
	case !slices.Contains(Metrics, x.Metric):
		p.AddOnce("metric", domain.CodeChoice, domain.Params{"what": domain.TermMetric, "choices": domain.Names(Metrics)})
	}
	switch {
	case !d.Cycle.Given():
		p.AddOnce("cycle", domain.CodeEmpty)
	case x.Cycle < 1:
		p.AddOnce("cycle", domain.CodeCount)
	}
	x.Reason = p.Text("reason", "Reason", d.Reason.Value, maxVoidReason, domain.Required, domain.Multiline)
	return x, p.Err()
}

var (
	errNotBreached = domain.FailFor(domain.ReasonConflict, "The clock is not breached.")
	errVoidAlready = domain.FailFor(domain.ReasonConflict, "The breach is void already.")
)

// Void records that a breach is void: the clock goes on as if it had not been breached, and is never breached or warned
// of again. It fails as Invalid if there is no such clock, and as Conflict if the clock has no breach that could become
// void.
func (l *Ledger) Void(x Void, at time.Time) error {
	l.RecordDue(at)
	index, known := l.clocks.indexes[clockName{x.Metric, x.Cycle}]
	if !known {
		var p domain.Problems
		p.Add("cycle", domain.CodeUnknownClock)
		return p.Err()
	}
	c := l.clocks.clocks[index]
	switch {
	case !c.VoidedAt.IsZero():
		return errVoidAlready
	case c.BreachedAt.IsZero():
		return errNotBreached
	}
	l.newVoids = append(l.newVoids, c)
	l.add(c, Event{Kind: Voided, At: at, Reason: x.Reason, Cause: x.Cause, ActorID: x.ActorID})
	return nil
}

// Voided returns the clocks whose breaches new events made void, as they were before.
func (l *Ledger) Voided() []Clock { return slices.Clone(l.newVoids) }

// Breached reports whether a clock has a breach that is not void.
func (l *Ledger) Breached() bool {
	return slices.ContainsFunc(l.clocks.clocks, func(c Clock) bool { return !c.BreachedAt.IsZero() })
}
