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

// replica is another process on a desk's store, whose clock is off and whose ids are its own.
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

func TestWhatReplicasWithDifferentClocksDoIsInTheOrderInWhichItWasDone(t *testing.T) {
	for name, ids := range map[string][2]string{
		"the ids of the one behind are smaller": {"bb", "aa"},
		"and greater":                           {"aa", "bb"},
	} {
		t.Run(name, func(t *testing.T) {
			c := desk.NewCase(t)
			first := c.Ticket()
			ahead, behind := replica(c, 2*time.Second, ids[0]), replica(c, -time.Second, ids[1])
			var said, titles []string
			speak := func(r *application.App, as string, d ticket.CommentDraft) {
				said = append(said, d.Body.Value)
				desk.Must(r.Comments.Write(t.Context(), c.Actor(as), c.TicketID, d, nil))(t)
			}
			title := func(r *application.App, is string) {
				titles = append(titles, is)
				desk.Must(r.Tickets.Update(t.Context(), c.Actor(desk.Agent), c.TicketID, ticket.Patch{Title: domain.Some(is)}, nil))(t)
			}
			title(ahead, "Smoke")
			speak(ahead, desk.Customer, desk.Public("one"))
			speak(behind, desk.Customer, desk.Public("two"))
			title(behind, "Fire")
			speak(behind, desk.Agent, desk.Internal("three"))
			speak(ahead, desk.Customer, desk.Public("four"))
			title(behind, "Ash")
			speak(c.App, desk.Agent, desk.Public("five"))
			title(c.App, "Dust")
			comments, _, err := c.Comments.List(t.Context(), c.Actor(desk.Agent), c.TicketID, nil, 100)
			desk.Check(t, err)
			var heard, changed []string
			for _, c := range comments {
				heard = append(heard, c.Body)
			}
			all := c.FullHistory()
			slices.Reverse(all)
			p := portrayed(first)
			for _, e := range all {
				if e.Field == "title" {
					changed = append(changed, e.To)
				}
				if e.Kind == ticket.EntryChanged {
					if was := (value{e.From, e.FromName}); p[e.Field] != was {
						t.Errorf("%s was %q, and changed from %q", e.Field, p[e.Field], was)
					}
					p[e.Field] = value{e.To, e.ToName}
				}
			}
			if !slices.Equal(heard, said) || !slices.Equal(changed, titles) || !maps.Equal(p, portrayed(c.Ticket())) {
				t.Errorf("said %q, want %q; changed %q, want %q; replayed %v", heard, said, changed, titles, p)
			}
		})
	}
}

func TestWhatTimeBringsIsOnRecordBehindWhatAReplicaAheadHasDone(t *testing.T) {
	c := desk.NewCase(t)
	c.Wait(24*time.Hour - time.Minute)
	said := c.MustWrite(desk.Customer, desk.Public("Still burning."))
	c.Wait(time.Minute - time.Second)
	ahead := replica(c, 2*time.Second, "aa")
	// asks no clock of the ticket
	desk.Check(t, ahead.Comments.Delete(t.Context(), c.Actor(desk.Customer), c.TicketID, said.ID, nil))
	c.Wait(time.Second + time.Millisecond)
	desk.Must(c.ServiceLevels.Sweep(t.Context()))(t)
	if got := c.HistoryAs(desk.Agent); len(got) < 3 || got[0] != "sla_breachedfirst_response" || !slices.Contains(got[1:], "comment_deleted") {
		t.Errorf("the newest first: %q", got)
	}
}
