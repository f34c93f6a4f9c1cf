package servicelevel

import (
	"cmp"
	"context"
	"errors"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/namekey"
	"tickt/domain/sla"
	"tickt/domain/text"
	"tickt/ports"
)

// Calendars are the use cases of calendars.
type Calendars struct {
	usecase.Base
	Holidays ports.HolidayReader
}

// List returns a page of the calendars, by name.
func (s *Calendars) List(ctx context.Context, actor access.Actor, page ports.Page) (usecase.List[sla.Calendar], error) {
	if err := usecase.May(actor, access.CalendarsMenu, access.MayView); err != nil {
		return usecase.List[sla.Calendar]{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (usecase.List[sla.Calendar], error) {
		return usecase.Listed(tx.Calendars.List(ctx, page))
	})
}

// Get returns one calendar.
func (s *Calendars) Get(ctx context.Context, actor access.Actor, id domain.ID) (sla.Calendar, error) {
	if err := usecase.May(actor, access.CalendarsMenu, access.MayView); err != nil {
		return sla.Calendar{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (sla.Calendar, error) { return tx.Calendars.Get(ctx, id) })
}

// Create creates a calendar.
func (s *Calendars) Create(ctx context.Context, actor access.Actor, c sla.CalendarPatch, once *usecase.Idempotency) (sla.Calendar, error) {
	if err := usecase.MayCreate(ctx, s.Base, actor, access.CalendarsMenu, once); err != nil {
		return sla.Calendar{}, err
	}
	return usecase.Create(ctx, s.Base, once, func(tx ports.Tx) (sla.Calendar, error) {
		x, invalid := sla.NewCalendar(s.NewID(), s.NewID(), c, s.Clock())
		if err := validateCalendar(ctx, tx, x, c, invalid); err != nil {
			return sla.Calendar{}, err
		}
		return x, usecase.Raced(tx.Calendars.Add(ctx, x), calendarTaken(x.Name))
	})
}

// Update changes the fields that are set in c. It fails as Conflict if the calendar is predefined.
func (s *Calendars) Update(ctx context.Context, actor access.Actor, id domain.ID, c sla.CalendarPatch,
	match usecase.Match[sla.Calendar],
) (sla.Calendar, error) {
	if err := usecase.May(actor, access.CalendarsMenu, access.MayUpdate); err != nil {
		return sla.Calendar{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (sla.Calendar, error) {
		x, err := lockCalendar(ctx, tx, id, match)
		if err != nil {
			return sla.Calendar{}, err
		}
		before := x
		invalid := x.Apply(c, s.NewID(), s.Clock())
		if err := validateCalendar(ctx, tx, x, c, invalid); err != nil {
			return sla.Calendar{}, err
		}
		if domain.Same(before, x) {
			return x, nil
		}
		return x, usecase.Raced(tx.Calendars.Save(ctx, x), calendarTaken(x.Name))
	})
}

// Replace replaces the calendar by c: absent fields return to their defaults.
func (s *Calendars) Replace(ctx context.Context, actor access.Actor, id domain.ID, c sla.CalendarPatch,
	match usecase.Match[sla.Calendar],
) (sla.Calendar, error) {
	return s.Update(ctx, actor, id, c.Replacement(), match)
}

// Delete removes a calendar. It fails as Conflict if the calendar is predefined or a policy uses it. Clocks that use
// one of its versions keep running.
func (s *Calendars) Delete(ctx context.Context, actor access.Actor, id domain.ID, match usecase.Match[sla.Calendar]) error {
	if err := usecase.May(actor, access.CalendarsMenu, access.MayDelete); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		x, err := lockCalendar(ctx, tx, id, match)
		if err != nil {
			return err
		}
		if err := x.MayChange(); err != nil {
			return err
		}
		err = tx.Calendars.Remove(ctx, id)
		if errors.Is(err, ports.ErrInUse) {
			return domain.FailFor(domain.ReasonInUse, "Calendar is in use by SLA policies.")
		}
		return err
	})
}

// ImportHolidays adds the holidays of an iCalendar file to a calendar. unread are problems with reading the request. If all of
// them are there already, nothing changes.
func (s *Calendars) ImportHolidays(ctx context.Context, actor access.Actor, id domain.ID, text []byte, unread domain.Problems,
	match usecase.Match[sla.Calendar],
) (sla.HolidayImport, error) {
	if err := usecase.May(actor, access.CalendarsMenu, access.MayUpdate); err != nil {
		return sla.HolidayImport{}, err
	}
	err := s.Store.View(ctx, func(tx ports.Tx) error {
		_, err := tx.Calendars.Get(ctx, id)
		return err
	})
	if err = cmp.Or(err, unread.Err()); err != nil {
		return sla.HolidayImport{}, err
	}
	occasions, err := s.Holidays.Read(ctx, text, sla.WindowAt(s.Clock()))
	if err != nil {
		return sla.HolidayImport{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (sla.HolidayImport, error) {
		x, err := lockCalendar(ctx, tx, id, match)
		if err != nil {
			return sla.HolidayImport{}, err
		}
		done, err := x.Import(occasions, s.NewID(), s.Clock())
		if err != nil || done.Imported == 0 {
			return done, err
		}
		return done, tx.Calendars.Save(ctx, x)
	})
}

// lockCalendar locks a calendar, and fails as Stale if it is not the one that the client saw.
func lockCalendar(ctx context.Context, tx ports.Tx, id domain.ID, match usecase.Match[sla.Calendar]) (sla.Calendar, error) {
	x, err := tx.Calendars.Lock(ctx, id)
	if err != nil {
		return x, err
	}
	return x, match.Holds(x)
}

// validateCalendar adds a taken name to the problems of x, the error invalid.
func validateCalendar(ctx context.Context, tx ports.Tx, x sla.Calendar, c sla.CalendarPatch, invalid error) error {
	p, err := usecase.ProblemsOf(invalid)
	if err != nil {
		return err
	}
	if p.Has("name") {
		return p.Err()
	}
	name, _ := text.Line.Clean(c.Name.Or(x.Name))
	taken, err := tx.Calendars.Taken(ctx, namekey.Of(x.NameKey, x.Name, name), x.ID)
	if err != nil {
		return err
	}
	if taken {
		calendarTaken(name)(&p, "name")
	}
	return p.Err()
}

// calendarTaken returns a function that adds the problem that another calendar has the name.
func calendarTaken(name string) func(*domain.Problems, string) {
	return func(p *domain.Problems, field string) {
		p.Add(field, domain.CodeTakenBy, domain.Params{"thing": domain.TermCalendar, "by": domain.TermName, "value": name})
	}
}
