package faults

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tickt/test/audit"
)

// Four engines, processes of their own, share what is due; two of them are killed while they write. Every warning and every
// breach is on record once, at the time when it was due, and was told once to whoever must know.
func TestFourEnginesRecordEveryAlarmOnceThoughTheyAreKilled(t *testing.T) {
	t.Parallel()
	const tickets = 5000 // of two clocks each
	g := onPostgres(t)
	began := now()
	opened := func(i int) time.Time {
		since := began.Add(-alarmsAt[i%4]).Truncate(time.Microsecond)
		if i%3 == 0 { // comes due while they work, at the latest in eight seconds
			return since.Add(time.Duration(i) * 8 * time.Second / tickets)
		}
		return since.Add(-time.Duration(i) * time.Second / 10)
	}
	g.gather(tickets, opened)
	watch, err := pgx.Connect(t.Context(), g.url)
	check(t, err)
	defer func() { _ = watch.Close(context.Background()) }()
	var engines []*process
	for i := range 4 {
		engines = append(engines, start(t, g.url, fmt.Sprintf("engine-%d", i), "work"))
	}
	engines[0].killWhileItWrites(t, watch, "sla_events")
	engines[1].killWhileItWrites(t, watch, "notification_logs")
	end := began.Add(9 * time.Second)
	until(t, "all that is due is on record", func() bool {
		late, err := g.app.ServiceLevels.Lag(t.Context())
		check(t, err)
		return late == 0 && now().After(end)
	})
	warnings, breaches := 0, 0
	for i := range tickets {
		w, b := alarmsOf(opened(i), end)
		warnings, breaches = warnings+w, breaches+b
	}
	got := audit.Check(t, g.store, g.supervisors...)
	if got.Tickets != tickets || got.Warnings != warnings || got.Breaches != breaches {
		t.Errorf("%+v, want %d tickets, %d warnings, %d breaches", got, tickets, warnings, breaches)
	}
	t.Logf("%+v", got)
}

// alarmsOf counts the warnings and breaches of a ticket of a crowd until a moment.
func alarmsOf(opened, until time.Time) (warnings, breaches int) {
	for n, at := range alarmsAt {
		switch {
		case opened.Add(at).After(until):
			return warnings, breaches
		case n%2 == 0:
			warnings++
		default:
			breaches++
		}
	}
	return warnings, breaches
}
