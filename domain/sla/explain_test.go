package sla_test

import (
	"testing"
	"time"

	"tickt/domain/sla"
)

// segments returns consecutive segments of a clock with the given lengths; the first, third, … count.
func segments(metric sla.Metric, lengths ...time.Duration) (all []sla.ExplainedSegment) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for i, d := range lengths {
		all = append(all, sla.ExplainedSegment{Metric: metric, Cycle: 1, Segment: sla.Segment{From: at, To: at.Add(d), Counts: i%2 == 0}})
		at = at.Add(d)
	}
	return all
}

func TestRoundedSecondsAddUp(t *testing.T) {
	const counting, paused = 1900 * time.Millisecond, 1700 * time.Millisecond
	all := append(
		segments("resolution", counting, paused, counting, paused, counting),
		segments("first_response", 600*time.Millisecond, 600*time.Millisecond, 600*time.Millisecond)...,
	)
	got, truncated := sla.Newest(all)
	want := []int64{1, 1, 2, 2, 2, 0, 0, 1}
	if truncated || len(got) != len(want) {
		t.Fatalf("%d of %d, truncated: %v", len(got), len(want), truncated)
	}
	for i, x := range got {
		if x.Seconds != want[i] || x.ExplainedSegment != all[i] {
			t.Errorf("segment %d, %v to %v, has %d seconds, want %d", i, x.From, x.To, x.Seconds, want[i])
		}
	}
}

func TestNewestKeepsTheNewestSegmentsOfEveryClockInOrder(t *testing.T) {
	old := make([]time.Duration, 800)
	for i := range old {
		old[i] = time.Minute
	}
	all := append(segments("first_response", old...), segments("resolution", old...)...)
	got, truncated := sla.Newest(all)
	if !truncated || len(got) != 1000 {
		t.Fatalf("%d of %d, truncated: %v", len(got), len(all), truncated)
	}
	for i, x := range got {
		clock := all[:800]
		if i >= 500 {
			clock = all[800:]
		}
		if want := clock[300+i%500]; x.ExplainedSegment != want || x.Seconds != 60 {
			t.Fatalf("segment %d is %+v, want %+v", i, x, want)
		}
	}
	if got, truncated := sla.Newest(all[:1000]); truncated || len(got) != 1000 {
		t.Errorf("%d of 1000, truncated: %v", len(got), truncated)
	}
	if got, truncated := sla.Newest(nil); truncated || got == nil || len(got) != 0 {
		t.Errorf("of no segments: %v", got)
	}
}
