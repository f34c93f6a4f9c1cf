package sla

import "slices"

// Events returns all events.
func (l *Ledger) Events() []Event { return slices.Clone(l.events) }

// Clocks returns all clocks, by metric and cycle.
func (l *Ledger) Clocks() []Clock { return l.clocks.sorted() }
