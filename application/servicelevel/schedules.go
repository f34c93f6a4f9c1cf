package servicelevel

import (
	"sync"

	"tickt/domain"
	"tickt/domain/sla"
)

// maxSchedules is how many calendar versions are cached.
const maxSchedules = 1000

// scheduleCache caches the calendar versions that were used, by id. A version never changes, so an entry is never
// outdated. The zero value is ready to use.
type scheduleCache struct {
	mu   sync.Mutex
	byID map[domain.ID]calendarVersion
}

// calendarVersion is a version of a calendar with its schedule.
type calendarVersion struct {
	sla.CalendarVersion
	schedule *sla.Schedule
}

// lookUp returns the versions that are cached, and the ids of the others.
func (s *scheduleCache) lookUp(ids map[domain.ID]bool) (known map[domain.ID]calendarVersion, missing []domain.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known = make(map[domain.ID]calendarVersion, len(ids))
	for id := range ids {
		if e, ok := s.byID[id]; ok {
			known[id] = e
		} else {
			missing = append(missing, id)
		}
	}
	return known, missing
}

// add adds a version. If the cache is full, it removes any other one.
func (s *scheduleCache) add(e calendarVersion) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.byID[e.ID]; ok {
		return
	}
	if s.byID == nil {
		s.byID = map[domain.ID]calendarVersion{}
	}
	for id := range s.byID {
		if len(s.byID) < maxSchedules {
			break
		}
		delete(s.byID, id)
	}
	s.byID[e.ID] = e
}
