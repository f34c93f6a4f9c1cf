package httpapi

import (
	"time"

	"tickt/domain"
)

// timestamp is the JSON form of a time, null for the zero time. It is a pointer to a string because encoding/json writes
// that twice as fast as a json.Marshaler.
type timestamp *string

// timestamp returns the JSON form of t in the zone of the API.
func (a *api) timestamp(t time.Time) timestamp {
	return orNull(domain.FormatTime(t, a.Zone))
}
