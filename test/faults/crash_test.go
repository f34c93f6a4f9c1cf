package faults

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/audit"
	"tickt/test/postgres"
)

// addTicketsComingDue stores n tickets whose next alarms become due one after the other within six seconds.
func (bed *testbed) addTicketsComingDue(n int) []domain.ID {
	began := now()
	return bed.addTickets(n, func(i int) time.Time {
		return began.Add(-alarmsAt[i%4] + time.Duration(i)*6*time.Second/time.Duration(n))
	})
}

// Replicas are killed while several clients change the same tickets and alarms become due. An acknowledged change must be
// stored once, with its history, notifications and clock events; any other change must be stored wholly or not at all.
func TestCrashDuringParallelChangesLeavesNoPartialChange(t *testing.T) {
	t.Parallel()
	bed := onPostgres(t)
	ids := bed.addTicketsComingDue(300)
	watch, err := pgx.Connect(t.Context(), bed.url)
	check(t, err)
	defer func() { _ = watch.Close(context.Background()) }()
	replicas, endpoints := make([]*process, 2), []*endpoint{{}, {}}
	begin := func(i, life int) {
		replicas[i] = start(t, bed.url, fmt.Sprintf("replica-%d-%d", i, life), "serve")
		endpoints[i].address.Store(replicas[i].listens(t))
	}
	begin(0, 0)
	begin(1, 0)
	stop := make(chan struct{})
	done, wait := bed.write(endpoints, endpoints[0].signIn(t), ids, stop)
	for life := 1; life <= 4; life++ {
		before := done.count()
		waitFor(t, "clients make progress", func() bool { return done.count() > before+20 })
		table := []string{"ticket_history", "sla_events"}[life/3]
		replicas[life%2].killWhileItWrites(t, watch, table)
		begin(life%2, life)
	}
	before := done.count()
	waitFor(t, "clients make progress", func() bool { return done.count() > before+20 })
	close(stop)
	wait()
	bed.waitUntilRecorded()
	for _, r := range replicas {
		r.kill()
	}
	bed.audit(done, ids)
}

// While several clients change tickets and alarms become due, PostgreSQL fails as if it was restarted: all connections are
// closed and new ones are refused. The replicas must recover without a restart.
func TestReplicasRecoverFromAPostgreSQLOutage(t *testing.T) {
	t.Parallel()
	bed := onPostgres(t)
	ids := bed.addTicketsComingDue(300)
	way := postgres.NewWay(t, bed.url)
	endpoints := []*endpoint{{}, {}}
	var replicas []*process
	for i, e := range endpoints {
		replicas = append(replicas, start(t, way.URL(t), fmt.Sprintf("replica-%d", i), "serve"))
		e.address.Store(replicas[i].listens(t))
	}
	stop := make(chan struct{})
	done, wait := bed.write(endpoints, endpoints[0].signIn(t), ids, stop)
	for range 3 {
		before := done.count()
		waitFor(t, "clients make progress", func() bool { return done.count() > before+20 })
		way.Cut()
		time.Sleep(300 * time.Millisecond) // the duration of the outage
		way.Mend(t)
	}
	before := done.count()
	waitFor(t, "clients make progress", func() bool { return done.count() > before+20 })
	close(stop)
	wait()
	bed.waitUntilRecorded()
	for _, r := range replicas {
		select {
		case <-r.exited:
			t.Errorf("%s has exited", r.name)
		default:
		}
		r.kill()
	}
	bed.audit(done, ids)
}

// waitUntilRecorded waits until every alarm that is due has been recorded.
func (bed *testbed) waitUntilRecorded() {
	bed.t.Helper()
	waitFor(bed.t, "all due alarms are recorded", func() bool {
		late, err := bed.app.ServiceLevels.Lag(bed.t.Context())
		check(bed.t, err)
		return late == 0
	})
	time.Sleep(10 * time.Millisecond)
}

// waitUntilDisconnected waits until the database has ended the sessions of killed processes. It may go on with their last
// statements for a moment, and even commit.
func (bed *testbed) waitUntilDisconnected() {
	bed.t.Helper()
	waitFor(bed.t, "the replicas are disconnected from the database", func() bool {
		var left int
		check(bed.t, bed.store.Connections().Postgres.QueryRow(bed.t.Context(), `SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND application_name LIKE 'replica-%'`).Scan(&left))
		return left == 0
	})
}

// audit audits the database and checks the history and notifications of each change that is stored, and that every
// acknowledged change is stored.
func (bed *testbed) audit(done *acknowledged, ids []domain.ID) {
	bed.t.Helper()
	bed.waitUntilDisconnected()
	totals := audit.Check(bed.t, bed.store, bed.supervisors...)
	if totals.Warnings == 0 || totals.Breaches == 0 {
		bed.t.Errorf("no alarms became due: %+v", totals)
	}
	titles, comments := map[string]domain.ID{}, map[domain.ID]domain.ID{}
	for _, id := range ids {
		bed.auditTicket(id, titles, comments)
	}
	for title, id := range done.titles {
		if titles[title] != id {
			bed.t.Errorf("title %q was acknowledged, but is stored for the ticket %q", title, titles[title])
		}
	}
	for comment, id := range done.comments {
		if comments[comment] != id {
			bed.t.Errorf("comment %q was acknowledged, but is stored for the ticket %q", comment, comments[comment])
		}
	}
	bed.t.Logf("%d changes were acknowledged, %d are stored; %+v", done.count(), len(titles)+len(comments), totals)
}

// ticketRecord is everything that is stored about a ticket.
type ticketRecord struct {
	ticket.View
	history  []ticket.EntryView // the newest first
	comments []ticket.CommentView
	ledger   []sla.Entry
	messages []message
}

// message is the text of a notification.
type message struct {
	to   domain.ID
	text string
}

func (bed *testbed) recordOf(id domain.ID) (s ticketRecord) {
	bed.t.Helper()
	ctx := bed.t.Context()
	check(bed.t, bed.store.View(ctx, func(tx ports.Tx) (err error) {
		if s.View, err = tx.Tickets.Get(ctx, id, bed.root.Reach()); err != nil {
			return err
		}
		if s.history, err = tx.History.List(ctx, id, true, nil, 10_000); err != nil {
			return err
		}
		if s.comments, err = tx.Comments.List(ctx, id, true, nil, 10_000); err != nil {
			return err
		}
		entries, err := tx.Ledgers.Of(ctx, []domain.ID{id})
		s.ledger = entries[id]
		return err
	}))
	var err error
	s.messages, err = bed.messagesOf(ctx, id)
	check(bed.t, err)
	return s
}

// auditTicket checks that each stored change of a ticket is in its history once and has notified the assignee once, and
// adds the ticket's titles and comments to titles and comments.
func (bed *testbed) auditTicket(id domain.ID, titles map[string]domain.ID, comments map[domain.ID]domain.ID) {
	bed.t.Helper()
	s := bed.recordOf(id)
	title, status := s.Title, s.StatusID
	statusChanges, commented := 0, 0
	for _, e := range s.history {
		switch {
		case e.Field == "title":
			if titles[e.To] != "" || e.To != title {
				bed.t.Errorf("%s: title %q is stored twice, or does not match the history", s.Number, e.To)
			}
			title, titles[e.To] = e.From, id
			bed.checkNotifiedOnce(s, `to "`+e.To+`"`)
		case e.Field == "status":
			if e.To != string(status) {
				bed.t.Errorf("%s: the status does not match the history", s.Number)
			}
			status = domain.ID(e.From)
			statusChanges++
		case e.Kind == ticket.EntryCommented:
			comments[e.CommentID] = id
			commented++
		}
	}
	if len(s.comments) != commented {
		bed.t.Errorf("%s: %d comments, but %d in the history", s.Number, len(s.comments), commented)
	}
	if n := pausesAndResumes(s.ledger); n != statusChanges {
		bed.t.Errorf("%s: the clocks paused or resumed %d times, but the status changed %d times", s.Number, n, statusChanges)
	}
}

// checkNotifiedOnce reports an error unless exactly one notification of the assignee contains text or, if there is none, of each
// supervisor.
func (bed *testbed) checkNotifiedOnce(s ticketRecord, text string) {
	bed.t.Helper()
	got, want := map[domain.ID]int{}, map[domain.ID]int{}
	for _, m := range s.messages {
		if strings.Contains(m.text, text) {
			got[m.to]++
		}
	}
	for _, id := range bed.supervisors {
		want[id] = 1
	}
	if s.AssignedTo != "" {
		want = map[domain.ID]int{s.AssignedTo: 1}
	}
	if !maps.Equal(got, want) {
		bed.t.Errorf("%s: notifications of %s by recipient: %v, want %v", s.Number, text, got, want)
	}
}

// messagesOf returns the messages of the notifications about a ticket.
func (bed *testbed) messagesOf(ctx context.Context, id domain.ID) (messages []message, err error) {
	const query = `SELECT recipient_id, message FROM notification_logs WHERE ticket_id = `
	found, err := bed.store.Connections().Reads.QueryContext(ctx, query+`'`+string(id)+`'`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		var m message
		if err := found.Scan(&m.to, &m.text); err != nil {
			return nil, err
		}
		messages = append(messages, m)
	}
	return messages, found.Err()
}

// pausesAndResumes counts the times at which clocks of a ticket paused or resumed.
func pausesAndResumes(entries []sla.Entry) int {
	times := map[time.Time]bool{}
	for _, e := range entries {
		if e.Kind == sla.Paused || e.Kind == sla.Resumed {
			times[e.RecordedAt] = true
		}
	}
	return len(times)
}
