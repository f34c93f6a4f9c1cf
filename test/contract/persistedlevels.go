package contract

import (
	"errors"

	"tickt/domain"
	"tickt/domain/sla"
)

var persistedCalendars = persisted[sla.Calendar]{
	fixed: []string{"ID"},
	adds: []addition[sla.Calendar]{
		{method: "Calendars.Add", add: each(func(c call, x sla.Calendar) error { return c.Calendars.Add(c, x) })},
	},
	changes: []change[sla.Calendar]{
		{method: "Calendars.Save", change: each(func(c call, x sla.Calendar) error { return c.Calendars.Save(c, x) })},
	},
	reads: []reading[sla.Calendar]{
		{"Calendars.Get", func(c call, x sla.Calendar) (sla.Calendar, error) { return c.Calendars.Get(c, x.ID) }},
		{"Calendars.Lock", func(c call, x sla.Calendar) (sla.Calendar, error) { return c.Calendars.Lock(c, x.ID) }},
		{"Calendars.List", func(c call, x sla.Calendar) (sla.Calendar, error) {
			all, _, err := c.Calendars.List(c, hugePage)
			return findIn(all, err, func(y sla.Calendar) bool { return y.ID == x.ID })
		}},
		{"Calendars.Versions", func(c call, x sla.Calendar) (sla.Calendar, error) {
			all, err := c.Calendars.Versions(c, []domain.ID{x.VersionID})
			got, err := findIn(all, err, func(sla.CalendarVersion) bool { return true })
			y := x
			y.Hours, y.Holidays = got.Hours, got.Holidays
			return y, errors.Join(err, equal(got, x.Version()))
		}},
	},
}

var persistedPolicies = persisted[sla.Policy]{
	given: func(r *referents, round int) Fields {
		targets := Filled[sla.Policy](round, nil).Targets
		for i := range targets {
			targets[i].CalendarID, targets[i].WarnPercent = r.calendar().ID, 1+(round*len(targets)+i)%99
		}
		return Fields{
			"Position": made.Add(1), "PriorityIDs": []domain.ID{r.priority(round), r.priority(round)}, "MenuIDs": []domain.ID{r.menu(), r.menu()},
			"Targets": targets,
		}
	},
	fixed: []string{"ID"},
	adds: []addition[sla.Policy]{
		{method: "Policies.Add", add: each(func(c call, x sla.Policy) error { return c.Policies.Add(c, x) })},
	},
	changes: []change[sla.Policy]{
		{method: "Policies.Save", change: each(func(c call, x sla.Policy) error { return c.Policies.Save(c, x) })},
	},
	reads: []reading[sla.Policy]{
		{"Policies.Get", func(c call, x sla.Policy) (sla.Policy, error) { return c.Policies.Get(c, x.ID) }},
		{"Policies.Lock", func(c call, x sla.Policy) (sla.Policy, error) { return c.Policies.Lock(c, x.ID) }},
		{"Policies.List", func(c call, x sla.Policy) (sla.Policy, error) {
			all, _, err := c.Policies.List(c, hugePage)
			return findIn(all, err, func(y sla.Policy) bool { return y.ID == x.ID })
		}},
		{"Policies.Active", activePolicy},
	},
}

// activePolicy returns a policy from the active ones as it was added: with calendars in place of their versions in
// the targets.
func activePolicy(c call, x sla.Policy) (sla.Policy, error) {
	all, err := c.Policies.Active(c)
	got, err := findIn(all, err, func(y sla.Policy) bool { return y.ID == x.ID })
	switch {
	case !x.IsActive && err == nil:
		return got, errors.New("an inactive policy is among the active ones")
	case !x.IsActive:
		return got, errExcluded
	}
	for i := range min(len(got.Targets), len(x.Targets)) {
		calendar, err := c.Calendars.Get(c, x.Targets[i].CalendarID)
		if err != nil {
			return got, err
		}
		if got.Targets[i].CalendarID == calendar.VersionID {
			got.Targets[i].CalendarID = calendar.ID
		}
	}
	return got, err
}

func addToLedgers(c call, all []sla.Entry) error { return c.Ledgers.Add(c, all) }

// persistedLedgers are entries that make a promise; others have none.
var persistedLedgers = persisted[sla.Entry]{
	given: func(r *referents, round int) Fields {
		kinds := []sla.EventKind{sla.Activated, sla.Retargeted}
		return Fields{
			"TicketID": r.ticket().ID, "Kind": kinds[round%len(kinds)],
			"Promise": Filled[sla.Promise](round, Fields{"CalendarID": r.calendar().VersionID, "PolicyGone": true}),
		}
	},
	adds: []addition[sla.Entry]{
		{method: "Ledgers.Add", add: addToLedgers},
		{method: "Ledgers.Add", add: addToLedgers, n: many},
	},
	reads: []reading[sla.Entry]{
		{"Ledgers.Of", func(c call, e sla.Entry) (sla.Entry, error) {
			all, err := c.Ledgers.Of(c, []domain.ID{e.TicketID})
			return findIn(all[e.TicketID], err, func(f sla.Entry) bool { return f.Seq == e.Seq })
		}},
	},
}
