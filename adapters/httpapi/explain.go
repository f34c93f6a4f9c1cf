package httpapi

import "tickt/domain/sla"

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

func (a *api) showStretch(x sla.RoundedStretch) stretchView {
	return stretchView{x.Metric, x.Cycle, a.at(x.From), a.at(x.To), x.Seconds, x.Counts, x.Reason}
}
