package faults

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tickt/test/audit"
)

// Four worker processes share the alarms that are due; two of them are killed while they write. Each warning and breach
// must be recorded once, with the time at which it was due, and notify its recipients once.
func TestWorkersRecordEveryAlarmOnceWhenSomeAreKilled(t *testing.T) {
	t.Parallel()
	const tickets = 5000 // with two clocks each
	bed := onPostgres(t)
	began := now()
	opened := func(i int) time.Time {
		since := began.Add(-alarmsAt[i%4]).Truncate(time.Microsecond)
		if i%3 == 0 { // becomes due while the workers run, in eight seconds at the latest
			return since.Add(time.Duration(i) * 8 * time.Second / tickets)
		}
		return since.Add(-time.Duration(i) * time.Second / 10)
	}
	bed.addTickets(tickets, opened)
	watch, err := pgx.Connect(t.Context(), bed.url)
	check(t, err)
	defer func() { _ = watch.Close(context.Background()) }()
	var workers []*process
	for i := range 4 {
		workers = append(workers, start(t, bed.url, fmt.Sprintf("worker-%d", i), "work"))
	}
	workers[0].killWhileItWrites(t, watch, "sla_events")
	workers[1].killWhileItWrites(t, watch, "notification_logs")
	end := began.Add(9 * time.Second)
	waitFor(t, "all due alarms are recorded", func() bool {
		late, err := bed.app.ServiceLevels.Lag(t.Context())
		check(t, err)
		return late == 0 && now().After(end)
	})
	warnings, breaches := 0, 0
	for i := range tickets {
		w, b := alarmsOf(opened(i), end)
		warnings, breaches = warnings+w, breaches+b
	}
	got := audit.Check(t, bed.store, bed.supervisors...)
	if got.Tickets != tickets || got.Warnings != warnings || got.Breaches != breaches {
		t.Errorf("%+v, want %d tickets, %d warnings, %d breaches", got, tickets, warnings, breaches)
	}
	t.Logf("%+v", got)
}

// alarmsOf counts the warnings and breaches of a ticket with the promises of terms until a time.
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
