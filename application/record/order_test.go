package record_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

// replica returns the use cases of another process on the store of a desk, whose clock is off by a duration and whose
// ids begin with a prefix.
func replica(d *desk.Case, off time.Duration, ids string) *application.App {
	made := 0
	return d.With(func(deps *application.Deps) {
		deps.Clock = func() time.Time { return d.Now().Add(off) }
		deps.NewID = func() domain.ID {
			made++
			return domain.ID(fmt.Sprintf("%s%030x", ids, made))
		}
	})
}

func TestReplicasWithDifferentClocksKeepTheOrderOfChanges(t *testing.T) {
	for name, ids := range map[string][2]string{
		"the replica behind has smaller ids": {"bb", "aa"},
		"the replica behind has greater ids": {"aa", "bb"},
	} {
		t.Run(name, func(t *testing.T) {
			c := desk.NewCase(t)
			first := c.Ticket()
			ahead, behind := replica(c, 2*time.Second, ids[0]), replica(c, -time.Second, ids[1])
			var said, titles []string
			comment := func(r *application.App, as string, d ticket.CommentDraft) {
				said = append(said, d.Body.Value)
				desk.Must(r.Comments.Write(t.Context(), c.Actor(as), c.TicketID, d, nil))(t)
			}
			title := func(r *application.App, is string) {
				titles = append(titles, is)
				desk.Must(r.Tickets.Update(t.Context(), c.Actor(desk.Agent), c.TicketID, ticket.Patch{Title: domain.Some(is)}, nil))(t)
			}
			title(ahead, "Smoke")
			comment(ahead, desk.Customer, desk.Public("one"))
			comment(behind, desk.Customer, desk.Public("two"))
			title(behind, "Fire")
			comment(behind, desk.Agent, desk.Internal("three"))
			comment(ahead, desk.Customer, desk.Public("four"))
			title(behind, "Ash")
			comment(c.App, desk.Agent, desk.Public("five"))
			title(c.App, "Dust")
			comments, _, err := c.Comments.List(t.Context(), c.Actor(desk.Agent), c.TicketID, nil, 100)
			desk.Check(t, err)
			var listed, changed []string
			for _, c := range comments {
				listed = append(listed, c.Body)
			}
			all := c.FullHistory()
			slices.Reverse(all)
			p := snapshotOf(first)
			for _, e := range all {
				if e.Field == "title" {
					changed = append(changed, e.To)
				}
				if e.Kind == ticket.EntryChanged {
					if was := (value{e.From, e.FromName}); p[e.Field] != was {
						t.Errorf("%s was %q, but the history says that it changed from %q", e.Field, p[e.Field], was)
					}
					p[e.Field] = value{e.To, e.ToName}
				}
			}
			if !slices.Equal(listed, said) || !slices.Equal(changed, titles) || !maps.Equal(p, snapshotOf(c.Ticket())) {
				t.Errorf("comments %q, want %q; titles %q, want %q; replayed %v", listed, said, changed, titles, p)
			}
		})
	}
}

func TestBreachIsRecordedAfterChangesOfAReplicaAhead(t *testing.T) {
	c := desk.NewCase(t)
	c.Wait(24*time.Hour - time.Minute)
	said := c.MustWrite(desk.Agent, desk.Internal("Still burning."))
	c.Wait(time.Minute - time.Second)
	ahead := replica(c, 2*time.Second, "aa")
	// deleting an internal note does not read the clocks of the ticket
	desk.Check(t, ahead.Comments.Delete(t.Context(), c.Actor(desk.Agent), c.TicketID, said.ID, nil))
	c.Wait(time.Second + time.Millisecond)
	desk.Must(c.ServiceLevels.Sweep(t.Context()))(t)
	if got := c.HistoryAs(desk.Agent); len(got) < 3 || got[0] != "sla_breachedfirst_response" || !slices.Contains(got[1:], "comment_deleted") {
		t.Errorf("history, newest first: %q", got)
	}
}
