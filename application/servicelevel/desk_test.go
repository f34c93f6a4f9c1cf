package servicelevel_test

import (
	"tickt/application/servicelevel"
	"tickt/domain"
	"tickt/domain/sla"
	"tickt/test/desk"
)

// addPolicy creates a policy as a superuser.
func addPolicy(d *desk.Desk, c sla.PolicyPatch) sla.Policy {
	d.T.Helper()
	return desk.Must(d.Policies.Create(d.T.Context(), d.Actor(desk.Root), c, nil))(d.T)
}

// addCalendar creates a calendar as a superuser.
func addCalendar(d *desk.Desk, c sla.CalendarPatch) sla.Calendar {
	d.T.Helper()
	return desk.Must(d.Calendars.Create(d.T.Context(), d.Actor(desk.Root), c, nil))(d.T)
}

// targets returns targets of so many minutes for responses and for the resolution, in a calendar; "" is around the
// clock.
func targets(calendar domain.ID, response, resolution int) domain.Optional[[]sla.TargetDraft] {
	var out []sla.TargetDraft
	for m, minutes := range map[sla.Metric]int{sla.FirstResponse: response, sla.NextResponse: response, sla.Resolution: resolution} {
		out = append(out, sla.TargetDraft{Metric: string(m), Minutes: minutes, CalendarID: string(calendar)})
	}
	return domain.Some(out)
}

// goldPolicy returns a policy that matches all tickets.
func goldPolicy(targets domain.Optional[[]sla.TargetDraft]) sla.PolicyPatch {
	return sla.PolicyPatch{Name: domain.Some("Gold"), Targets: targets}
}

// report returns the service level report of a ticket.
func report(d *desk.Desk, id domain.ID) servicelevel.Report {
	d.T.Helper()
	return desk.Must(d.ServiceLevels.Report(d.T.Context(), d.Actor(desk.Root), id))(d.T)
}
