package sla

import (
	"slices"
	"time"
)

// maxExplained is the largest number of segments that clients are shown.
const maxExplained = 1000

// ExplainedSegment is a segment of the time of one of a ticket's clocks.
type ExplainedSegment struct {
	Metric Metric
	Cycle  int
	Segment
}

// RoundedSegment is a segment with its length in whole seconds, as clients are shown it.
type RoundedSegment struct {
	ExplainedSegment
	Seconds int64
}

// Newest returns the segments that ended last, at most 1000, in their original order, and reports whether it left any
// out. Seconds are rounded so that, for each clock, the segments that count add up to the whole seconds of their total,
// and so do those that do not count.
func Newest(all []ExplainedSegment) (newest []RoundedSegment, truncated bool) {
	seconds := roundedSeconds(all)
	newest = []RoundedSegment{}
	for _, i := range newestIndexes(all) {
		newest = append(newest, RoundedSegment{all[i], seconds[i]})
	}
	return newest, len(newest) < len(all)
}

func roundedSeconds(all []ExplainedSegment) []int64 {
	type key struct {
		metric Metric
		cycle  int
		counts bool
	}
	sums, seconds := map[key]time.Duration{}, make([]int64, len(all))
	for i, x := range all {
		k := key{x.Metric, x.Cycle, x.Counts}
		before := sums[k]
		sums[k] += x.To.Sub(x.From)
		seconds[i] = WholeSeconds(sums[k]) - WholeSeconds(before)
	}
	return seconds
}

// WholeSeconds returns a duration in seconds, truncated towards zero.
func WholeSeconds(d time.Duration) int64 { return int64(d / time.Second) }

// newestIndexes returns the indexes of the segments that ended last, at most maxExplained, in ascending order.
func newestIndexes(all []ExplainedSegment) []int {
	indexes := make([]int, len(all))
	for i := range indexes {
		indexes[i] = i
	}
	if len(all) <= maxExplained {
		return indexes
	}
	slices.SortStableFunc(indexes, func(i, j int) int { return all[j].To.Compare(all[i].To) })
	indexes = indexes[:maxExplained]
	slices.Sort(indexes)
	return indexes
}
