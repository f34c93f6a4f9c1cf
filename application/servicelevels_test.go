package application_test

import (
	"context"
	"testing"
	"time"

	"tickt/application"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/sla"
	"tickt/ports"
)

func weekdays(name string) sla.CalendarChange {
	return sla.CalendarChange{
		Name: domain.To(name), TimeZone: domain.To("UTC"), Hours: domain.To(map[string][][]string{"mon": {{"09:00", "17:00"}}}),
	}
}

func promising(name string) sla.PolicyChange {
	return sla.PolicyChange{Name: domain.To(name), Targets: domain.To([]sla.TargetDraft{{Metric: "resolution", Minutes: 60}})}
}

func TestACalendarsEditionsStayWhenItChangesAndGoes(t *testing.T) {
	o, ok := newOffice(t), must[sla.Calendar](t)
	first := ok(o.Calendars.Create(t.Context(), o.root, weekdays("Office"), nil))
	o.now = o.now.Add(time.Hour)
	renamed := ok(o.Calendars.Change(t.Context(), o.root, first.ID, sla.CalendarChange{Name: domain.To("Desk")}, nil))
	if renamed.EditionID != first.EditionID {
		t.Error("a new name makes a new edition")
	}
	moved := ok(o.Calendars.Change(t.Context(), o.root, first.ID, sla.CalendarChange{TimeZone: domain.To("Asia/Kathmandu")}, nil))
	if err := o.Calendars.Delete(t.Context(), o.root, first.ID, nil); err != nil {
		t.Fatal(err)
	}
	var kept []sla.Edition
	o.update(func(tx ports.Tx) (err error) {
		kept, err = tx.Calendars.Editions(t.Context(), []domain.ID{first.EditionID, moved.EditionID})
		return err
	})
	if len(kept) != 2 || kept[0].TimeZone != "UTC" || kept[0].Name != "Office" || kept[1].TimeZone != "Asia/Kathmandu" || kept[1].Name != "Desk" {
		t.Errorf("kept %+v", kept)
	}
}

func TestACalendarsOrAPolicysOwnNameAndPlaceAreNotTakenFromIt(t *testing.T) {
	o := newOffice(t)
	c := must[sla.Calendar](t)(o.Calendars.Create(t.Context(), o.root, weekdays("Office"), nil))
	if _, err := o.Calendars.Replace(t.Context(), o.root, c.ID, weekdays("OFFICE"), nil); err != nil {
		t.Error(err)
	}
	p := must[sla.Policy](t)(o.Policies.Create(t.Context(), o.root, promising("Gold"), nil))
	same := promising("GOLD")
	same.Position = domain.To(p.Position)
	if _, err := o.Policies.Replace(t.Context(), o.root, p.ID, same, nil); err != nil {
		t.Error(err)
	}
}

func TestAPolicyMayTakeTheNameAndThePlaceThatAnotherGaveUp(t *testing.T) {
	o, ok := newOffice(t), must[sla.Policy](t)
	a := ok(o.Policies.Create(t.Context(), o.root, promising("Gold"), nil))
	b := ok(o.Policies.Create(t.Context(), o.root, promising("Silver"), nil))
	move := func(id domain.ID, name string, place int) error {
		_, err := o.Policies.Change(t.Context(), o.root, id, sla.PolicyChange{Name: domain.To(name), Position: domain.To(place)}, nil)
		return err
	}
	fails(t, move(b.ID, "gold", 1), domain.Invalid, "name: SLA policy with name 'gold' already exists.\nposition: SLA policy with position '1' already exists.")
	if err := move(a.ID, "Bronze", 3); err != nil {
		t.Fatal(err)
	}
	if err := move(b.ID, "Gold", 1); err != nil {
		t.Fatal(err)
	}
	list := must[usecase.List[sla.Policy]](t)(o.Policies.List(t.Context(), o.root, ports.Page{Number: 1, Size: 10}))
	if list.Count != 2 || list.Items[0].ID != b.ID || list.Items[1].ID != a.ID {
		t.Errorf("listed %+v", list)
	}
}

// lateTaken is a store in which another one takes every name and place between the look and the write.
type lateTaken struct{ ports.Store }

type blindPolicies struct{ ports.Policies }

func (blindPolicies) Taken(context.Context, string, int, domain.ID) ([]string, error) {
	return nil, nil
}

type blindCalendars struct{ ports.Calendars }

func (blindCalendars) Taken(context.Context, string, domain.ID) (bool, error) { return false, nil }

func (s lateTaken) Update(ctx context.Context, fn func(ports.Tx) error) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		tx.Policies, tx.Calendars = blindPolicies{tx.Policies}, blindCalendars{tx.Calendars}
		return fn(tx)
	})
}

func TestWhoLosesARaceForANameOrAPlaceHearsWhatEverybodyElseHears(t *testing.T) {
	o := newOffice(t)
	must[sla.Calendar](t)(o.Calendars.Create(t.Context(), o.root, weekdays("Office"), nil))
	must[sla.Policy](t)(o.Policies.Create(t.Context(), o.root, promising("Gold"), nil))
	app := application.New(application.Deps{Store: lateTaken{o.store}, Clock: func() time.Time { return o.now }, NewID: o.id, Zone: time.UTC})
	_, err := app.Calendars.Create(t.Context(), o.root, weekdays("office"), nil)
	fails(t, err, domain.Invalid, "name: Calendar with name 'office' already exists.")
	_, err = app.Policies.Create(t.Context(), o.root, promising("gold"), nil)
	fails(t, err, domain.Invalid, "name: SLA policy with name 'gold' already exists.")
	first := promising("Silver")
	first.Position = domain.To(1)
	_, err = app.Policies.Create(t.Context(), o.root, first, nil)
	fails(t, err, domain.Invalid, "position: SLA policy with position '1' already exists.")
}
