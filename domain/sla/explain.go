package sla

import (
	"slices"
	"time"
)

// maxExplained is how many stretches people are shown at most.
const maxExplained = 1000

// ExplainedSegment is a stretch of the time of one of several clocks.
type ExplainedSegment struct {
	Metric Metric
	Cycle  int
	Segment
}

// RoundedSegment is a stretch as people are shown it, in whole seconds.
type RoundedSegment struct {
	ExplainedSegment
	Seconds int64
}

// Newest returns the stretches that ended last, at most 1000, in their order, and reports whether there are older
// ones. Their seconds are rounded so that, over all stretches of a clock, those that count add up to the whole
// seconds that it has used, and those that do not to the whole seconds that it has not.
func Newest(all []ExplainedSegment) (newest []RoundedSegment, truncated bool) {
	seconds := roundedSeconds(all)
	newest = []RoundedSegment{}
	for _, i := range newestIndexes(all) {
		newest = append(newest, RoundedSegment{all[i], seconds[i]})
	}
	return newest, len(newest) < len(all)
}

func roundedSeconds(all []ExplainedSegment) []int64 {
	type sum struct {
		metric Metric
		cycle  int
		counts bool
	}
	sums, seconds := map[sum]time.Duration{}, make([]int64, len(all))
	for i, x := range all {
		k := sum{x.Metric, x.Cycle, x.Counts}
		before := sums[k]
		sums[k] += x.To.Sub(x.From)
		seconds[i] = WholeSeconds(sums[k]) - WholeSeconds(before)
	}
	return seconds
}

// WholeSeconds returns a duration in seconds as people are shown it, cut towards zero.
func WholeSeconds(d time.Duration) int64 { return int64(d / time.Second) }

// newestIndexes returns the indexes of the stretches that ended last, in rising order.
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
