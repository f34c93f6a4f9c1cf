// Package ports declares what the application needs from outside: a store, a clock, ids, passwords, tokens, phone
// numbers, jobs and mail; and what a server looks like. Adapters implement it. It imports only the domain.
package ports

import (
	"time"

	"tickt/domain"
)

// Clock returns the current time in UTC, truncated to microseconds, the precision of every store.
type Clock func() time.Time

// NewID returns a new, unique id. Ids sort in the order in which they were made.
type NewID func() domain.ID

// NewSecret returns a new text of 256 random bits in URL-safe characters.
type NewSecret func() string
