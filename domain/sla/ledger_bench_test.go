package sla_test

import (
	"fmt"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/lifecycle"
	"tickt/domain/sla"
)

// BenchmarkLedger appends n events to a ledger: questions, answers and pauses of a ticket that stays active.
func BenchmarkLedger(b *testing.B) {
	terms, hours := allTargets(), sla.AlwaysOpenSchedule()
	for i := range terms.Targets {
		terms.Targets[i].Minutes, terms.Targets[i].WarnPercent = 365*24*60, 80
	}
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprintf("events=%d", n), func(b *testing.B) {
			for b.Loop() {
				l, now := sla.NewLedger(nil, func(domain.ID) *sla.Schedule { return hours }), at("09:00")
				l.Begin(terms, unanswered(lifecycle.Open), now)
				step := func() time.Time { now = now.Add(time.Minute); return now }
				for added := 2; added < n; added += 6 {
					l.Replied(step())
					l.Asked(terms, responded(lifecycle.Open), step())
					l.Moved(lifecycle.Pending, step())
					l.Moved(lifecycle.Open, step())
				}
				if got := len(l.Added()); got < n-6 || got > n+6 {
					b.Fatalf("%d events", got)
				}
			}
		})
	}
}
