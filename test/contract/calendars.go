package contract

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/ports"
)

// someCalendar returns a calendar with every field set and a unique name.
func someCalendar() sla.Calendar {
	name := unique("Büro")
	return sla.Calendar{
		ID: newID(), Name: name, NameKey: domain.FoldCase(name), TimeZone: "Asia/Kathmandu", VersionID: newID(), IsPredefined: true,
		Hours: sla.Week{
			time.Monday: {{From: 0, To: 540}, {From: 541, To: 1440}},
			time.Sunday: {{From: 600, To: 601}},
		},
		Holidays: []sla.Holiday{
			{Date: sla.Date{Year: 2024, Month: time.February, Day: 29}, Name: `Schalt"tag 🎉`, Yearly: true},
			{Date: sla.Date{Year: 2026, Month: time.December, Day: 25}, Name: "Christmas"},
			{
				Date: sla.Date{Year: 2026, Month: time.December, Day: 31}, Name: "Eve",
				Hours: []sla.Interval{{From: 0, To: 60}, {From: 1380, To: 1440}},
			},
		},
		CreatedAt: noon.Add(-time.Hour), UpdatedAt: noon,
	}
}

// bareCalendar returns a calendar whose optional fields are unset.
func bareCalendar() sla.Calendar {
	x := someCalendar()
	x.IsPredefined, x.Hours, x.Holidays = false, sla.Week{}, []sla.Holiday{}
	return x
}

func (d suite) addCalendars(t *testing.T, all ...sla.Calendar) {
	t.Helper()
	d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
		for _, x := range all {
			err = errors.Join(err, tx.Calendars.Add(ctx, x))
		}
		return err
	})
}

func getCalendar(t *testing.T, d suite, id domain.ID) (sla.Calendar, error) {
	return attempt(t, d, func(ctx context.Context, tx ports.Tx) (sla.Calendar, error) { return tx.Calendars.Get(ctx, id) })
}

func versionsOf(t *testing.T, d suite, ids ...domain.ID) []sla.CalendarVersion {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx ports.Tx) ([]sla.CalendarVersion, error) {
		return tx.Calendars.Versions(ctx, ids)
	})
}

func calendars(t *testing.T, d suite) {
	t.Run("a new store has the calendar that is always open, and its version", func(t *testing.T) { alwaysOpen(t, d) })
	t.Run("calendars are listed by page and folded name", func(t *testing.T) { listedCalendars(t, d) })
	t.Run("a calendar is read as it was added or saved", func(t *testing.T) {
		x, other := someCalendar(), bareCalendar()
		other.ID = x.ID
		d.addCalendars(t, x)
		got, err := getCalendar(t, d, x.ID)
		must(t, err)
		same(t, got, x)
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			locked, err := tx.Calendars.Lock(ctx, x.ID)
			same(t, locked, x)
			return errors.Join(err, tx.Calendars.Save(ctx, other))
		})
		got, err = getCalendar(t, d, x.ID)
		must(t, err)
		same(t, got, other)
	})
	t.Run("an unknown calendar is not found", func(t *testing.T) {
		_, err := getCalendar(t, d, newID())
		wantMissing(t, err)
		wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.Calendars.Lock(ctx, newID())
			return err
		}))
		wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Calendars.Save(ctx, someCalendar()) }))
		wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Calendars.Remove(ctx, newID()) }))
	})
	t.Run("the folded name of another calendar is taken", func(t *testing.T) { takenCalendars(t, d) })
	t.Run("versions outlive changes and removal of their calendar", func(t *testing.T) { versions(t, d) })
	t.Run("a calendar is not removed while a target refers to it", func(t *testing.T) {
		x, p := someCalendar(), d.somePolicy(t)
		p.Targets[0].CalendarID = x.ID
		d.addCalendars(t, x)
		d.addPolicies(t, p)
		remove := func(ctx context.Context, tx ports.Tx) error { return tx.Calendars.Remove(ctx, x.ID) }
		wantInUse(t, d.try(t, remove))
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Policies.Remove(ctx, p.ID) })
		d.update(t, remove)
		_, err := getCalendar(t, d, x.ID)
		wantMissing(t, err)
	})
}

func alwaysOpen(t *testing.T, d suite) {
	got, err := getCalendar(t, d, sla.AlwaysOpenID)
	must(t, err)
	same(t, got, sla.AlwaysOpenCalendar(got.CreatedAt))
	same(t, versionsOf(t, d, sla.AlwaysOpenVersion), []sla.CalendarVersion{got.Version()})
}

func listedCalendars(t *testing.T, d suite) {
	list := func(p ports.Page, count int) []sla.Calendar {
		return read(t, d, func(ctx context.Context, tx ports.Tx) ([]sla.Calendar, error) {
			xs, n, err := tx.Calendars.List(ctx, p)
			if n != count {
				t.Errorf("%d calendars in all, want %d", n, count)
			}
			return xs, err
		})
	}
	always := list(ports.Page{Number: 1, Size: 10}, 1)
	a, b, e := someCalendar(), bareCalendar(), someCalendar()
	a.NameKey, b.NameKey, e.NameKey = "a-b", "aa", domain.FoldCase("É")
	d.addCalendars(t, e, b, a)
	want := slices.Concat(always, []sla.Calendar{a, b, e})
	same(t, list(ports.Page{Number: 1, Size: 3}, 4), want[:3])
	same(t, list(ports.Page{Number: 2, Size: 3}, 4), want[3:])
	same(t, list(ports.Page{Number: 3, Size: 3}, 4), []sla.Calendar{})
}

func takenCalendars(t *testing.T, d suite) {
	a, b := someCalendar(), someCalendar()
	a.NameKey = domain.FoldCase("ÉLAN")
	d.addCalendars(t, a, b)
	added, saved := someCalendar(), b
	added.NameKey, saved.NameKey = domain.FoldCase("élan"), domain.FoldCase("élan")
	wantTaken(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Calendars.Add(ctx, added) }), "name")
	wantTaken(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Calendars.Save(ctx, saved) }), "name")
	same(t, versionsOf(t, d, added.VersionID), []sla.CalendarVersion{})
	for except, want := range map[domain.ID]bool{"": true, b.ID: true, a.ID: false} {
		same(t, read(t, d, func(ctx context.Context, tx ports.Tx) (bool, error) {
			return tx.Calendars.Taken(ctx, a.NameKey, except)
		}), want)
	}
}

func versions(t *testing.T, d suite) {
	x := someCalendar()
	d.addCalendars(t, x)
	first := x.Version()
	same(t, versionsOf(t, d, x.VersionID), []sla.CalendarVersion{first})

	save := func(x sla.Calendar) {
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Calendars.Save(ctx, x) })
	}
	x.Name, x.UpdatedAt = "renamed", noon.Add(time.Minute)
	save(x)
	same(t, versionsOf(t, d, first.ID), []sla.CalendarVersion{first})

	x.VersionID, x.TimeZone, x.Hours, x.Holidays = newID(), "UTC", sla.AlwaysOpen(), []sla.Holiday{}
	save(x)
	same(t, versionsOf(t, d, x.VersionID, newID(), first.ID, x.VersionID), []sla.CalendarVersion{first, x.Version()})
	same(t, versionsOf(t, d), []sla.CalendarVersion{})

	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Calendars.Remove(ctx, x.ID) })
	same(t, versionsOf(t, d, first.ID, x.VersionID), []sla.CalendarVersion{first, x.Version()})
}
