package servicelevel_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
	"tickt/test/stores"
)

// newLongForecast returns a desk with more than one batch of open tickets, an operation that forecasts a policy for them, and
// the forecast that it must come to. The operation has processed the first batch.
func newLongForecast(t *testing.T) (*desk.Desk, *sla.Operation, sla.Forecast) {
	t.Helper()
	d := desk.New(t)
	like := d.Open(desk.Customer, ticket.Patch{}).Ticket
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		for range 1100 {
			x := like
			x.ID = d.NewID()
			x.Number = "T-" + string(x.ID)
			if err := tx.Tickets.Add(ctx, x); err != nil {
				return err
			}
		}
		return nil
	})
	p := addPolicy(d, goldPolicy(targets("", 60, 240)))
	whole, left, none, err := d.Policies.Forecast(t.Context(), d.Actor(desk.Root), p.ID)
	if desk.Check(t, err); left != nil || none != nil || whole.Tickets != 1101 {
		t.Fatalf("forecast %+v, left out %v, operation %+v", whole, left, none)
	}
	d.Policies.ForecastTime = time.Nanosecond
	_, _, x, err := d.Policies.Forecast(t.Context(), d.Actor(desk.Root), p.ID)
	if desk.Check(t, err); x == nil || x.State != sla.OperationRunning || x.Progress != 1000 || x.Total != 1101 {
		t.Fatalf("operation %+v", x)
	}
	return d, x, whole
}

func TestLongForecastGoesOnInTheBackground(t *testing.T) {
	d, x, whole := newLongForecast(t)
	if jobs := stores.Waiting(t, d.Store); len(jobs) != 1 || jobs[0] != (ports.Job{Kind: ports.ForecastJob, ID: x.ID}) {
		t.Errorf("waiting jobs %v", jobs)
	}
	get := func(as string) (sla.Operation, error) { return d.Policies.Operation(t.Context(), d.Actor(as), x.ID) }
	if got := desk.Must(get(desk.Root))(t); got != *x {
		t.Errorf("stored %+v, want %+v", got, *x)
	}
	_, err := get(desk.Admin)
	desk.Kind(t, err, domain.NotFound)
	_, err = get(desk.Agent)
	desk.Kind(t, err, domain.Forbidden)

	d.Wait(time.Minute)
	for attempt := range 2 { // the second finds it done
		desk.Check(t, d.Policies.CompleteForecast(t.Context(), x.ID, attempt+1))
		got := desk.Must(get(desk.Root))(t)
		if got.State != sla.OperationDone || got.Forecast() != whole || got.Progress != 1101 || got.Total != 1101 ||
			!got.UpdatedAt.Equal(d.Now()) {
			t.Errorf("operation %+v, want %+v", got, whole)
		}
	}
	d.Wait(sla.OperationLifetime)
	desk.Check(t, d.Policies.PurgeOperations(t.Context()))
	desk.Must(get(desk.Root))(t)
	d.Wait(time.Microsecond)
	desk.Check(t, d.Policies.PurgeOperations(t.Context()))
	_, err = get(desk.Root)
	desk.Kind(t, err, domain.NotFound)
	desk.Kind(t, d.Policies.CompleteForecast(t.Context(), x.ID, 1), domain.NotFound)
}

func TestForecastGoesOnAfterAFailure(t *testing.T) {
	d, x, whole := newLongForecast(t)
	unavailable := domain.Fail(domain.Unavailable, "unavailable")
	app := d.With(desk.Tap(func(tx *ports.Tx) { tx.Ledgers = unavailableLedgers{tx.Ledgers, unavailable} }))
	state := func() sla.Operation {
		return desk.Must(d.Policies.Operation(t.Context(), d.Actor(desk.Root), x.ID))(t)
	}
	if err := app.Policies.CompleteForecast(t.Context(), x.ID, 1); !errors.Is(err, unavailable) {
		t.Fatal(err)
	}
	if got := state(); got != *x {
		t.Errorf("after a failure %+v, want %+v", got, *x)
	}
	desk.Check(t, d.Policies.CompleteForecast(t.Context(), x.ID, 2))
	if got := state(); got.State != sla.OperationDone || got.Forecast() != whole {
		t.Errorf("operation %+v, want %+v", got, whole)
	}
}

func TestForecastFailsForGood(t *testing.T) {
	for name, fail := range map[string]func(*desk.Desk, *sla.Operation) error{
		"at the last attempt": func(d *desk.Desk, x *sla.Operation) error {
			broken := errors.New("broken")
			app := d.With(desk.Tap(func(tx *ports.Tx) { tx.Priorities = brokenPriorities{tx.Priorities, broken} }))
			return app.Policies.CompleteForecast(t.Context(), x.ID, 5)
		},
		"without the policy": func(d *desk.Desk, x *sla.Operation) error {
			desk.Check(t, d.Policies.Delete(t.Context(), d.Actor(desk.Root), x.PolicyID, nil))
			return d.Policies.CompleteForecast(t.Context(), x.ID, 1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, x, _ := newLongForecast(t)
			desk.Check(t, fail(d, x))
			if got := desk.Must(d.Policies.Operation(t.Context(), d.Actor(desk.Root), x.ID))(t); got.State != sla.OperationFailed {
				t.Errorf("operation %+v", got)
			}
		})
	}
}

type brokenPriorities struct {
	ports.Catalog[ticket.Priority]
	err error
}

func (s brokenPriorities) List(context.Context, ports.Page) ([]ticket.Priority, int, error) {
	return nil, 0, s.err
}
