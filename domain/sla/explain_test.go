package sla_test

import (
	"testing"
	"time"

	"tickt/domain/sla"
)

// lasting are stretches of a clock, one after the other, each as long as said; every second one counts.
func lasting(metric sla.Metric, each ...time.Duration) (all []sla.ExplainedSegment) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for i, d := range each {
		all = append(all, sla.ExplainedSegment{Metric: metric, Cycle: 1, Segment: sla.Segment{From: at, To: at.Add(d), Counts: i%2 == 0}})
		at = at.Add(d)
	}
	return all
}

func TestRoundedSecondsAddUp(t *testing.T) {
	const counting, paused = 1900 * time.Millisecond, 1700 * time.Millisecond
	all := append(
		lasting("resolution", counting, paused, counting, paused, counting),
		lasting("first_response", 600*time.Millisecond, 600*time.Millisecond, 600*time.Millisecond)...,
	)
	got, truncated := sla.Newest(all)
	want := []int64{1, 1, 2, 2, 2, 0, 0, 1}
	if truncated || len(got) != len(want) {
		t.Fatalf("%d of %d, truncated: %v", len(got), len(want), truncated)
	}
	for i, x := range got {
		if x.Seconds != want[i] || x.ExplainedSegment != all[i] {
			t.Errorf("%d: %v to %v are %d seconds, want %d", i, x.From, x.To, x.Seconds, want[i])
		}
	}
}

func TestTheNewestStretchesOfEveryClockAreKeptInTheirOrder(t *testing.T) {
	old := make([]time.Duration, 800)
	for i := range old {
		old[i] = time.Minute
	}
	all := append(lasting("first_response", old...), lasting("resolution", old...)...)
	got, truncated := sla.Newest(all)
	if !truncated || len(got) != 1000 {
		t.Fatalf("%d, truncated: %v", len(got), truncated)
	}
	for i, x := range got {
		clock := all[:800]
		if i >= 500 {
			clock = all[800:]
		}
		if want := clock[300+i%500]; x.ExplainedSegment != want || x.Seconds != 60 {
			t.Fatalf("%d is %+v, want %+v", i, x, want)
		}
	}
	if got, truncated := sla.Newest(all[:1000]); truncated || len(got) != 1000 {
		t.Errorf("of 1000, %d, truncated: %v", len(got), truncated)
	}
	if got, truncated := sla.Newest(nil); truncated || got == nil || len(got) != 0 {
		t.Errorf("of none, %v", got)
	}
}
