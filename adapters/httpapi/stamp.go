package httpapi

import (
	"time"

	"tickt/domain"
)

// stamp is a time as clients see it, null if there is none. It is a pointer to text because encoding/json writes that
// twice as fast as anything that writes itself.
type stamp *string

// at returns the stamp of a moment, in the zone of the API; that of the zero time is null.
func (a *api) at(t time.Time) stamp {
	return orNull(domain.FormatTime(t, a.Zone))
}
