package servicelevel

import (
	"fmt"
	"sync"
	"testing"

	"tickt/domain"
	"tickt/domain/sla"
)

func TestSchedulesKeepTheVersionsThatWereUsedAndNeverMoreThanTheirLimit(t *testing.T) {
	var s schedules
	id := func(i int) domain.ID { return domain.ID(fmt.Sprintf("%032d", i)) }
	if known, missing := s.among(map[domain.ID]bool{id(0): true}); len(known) != 0 || len(missing) != 1 {
		t.Errorf("the zero value knows %v, misses %v", known, missing)
	}
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for i := range maxSchedules / 2 {
				n := worker*maxSchedules/2 + i
				s.keep(calendarVersion{CalendarVersion: sla.CalendarVersion{ID: id(n)}})
				if known, missing := s.among(map[domain.ID]bool{domain.ID("never"): true}); len(known) != 0 || len(missing) != 1 {
					t.Errorf("a version that was never kept is known: %v", known)
				}
			}
		})
	}
	all.Wait()
	if len(s.kept) != maxSchedules {
		t.Errorf("%d versions are kept, want %d", len(s.kept), maxSchedules)
	}
	last := calendarVersion{CalendarVersion: sla.CalendarVersion{ID: id(9999)}}
	for range 2 { // the second time nothing makes room
		s.keep(last)
	}
	known, missing := s.among(map[domain.ID]bool{last.ID: true, domain.ID("never"): true})
	if len(s.kept) > maxSchedules || known[last.ID].ID != last.ID || len(missing) != 1 || missing[0] != domain.ID("never") {
		t.Errorf("%d are kept; knows %v, misses %v", len(s.kept), known, missing)
	}
}
