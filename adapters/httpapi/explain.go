package httpapi

import (
	"slices"
	"time"

	"tickt/application/servicelevel"
	"tickt/domain/sla"
)

// maxExplained is how many stretches an answer has at most.
const maxExplained = 1000

// stretchView is a part of the time of a clock, and why it counted or did not.
type stretchView struct {
	Metric  sla.Metric `json:"metric"`
	Cycle   int        `json:"cycle"`
	From    stamp      `json:"from"`
	To      stamp      `json:"to"`
	Seconds int64      `json:"seconds"`
	Counts  bool       `json:"counts"`
	Reason  string     `json:"reason"`
}

// showExplained shows the newest stretches of clocks, clock by clock, and says whether there are older ones.
func (a *api) showExplained(all []servicelevel.ExplainedStretch) (shown []stretchView, truncated bool) {
	seconds := secondsOf(all)
	shown = []stretchView{}
	for _, i := range newest(all) {
		x := all[i]
		shown = append(shown, stretchView{x.Metric, x.Cycle, a.at(x.From), a.at(x.To), seconds[i], x.Counts, x.Reason})
	}
	return shown, len(shown) < len(all)
}

// secondsOf gives each stretch so many whole seconds that those of a clock which count add up to the whole seconds that
// it has used, and those which do not to the whole seconds that it has not.
func secondsOf(all []servicelevel.ExplainedStretch) []int64 {
	type kind struct {
		metric sla.Metric
		cycle  int
		counts bool
	}
	sums, seconds := map[kind]time.Duration{}, make([]int64, len(all))
	for i, x := range all {
		k := kind{x.Metric, x.Cycle, x.Counts}
		before := sums[k]
		sums[k] += x.To.Sub(x.From)
		seconds[i] = wholeSeconds(sums[k]) - wholeSeconds(before)
	}
	return seconds
}

// newest gives the places of the stretches that ended last, in their order.
func newest(all []servicelevel.ExplainedStretch) []int {
	places := make([]int, len(all))
	for i := range places {
		places[i] = i
	}
	if len(all) <= maxExplained {
		return places
	}
	slices.SortStableFunc(places, func(i, j int) int { return all[j].To.Compare(all[i].To) })
	places = places[:maxExplained]
	slices.Sort(places)
	return places
}
