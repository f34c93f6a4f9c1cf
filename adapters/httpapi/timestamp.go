package httpapi

import (
	"time"

	"tickt/domain"
)

// timestamp is a time as clients see it, null if there is none. It is a pointer to text because encoding/json writes that
// twice as fast as anything that writes itself.
type timestamp *string

// timestamp returns the stamp of a moment, in the zone of the API; that of the zero time is null.
func (a *api) timestamp(t time.Time) timestamp {
	return orNull(domain.FormatTime(t, a.Zone))
}
