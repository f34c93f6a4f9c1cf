package faults

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/test/audit"
)

// machine is a replica whose clock is ahead of the common time.
type machine struct {
	app   *application.App
	ahead time.Duration
}

// Two replicas whose clocks differ by two seconds sweep and change the same tickets. Each alarm must be recorded once, and
// the events of each ledger must be in order.
func TestReplicasWithDifferentClocksRecordEveryAlarmOnce(t *testing.T) {
	t.Parallel()
	const tickets, rounds, skew, apart = 120, 60, 2 * time.Second, 500 * time.Millisecond
	bed := onPostgres(t)
	began := now()
	ids := bed.addTickets(tickets, func(i int) time.Time { return began.Add(-alarmsAt[i%4] + time.Duration(i)*apart) })
	var common atomic.Int64 // microseconds; the base of both clocks
	common.Store(began.UnixMicro())
	var machines []machine
	for _, ahead := range []time.Duration{0, skew} {
		clock := func() time.Time { return time.UnixMicro(common.Load()).UTC().Add(ahead) }
		machines = append(machines, machine{bed.appOn(opened(t, bed.url), clock), ahead})
	}
	random := rand.New(rand.NewPCG(7, 7))
	for range rounds {
		// steps up to the skew, so that an alarm is often due for only one of the two
		common.Add([]int64{1_000, 500_000, 1_000_000, 1_999_999, 2_000_000}[random.IntN(5)])
		due := int(time.Duration(common.Load()-began.UnixMicro()) * time.Microsecond / apart)
		var wg sync.WaitGroup
		for _, m := range machines {
			wg.Go(func() {
				if _, err := m.app.ServiceLevels.Sweep(t.Context()); err != nil {
					t.Error(err)
				}
			})
			for range 4 {
				id, as, kind := ids[min(due+random.IntN(5), tickets-1)], []access.Actor{bed.root, bed.agent}[random.IntN(2)], random.IntN(3)
				wg.Go(func() {
					if err := bed.change(t.Context(), m.app, as, id, kind); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
	}
	common.Add(int64(skew / time.Microsecond)) // so that everything that was due for the other is due for this one
	for n := 1; n > 0; {
		var err error
		n, err = machines[0].app.ServiceLevels.Sweep(t.Context())
		check(t, err)
	}
	if late, err := machines[0].app.ServiceLevels.Lag(t.Context()); late != 0 || err != nil {
		t.Errorf("the lag is %s, %v; want 0s", late, err)
	}
	if got := audit.Check(t, bed.store, bed.supervisors...); got.Warnings < tickets || got.Breaches < tickets/2 {
		t.Errorf("too few alarms became due: %+v", got)
	}
}

// change writes a comment if kind is 0, opens the ticket if it is 1, and sets it to pending if it is 2.
func (bed *testbed) change(ctx context.Context, app *application.App, as access.Actor, id domain.ID, kind int) error {
	if kind == 0 {
		_, err := app.Comments.Write(ctx, as, id, ticket.CommentDraft{Body: domain.Some("Is it out?")}, nil)
		return err
	}
	status := bed.statuses[[]ticket.StatusType{ticket.Open, ticket.Pending}[kind-1]]
	_, err := app.Tickets.Update(ctx, as, id, ticket.Patch{StatusID: domain.Some(string(status.ID))}, nil)
	return err
}
