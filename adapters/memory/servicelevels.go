package memory

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/ports"
)

func newCalendars() *table[domain.ID, sla.Calendar] {
	t := newTable(uniqueOn("name", func(x sla.Calendar) string { return x.NameKey }))
	t.set(sla.AlwaysOpenID, sla.AlwaysOpenCalendar(seededAt))
	return t
}

func newCalendarVersions() *table[domain.ID, sla.CalendarVersion] {
	t := newTable[domain.ID, sla.CalendarVersion]()
	t.set(sla.AlwaysOpenVersion, sla.AlwaysOpenCalendar(seededAt).Version())
	return t
}

// seededAt is the creation time of the calendar that every store has from the start.
var seededAt = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

type calendars struct{ *tx }

func (s calendars) Add(_ context.Context, x sla.Calendar) error {
	if err := s.calendars.add(s.log, x.ID, x); err != nil {
		return err
	}
	return s.addVersion(x)
}

// addVersion stores the current version of a calendar, unless it exists.
func (s calendars) addVersion(x sla.Calendar) error {
	if _, ok := s.calendarVersions.rows[x.VersionID]; ok {
		return nil
	}
	return s.calendarVersions.add(s.log, x.VersionID, x.Version())
}

func (s calendars) Get(_ context.Context, id domain.ID) (sla.Calendar, error) {
	return s.calendars.get(id)
}

func (s calendars) Lock(_ context.Context, id domain.ID) (sla.Calendar, error) {
	return s.calendars.lock(s.log, id)
}

func (s calendars) Save(_ context.Context, x sla.Calendar) error {
	if err := s.calendars.save(s.log, x.ID, x); err != nil {
		return err
	}
	return s.addVersion(x)
}

func (s calendars) Remove(_ context.Context, id domain.ID) error {
	if s.policies.any(func(p sla.Policy) bool {
		return slices.ContainsFunc(p.Targets, func(t sla.Target) bool { return t.CalendarID == id })
	}) {
		return ports.ErrInUse
	}
	return s.calendars.remove(s.log, id)
}

func (s calendars) Taken(_ context.Context, nameKey string, except domain.ID) (bool, error) {
	return len(s.calendars.taken(except, nameKey)) > 0, nil
}

func (s calendars) List(_ context.Context, page ports.Page) ([]sla.Calendar, int, error) {
	all := s.calendars.where(func(sla.Calendar) bool { return true })
	slices.SortFunc(all, func(a, b sla.Calendar) int { return cmp.Compare(a.NameKey, b.NameKey) })
	return pageOf(all, page), len(all), nil
}

func (s calendars) Versions(_ context.Context, ids []domain.ID) ([]sla.CalendarVersion, error) {
	out := s.calendarVersions.where(func(x sla.CalendarVersion) bool { return slices.Contains(ids, x.ID) })
	slices.SortFunc(out, func(a, b sla.CalendarVersion) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

func newPolicies() *table[domain.ID, sla.Policy] {
	return newTable(
		uniqueOn("name", func(x sla.Policy) string { return x.NameKey }),
		uniqueOn("position", func(x sla.Policy) string { return strconv.Itoa(x.Position) }),
	)
}

type policies struct{ *tx }

func (s policies) Add(_ context.Context, x sla.Policy) error {
	return s.policies.add(s.log, x.ID, x)
}

func (s policies) Get(_ context.Context, id domain.ID) (sla.Policy, error) { return s.policies.get(id) }

func (s policies) Lock(_ context.Context, id domain.ID) (sla.Policy, error) {
	return s.policies.lock(s.log, id)
}

func (s policies) Save(_ context.Context, x sla.Policy) error {
	return s.policies.save(s.log, x.ID, x)
}

func (s policies) Remove(ctx context.Context, id domain.ID) error {
	if n, err := s.OpenClocks(ctx, id); n > 0 || err != nil {
		return cmp.Or(err, ports.ErrInUse)
	}
	return s.policies.remove(s.log, id)
}

func (s policies) OpenClocks(_ context.Context, id domain.ID) (n int, err error) {
	for _, c := range s.clocks.rows {
		if c.PolicyID == id && s.tickets.rows[c.TicketID].DeletedAt.IsZero() {
			n++
		}
	}
	return n, nil
}

func (s policies) Taken(_ context.Context, nameKey string, position int, except domain.ID) ([]string, error) {
	return s.policies.taken(except, nameKey, strconv.Itoa(position)), nil
}

// all returns the policies that match, ordered by position.
func (s policies) all(match func(sla.Policy) bool) []sla.Policy {
	found := s.policies.where(match)
	slices.SortFunc(found, func(a, b sla.Policy) int { return cmp.Compare(a.Position, b.Position) })
	return found
}

func (s policies) List(_ context.Context, page ports.Page) ([]sla.Policy, int, error) {
	all := s.all(func(sla.Policy) bool { return true })
	return pageOf(all, page), len(all), nil
}

func (s policies) LockPositions(context.Context) (last int, err error) {
	for _, x := range s.policies.rows {
		last = max(last, x.Position)
	}
	return last, s.log.writable()
}

func (s policies) Known(_ context.Context, priorities, menus, calendars []domain.ID) (sla.Known, error) {
	return sla.Known{
		Priorities: present(s.priorities, priorities), Menus: present(s.menus, menus), Calendars: present(s.calendars, calendars),
	}, nil
}

// present returns the ids that a table contains, sorted and without duplicates.
func present[V any](t *table[domain.ID, V], ids []domain.ID) []domain.ID {
	out := []domain.ID{}
	for _, id := range ids {
		if _, ok := t.rows[id]; ok {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (s policies) Active(context.Context) ([]sla.Policy, error) {
	active := s.all(func(x sla.Policy) bool { return x.IsActive })
	for i := range active {
		active[i].UseVersions(func(calendar domain.ID) domain.ID { return s.calendars.rows[calendar].VersionID })
	}
	return active, nil
}

// hasPolicyFor reports whether any policy refers to id; ids returns the references of a policy.
func (t *tx) hasPolicyFor(ids func(sla.Policy) []domain.ID, id domain.ID) bool {
	return t.policies.any(func(x sla.Policy) bool { return slices.Contains(ids(x), id) })
}
