// Package demo generates the accounts and tickets of a desk that has been busy for two years, for trials and measurements. The
// domain makes everything, with times in the past, so the data obeys every rule.
package demo

import (
	"math/rand/v2"
	"time"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

// span is the time before now in which tickets were opened.
const span = 2 * 365 * 24 * time.Hour

// Desk generates data, which is the same for the same seed, time and References. It is for one goroutine.
type Desk struct {
	refs      References
	phones    ports.Phones
	random    *rand.Rand
	now       time.Time
	agents    []ticket.Person
	customers []ticket.Person
}

// New returns a Desk whose two years end at now. Accounts of Desks with different seeds most likely do not collide, since the
// seed chooses where their phone numbers, and so their names, begin.
func New(seed uint64, now time.Time, refs References, phones ports.Phones) *Desk {
	source := rand.NewPCG(seed, 0x7469636b74)
	return &Desk{refs: refs, phones: phones, random: rand.New(source), now: now} //nolint:gosec // no secret
}

// percent returns true in n of 100 cases, at random.
func (d *Desk) percent(n int) bool { return d.random.IntN(100) < n }

// pick returns a random element.
func pick[T any](d *Desk, all []T) T { return all[d.random.IntN(len(all))] }

// momentAfter returns a random time up to most later than after, and never after now.
func (d *Desk) momentAfter(after time.Time, most time.Duration) time.Time {
	room := min(most, d.now.Sub(after))
	if room <= 0 {
		return d.now
	}
	return after.Add(d.upTo(room)).Truncate(time.Microsecond)
}

// upTo returns a random duration from 0 to less than most.
func (d *Desk) upTo(most time.Duration) time.Duration {
	return time.Duration(d.random.Int64N(int64(most)))
}

// id returns an id as the service would have made it at a time: a version 7 UUID (RFC 9562 §5.7).
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
