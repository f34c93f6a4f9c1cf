package servicelevel_test

import (
	"context"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/ports"
	"tickt/test/desk"
)

func calendarPatch(name string) sla.CalendarPatch {
	return sla.CalendarPatch{
		Name: domain.Some(name), TimeZone: domain.Some("UTC"), Hours: domain.Some(map[string][][]string{"mon": {{"09:00", "17:00"}}}),
	}
}

func policyPatch(name string) sla.PolicyPatch {
	return sla.PolicyPatch{Name: domain.Some(name), Targets: domain.Some([]sla.TargetDraft{{Metric: "resolution", Minutes: 60}})}
}

func TestCalendarVersionsOutliveTheCalendar(t *testing.T) {
	d := desk.New(t)
	root := d.Actor(desk.Root)
	first := addCalendar(d, calendarPatch("Office"))
	d.Wait(time.Hour)
	renamed := desk.Must(d.Calendars.Update(t.Context(), root, first.ID, sla.CalendarPatch{Name: domain.Some("Desk")}, nil))(t)
	if renamed.VersionID != first.VersionID {
		t.Error("a new name made a new version")
	}
	nepal := sla.CalendarPatch{TimeZone: domain.Some("Asia/Kathmandu")}
	moved := desk.Must(d.Calendars.Update(t.Context(), root, first.ID, nepal, nil))(t)
	desk.Check(t, d.Calendars.Delete(t.Context(), root, first.ID, nil))
	var kept []sla.CalendarVersion
	d.Update(func(ctx context.Context, tx ports.Tx) (err error) {
		kept, err = tx.Calendars.Versions(ctx, []domain.ID{first.VersionID, moved.VersionID})
		return err
	})
	if len(kept) != 2 || kept[0].TimeZone != "UTC" || kept[0].Name != "Office" ||
		kept[1].TimeZone != "Asia/Kathmandu" || kept[1].Name != "Desk" {
		t.Errorf("stored %+v", kept)
	}
}

func TestOwnNameAndPositionAreNotTaken(t *testing.T) {
	d := desk.New(t)
	root := d.Actor(desk.Root)
	c := addCalendar(d, calendarPatch("Office"))
	if _, err := d.Calendars.Replace(t.Context(), root, c.ID, calendarPatch("OFFICE"), nil); err != nil {
		t.Error(err)
	}
	p := addPolicy(d, policyPatch("Gold"))
	same := policyPatch("GOLD")
	same.Position = domain.Some(p.Position)
	if _, err := d.Policies.Replace(t.Context(), root, p.ID, same, nil); err != nil {
		t.Error(err)
	}
}

func TestPolicyMayTakeAFreedNameAndPosition(t *testing.T) {
	d := desk.New(t)
	root := d.Actor(desk.Root)
	a := addPolicy(d, policyPatch("Gold"))
	b := addPolicy(d, policyPatch("Silver"))
	move := func(id domain.ID, name string, position int) error {
		c := sla.PolicyPatch{Name: domain.Some(name), Position: domain.Some(position)}
		return desk.Err(d.Policies.Update(t.Context(), root, id, c, nil))
	}
	desk.Fails(t, move(b.ID, "gold", 1), domain.Invalid,
		"name: SLA policy with name 'gold' already exists.\nposition: SLA policy with position '1' already exists.")
	desk.Check(t, move(a.ID, "Bronze", 3))
	desk.Check(t, move(b.ID, "Gold", 1))
	list := desk.Must(d.Policies.List(t.Context(), root, ports.Page{Number: 1, Size: 10}))(t)
	if list.Count != 2 || list.Items[0].ID != b.ID || list.Items[1].ID != a.ID {
		t.Errorf("listed %+v", list)
	}
}

// blindPolicies and blindCalendars report no name or position as taken, as if another transaction took them between the
// check and the write.
type blindPolicies struct{ ports.Policies }

func (blindPolicies) Taken(context.Context, string, int, domain.ID) ([]string, error) {
	return nil, nil
}

type blindCalendars struct{ ports.Calendars }

func (blindCalendars) Taken(context.Context, string, domain.ID) (bool, error) { return false, nil }

func TestLostRaceForANameOrPositionIsReportedAsADuplicate(t *testing.T) {
	d := desk.New(t)
	root := d.Actor(desk.Root)
	addCalendar(d, calendarPatch("Office"))
	addPolicy(d, policyPatch("Gold"))
	app := d.With(desk.Tap(func(tx *ports.Tx) {
		tx.Policies, tx.Calendars = blindPolicies{tx.Policies}, blindCalendars{tx.Calendars}
	}))
	_, err := app.Calendars.Create(t.Context(), root, calendarPatch("office"), nil)
	desk.Fails(t, err, domain.Invalid, "name: Calendar with name 'office' already exists.")
	_, err = app.Policies.Create(t.Context(), root, policyPatch("gold"), nil)
	desk.Fails(t, err, domain.Invalid, "name: SLA policy with name 'gold' already exists.")
	first := policyPatch("Silver")
	first.Position = domain.Some(1)
	_, err = app.Policies.Create(t.Context(), root, first, nil)
	desk.Fails(t, err, domain.Invalid, "position: SLA policy with position '1' already exists.")
}
