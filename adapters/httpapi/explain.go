package httpapi

import "tickt/domain/sla"

// segmentView is a segment of the time of a clock, with the reason why it counted or not.
type segmentView struct {
	Metric  sla.Metric `json:"metric"`
	Cycle   int        `json:"cycle"`
	From    timestamp  `json:"from"`
	To      timestamp  `json:"to"`
	Seconds int64      `json:"seconds"`
	Counts  bool       `json:"counts"`
	Reason  string     `json:"reason"`
}

func (a *api) showSegment(x sla.RoundedSegment) segmentView {
	return segmentView{x.Metric, x.Cycle, a.timestamp(x.From), a.timestamp(x.To), x.Seconds, x.Counts, x.Reason}
}
