// Package demo makes up the accounts and tickets of a desk that has been busy for two years, to try and to measure
// the service with. Everything is made by the domain, at moments of the past, so that every rule holds for it. It
// knows no store but through ports, and neither clock nor terminal.
package demo

import (
	"math/rand/v2"
	"time"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

// span is how far back the tickets go.
const span = 2 * 365 * 24 * time.Hour

// Desk makes data up: the same for the same seed, moment and ground. It is for one goroutine.
type Desk struct {
	refs      References
	phones    ports.Phones
	random    *rand.Rand
	now       time.Time
	agents    []ticket.Person
	customers []ticket.Person
}

// New makes a Desk whose last two years end at now. Desks of different seeds make accounts that can stand beside
// each other, most likely: their names and phone numbers begin at places that the seed chooses.
func New(seed uint64, now time.Time, ground References, phones ports.Phones) *Desk {
	source := rand.NewPCG(seed, 0x7469636b74)
	return &Desk{refs: ground, phones: phones, random: rand.New(source), now: now} //nolint:gosec // no secret
}

// percent is true in so many of a hundred cases.
func (d *Desk) percent(n int) bool { return d.random.IntN(100) < n }

// pick chooses one of several; each is as likely.
func pick[T any](d *Desk, of []T) T { return of[d.random.IntN(len(of))] }

// momentAfter gives a moment after another, at most so much later and never after now.
func (d *Desk) momentAfter(after time.Time, most time.Duration) time.Time {
	room := min(most, d.now.Sub(after))
	if room <= 0 {
		return d.now
	}
	return after.Add(d.upTo(room)).Truncate(time.Microsecond)
}

// upTo gives a length of time from 0 to less than most.
func (d *Desk) upTo(most time.Duration) time.Duration {
	return time.Duration(d.random.Int64N(int64(most)))
}

// id makes an id as the service itself would have made it at a moment: a UUID of version 7 (RFC 9562 §5.7).
func (d *Desk) id(at time.Time) domain.ID {
	const digits = "0123456789abcdef"
	high := uint64(at.UnixMilli())<<16 | 7<<12 | d.random.Uint64()>>52 //nolint:gosec // after 1970
	low := 1<<63 | d.random.Uint64()>>2
	var text [32]byte
	for i := range 16 {
		text[15-i] = digits[high>>(4*i)&15]
		text[31-i] = digits[low>>(4*i)&15]
	}
	return domain.ID(text[:])
}
