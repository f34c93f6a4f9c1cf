package sla

import "slices"

// Events returns every event in its order.
func (l *Ledger) Events() []Event { return slices.Clone(l.events) }

// Clocks returns every clock, by metric and cycle.
func (l *Ledger) Clocks() []Clock { return l.clocks.sorted() }
