package faults

import (
	"context"
	"fmt"
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

// crowded gathers tickets of which, for six seconds, one after the other comes due.
func (g *ground) crowded(n int) []domain.ID {
	began := now()
	return g.gather(n, func(i int) time.Time {
		return began.Add(-alarmsAt[i%4] + time.Duration(i)*6*time.Second/time.Duration(n))
	})
}

// Replicas are killed while many change the same tickets and their clocks come due. What was acknowledged is there with all
// that belongs to it, once; of what was not, all or nothing.
func TestACrashDuringParallelChangesLeavesNothingHalfDone(t *testing.T) {
	t.Parallel()
	g := onPostgres(t)
	ids := g.crowded(300)
	watch, err := pgx.Connect(t.Context(), g.url)
	check(t, err)
	defer func() { _ = watch.Close(context.Background()) }()
	replicas, offices := make([]*process, 2), []*replica{{}, {}}
	begin := func(i, life int) {
		replicas[i] = start(t, g.url, fmt.Sprintf("replica-%d-%d", i, life), "serve")
		offices[i].address.Store(replicas[i].listens(t))
	}
	begin(0, 0)
	begin(1, 0)
	stop := make(chan struct{})
	done, wait := g.write(offices, offices[0].signIn(t), ids, stop)
	for life := 1; life <= 4; life++ {
		before := done.count()
		until(t, "the load goes on", func() bool { return done.count() > before+20 })
		table := []string{"ticket_history", "sla_events"}[life/3]
		replicas[life%2].killWhileItWrites(t, watch, table)
		begin(life%2, life)
	}
	before := done.count()
	until(t, "the load goes on", func() bool { return done.count() > before+20 })
	close(stop)
	wait()
	g.settled()
	for _, r := range replicas {
		r.kill()
	}
	g.audit(done, ids)
}

// PostgreSQL is away while many change tickets and clocks come due, as it is when it is restarted: every connection ends and
// new ones are refused. All go on by themselves.
func TestReplicasGoOnByThemselvesWhenPostgreSQLWasAway(t *testing.T) {
	t.Parallel()
	g := onPostgres(t)
	ids := g.crowded(300)
	way := postgres.NewWay(t, g.url)
	offices := []*replica{{}, {}}
	var replicas []*process
	for i, o := range offices {
		replicas = append(replicas, start(t, way.URL(t), fmt.Sprintf("replica-%d", i), "serve"))
		o.address.Store(replicas[i].listens(t))
	}
	stop := make(chan struct{})
	done, wait := g.write(offices, offices[0].signIn(t), ids, stop)
	for range 3 {
		before := done.count()
		until(t, "the load goes on", func() bool { return done.count() > before+20 })
		way.Cut()
		time.Sleep(300 * time.Millisecond) // an outage lasts
		way.Mend(t)
	}
	before := done.count()
	until(t, "the load goes on", func() bool { return done.count() > before+20 })
	close(stop)
	wait()
	g.settled()
	for _, r := range replicas {
		select {
		case <-r.exited:
			t.Errorf("%s has ended", r.name)
		default:
		}
		r.kill()
	}
	g.audit(done, ids)
}

// settled waits until all that was due within the first seconds is on record.
func (g *ground) settled() {
	g.t.Helper()
	until(g.t, "nothing is due any more", func() bool {
		late, err := g.app.ServiceLevels.Lag(g.t.Context())
		check(g.t, err)
		return late == 0
	})
	time.Sleep(10 * time.Millisecond)
}

// abandoned waits until the database has done with what processes that were killed had asked of it: it may go on for a moment,
// and even commit.
func (g *ground) abandoned() {
	g.t.Helper()
	until(g.t, "the replicas have left the database", func() bool {
		var left int
		check(g.t, g.store.Connections().Postgres.QueryRow(g.t.Context(), `SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND application_name LIKE 'replica-%'`).Scan(&left))
		return left == 0
	})
}

// audit goes over the books, and finds for every change that was acknowledged, and for every one that is there though it was
// not, its entries of history and what was told of it.
func (g *ground) audit(done *acknowledged, ids []domain.ID) {
	g.t.Helper()
	g.abandoned()
	tally := audit.Check(g.t, g.store, g.supervisors...)
	if tally.Warnings == 0 || tally.Breaches == 0 {
		g.t.Errorf("nothing came due: %+v", tally)
	}
	titles, comments := map[string]domain.ID{}, map[domain.ID]domain.ID{}
	for _, id := range ids {
		g.auditTicket(id, titles, comments)
	}
	for title, of := range done.titles {
		if titles[title] != of {
			g.t.Errorf("%q was acknowledged, and is on record of %q", title, titles[title])
		}
	}
	for comment, of := range done.comments {
		if comments[comment] != of {
			g.t.Errorf("a comment was acknowledged, and is on record of %q", comments[comment])
		}
	}
	g.t.Logf("%d changes were acknowledged, %d are on record; %+v", done.count(), len(titles)+len(comments), tally)
}

// story is what is on record of a ticket.
type story struct {
	ticket.View
	history  []ticket.EntryView // the newest first
	comments []ticket.CommentView
	ledger   []sla.Entry
	told     []string
}

func (g *ground) storyOf(id domain.ID) (s story) {
	g.t.Helper()
	ctx := g.t.Context()
	check(g.t, g.store.View(ctx, func(tx ports.Tx) (err error) {
		if s.View, err = tx.Tickets.Get(ctx, id, g.root.Reach()); err != nil {
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
	s.told, err = g.toldOf(ctx, id)
	check(g.t, err)
	return s
}

// auditTicket notes the titles and comments that are on record of a ticket, each of which must be so once, and told once.
func (g *ground) auditTicket(id domain.ID, titles map[string]domain.ID, comments map[domain.ID]domain.ID) {
	g.t.Helper()
	s := g.storyOf(id)
	title, status := s.Title, s.StatusID
	moved, remarks := 0, 0
	for _, e := range s.history {
		switch {
		case e.Field == "title":
			if titles[e.To] != "" || e.To != title {
				g.t.Errorf("%s: %q is on record twice, or its titles do not follow from its history", s.Number, e.To)
			}
			title, titles[e.To] = e.From, id
			g.toldOnce(s, `to "`+e.To+`"`)
		case e.Field == "status":
			if e.To != string(status) {
				g.t.Errorf("%s: its statuses do not follow from its history", s.Number)
			}
			status = domain.ID(e.From)
			moved++
		case e.Kind == ticket.EntryCommented:
			comments[e.CommentID] = id
			remarks++
		}
	}
	if len(s.comments) != remarks {
		g.t.Errorf("%s: %d comments, %d on record", s.Number, len(s.comments), remarks)
	}
	if n := stops(s.ledger); n != moved {
		g.t.Errorf("%s: the clocks stopped or went on %d times, its status changed %d times", s.Number, n, moved)
	}
}

// toldOnce says where the assignee was not told, once, of something.
func (g *ground) toldOnce(s story, of string) {
	g.t.Helper()
	n := 0
	for _, message := range s.told {
		if strings.Contains(message, of) {
			n++
		}
	}
	if want := min(1, len(s.AssignedTo)); n != want {
		g.t.Errorf("%s: its assignee was told %d times of %s", s.Number, n, of)
	}
}

// toldOf gives what was told of a ticket.
func (g *ground) toldOf(ctx context.Context, id domain.ID) (messages []string, err error) {
	found, err := g.store.Connections().Reads.QueryContext(ctx, `SELECT message FROM notification_logs WHERE ticket_id = '`+string(id)+`'`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		var m string
		if err := found.Scan(&m); err != nil {
			return nil, err
		}
		messages = append(messages, m)
	}
	return messages, found.Err()
}

// stops counts the moments at which the clocks of a ticket stopped or went on.
func stops(entries []sla.Entry) int {
	moments := map[time.Time]bool{}
	for _, e := range entries {
		if e.Kind == sla.Paused || e.Kind == sla.Resumed {
			moments[e.RecordedAt] = true
		}
	}
	return len(moments)
}
