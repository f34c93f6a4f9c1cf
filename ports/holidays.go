package ports

import (
	"context"

	"tickt/domain/sla"
)

// HolidayReader reads files of holidays.
type HolidayReader interface {
	// Read returns the events of an iCalendar file (RFC 5545), in their order. Events that recur in other ways than yearly on
	// a date are expanded to the dates within a window. It fails as Invalid, with the line, if the text is no such file or
	// has too many events, and stops in bounded time whatever the text is.
	Read(ctx context.Context, text []byte, window sla.Window) ([]sla.Occasion, error)
}
