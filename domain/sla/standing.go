package sla

import (
	"time"

	"tickt/domain"
)

// Standing is where a clock stands: what follows from its ledger, kept beside it so that clocks can be counted.
type Standing struct {
	TicketID  domain.ID
	Metric    Metric
	Cycle     int // counts the clocks of a metric from 1
	State     State
	DueAt     time.Time // zero unless it runs
	DecidedAt time.Time // when it was breached, or, in time, met; zero where neither has happened
}
