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

// machine is a replica with a clock of its own, which is so much ahead of the common time.
type machine struct {
	app   *application.App
	ahead time.Duration
}

// Two replicas whose clocks are two seconds apart sweep and change the same tickets. No alarm comes twice or not at all, and
// no ledger goes back in time.
func TestReplicasWhoseClocksDifferRecordEveryAlarmOnce(t *testing.T) {
	t.Parallel()
	const tickets, rounds, skew, apart = 120, 60, 2 * time.Second, 500 * time.Millisecond
	g := onPostgres(t)
	began := now()
	ids := g.gather(tickets, func(i int) time.Time { return began.Add(-alarmsAt[i%4] + time.Duration(i)*apart) })
	var common atomic.Int64 // what both clocks go by
	common.Store(began.UnixMicro())
	var machines []machine
	for _, ahead := range []time.Duration{0, skew} {
		clock := func() time.Time { return time.UnixMicro(common.Load()).UTC().Add(ahead) }
		machines = append(machines, machine{g.appOn(opened(t, g.url), clock), ahead})
	}
	chance := rand.New(rand.NewPCG(7, 7))
	for range rounds {
		// so little that what is due for one is often not due yet for the other
		common.Add([]int64{1_000, 500_000, 1_000_000, 1_999_999, 2_000_000}[chance.IntN(5)])
		due := int(time.Duration(common.Load()-began.UnixMicro()) * time.Microsecond / apart)
		var wg sync.WaitGroup
		for _, m := range machines {
			wg.Go(func() {
				if _, err := m.app.ServiceLevels.Sweep(t.Context()); err != nil {
					t.Error(err)
				}
			})
			for range 4 {
				id, as, what := ids[min(due+chance.IntN(5), tickets-1)], []access.Actor{g.root, g.agent}[chance.IntN(2)], chance.IntN(3)
				wg.Go(func() {
					if err := g.alter(t.Context(), m.app, as, id, what); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
	}
	common.Add(int64(skew / time.Microsecond)) // now the one that is behind sees all that the other one saw
	for n := 1; n > 0; {
		var err error
		n, err = machines[0].app.ServiceLevels.Sweep(t.Context())
		check(t, err)
	}
	if late, err := machines[0].app.ServiceLevels.Lag(t.Context()); late != 0 || err != nil {
		t.Errorf("something is %s late, %v", late, err)
	}
	if got := audit.Check(t, g.store, g.supervisors...); got.Warnings < tickets || got.Breaches < tickets/2 {
		t.Errorf("too little has come due: %+v", got)
	}
}

// alter does one of the things that clocks follow.
func (g *ground) alter(ctx context.Context, app *application.App, as access.Actor, id domain.ID, what int) error {
	if what == 0 {
		_, err := app.Comments.Write(ctx, as, id, ticket.CommentDraft{Body: domain.Some("Is it out?")}, nil)
		return err
	}
	to := g.statuses[[]ticket.StatusType{ticket.Open, ticket.Pending}[what-1]]
	_, err := app.Tickets.Update(ctx, as, id, ticket.Patch{StatusID: domain.Some(string(to.ID))}, nil)
	return err
}
