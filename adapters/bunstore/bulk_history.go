package bunstore

import (
	"crypto/rand"
	"encoding/hex"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// openingHistory returns the history that every ticket has, even one that is written in bulk: that it was created, and its
// warnings and breaches.
func openingHistory(d ports.Dossier) []ticket.Entry {
	cause := ticket.Cause{Actor: d.CreatedBy, Via: access.ViaAPI, At: d.CreatedAt}
	history := ticket.History(ticket.View{}, d.View, cause, func() domain.ID { return randomID(d.CreatedAt) })
	for _, e := range d.Entries {
		next := func() domain.ID { return randomID(e.RecordedAt) }
		history = append(history, ticket.Alarms(d.ID, sla.Alarms([]sla.Event{e.Event}), e.RecordedAt, next)...)
	}
	return history
}

// randomID returns a version 7 UUID of a time, as 32 hexadecimal digits.
func randomID(at time.Time) domain.ID {
	var random [10]byte
	_, _ = rand.Read(random[:]) // never fails; it crashes the program instead
	digits := hex.EncodeToString(random[:])
	return domain.ID(idPrefix(at) + digits[:3] + "8" + digits[3:18])
}

// parts returns the ledgers, clock states and histories of tickets.
func parts(batch []ports.Dossier) (entries []sla.Entry, states []sla.ClockState, history []ticket.Entry) {
	for _, d := range batch {
		entries, states = append(entries, d.Entries...), append(states, d.ClockStates...)
		history = append(history, openingHistory(d)...)
	}
	return entries, states, history
}
