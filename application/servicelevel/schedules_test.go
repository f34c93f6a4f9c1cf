package servicelevel

import (
	"fmt"
	"sync"
	"testing"

	"tickt/domain"
	"tickt/domain/sla"
)

func TestScheduleCacheHoldsUsedVersionsUpToItsLimit(t *testing.T) {
	var s scheduleCache
	id := func(i int) domain.ID { return domain.ID(fmt.Sprintf("%032d", i)) }
	if known, missing := s.lookUp(map[domain.ID]bool{id(0): true}); len(known) != 0 || len(missing) != 1 {
		t.Errorf("the zero value holds %v, misses %v", known, missing)
	}
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for i := range maxSchedules / 2 {
				n := worker*maxSchedules/2 + i
				s.add(calendarVersion{CalendarVersion: sla.CalendarVersion{ID: id(n)}})
				if known, missing := s.lookUp(map[domain.ID]bool{domain.ID("never"): true}); len(known) != 0 || len(missing) != 1 {
					t.Errorf("a version that was never added is cached: %v", known)
				}
			}
		})
	}
	all.Wait()
	if len(s.byID) != maxSchedules {
		t.Errorf("%d versions are cached, want %d", len(s.byID), maxSchedules)
	}
	last := calendarVersion{CalendarVersion: sla.CalendarVersion{ID: id(9999)}}
	for range 2 { // the second time nothing is removed
		s.add(last)
	}
	known, missing := s.lookUp(map[domain.ID]bool{last.ID: true, domain.ID("never"): true})
	if len(s.byID) > maxSchedules || known[last.ID].ID != last.ID || len(missing) != 1 || missing[0] != domain.ID("never") {
		t.Errorf("%d are cached; found %v, missed %v", len(s.byID), known, missing)
	}
}
