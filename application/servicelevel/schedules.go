package servicelevel

import (
	"sync"

	"tickt/domain"
	"tickt/domain/sla"
)

// maxSchedules is how many versions of calendars are kept ready at most.
const maxSchedules = 1000

// schedules are versions of calendars that were used so far, by id. A version never changes, so that nothing here can be
// out of date. The zero value is ready to use.
type schedules struct {
	mu   sync.Mutex
	kept map[domain.ID]calendarVersion
}

// calendarVersion is a version of a calendar that is ready for use.
type calendarVersion struct {
	sla.CalendarVersion
	schedule *sla.Schedule
}

// among returns those of the versions that are kept, and the ids of the others.
func (s *schedules) among(ids map[domain.ID]bool) (known map[domain.ID]calendarVersion, missing []domain.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known = make(map[domain.ID]calendarVersion, len(ids))
	for id := range ids {
		if e, ok := s.kept[id]; ok {
			known[id] = e
		} else {
			missing = append(missing, id)
		}
	}
	return known, missing
}

// keep keeps a version, if need be in the place of another one.
func (s *schedules) keep(e calendarVersion) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.kept[e.ID]; ok {
		return
	}
	if s.kept == nil {
		s.kept = map[domain.ID]calendarVersion{}
	}
	for id := range s.kept {
		if len(s.kept) < maxSchedules {
			break
		}
		delete(s.kept, id)
	}
	s.kept[e.ID] = e
}
