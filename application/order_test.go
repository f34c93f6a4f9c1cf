package application_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/ticket"
	fixture "tickt/test/desk"
)

// replica is another process on the lobby's store, whose clock is off and whose ids are its own.
func (l *lobby) replica(off time.Duration, ids string) *application.App {
	made := 0
	return fixture.New(l.t, func(d *application.Deps) {
		d.Store, d.Clock = l.Store, func() time.Time { return l.Now().Add(off) }
		d.NewID = func() domain.ID {
			made++
			return domain.ID(fmt.Sprintf("%s%030x", ids, made))
		}
	}).App
}

func TestWhatReplicasWithDifferentClocksDoIsInTheOrderInWhichItWasDone(t *testing.T) {
	for name, ids := range map[string][2]string{"the ids of the one behind are smaller": {"bb", "aa"}, "and greater": {"aa", "bb"}} {
		t.Run(name, func(t *testing.T) {
			l := newLobby(t)
			first := l.ticket()
			ahead, behind := l.replica(2*time.Second, ids[0]), l.replica(-time.Second, ids[1])
			var said, titles []string
			speak := func(r *application.App, as string, d ticket.CommentDraft) {
				said = append(said, d.Body.Value)
				must[ticket.CommentView](t)(r.Comments.Write(t.Context(), l.Actor(as), l.id, d, nil))
			}
			title := func(r *application.App, is string) {
				titles = append(titles, is)
				must[ticket.View](t)(r.Tickets.Change(t.Context(), l.Actor(fixture.Agent), l.id, ticket.Change{Title: domain.To(is)}, nil))
			}
			title(ahead, "Smoke")
			speak(ahead, fixture.Customer, publicly("one"))
			speak(behind, fixture.Customer, publicly("two"))
			title(behind, "Fire")
			speak(behind, fixture.Agent, internally("three"))
			speak(ahead, fixture.Customer, publicly("four"))
			title(behind, "Ash")
			speak(l.App, fixture.Agent, publicly("five"))
			title(l.App, "Dust")
			comments, _, err := l.Comments.List(t.Context(), l.Actor(fixture.Agent), l.id, nil, 100)
			check(t, err)
			var heard, changed []string
			for _, c := range comments {
				heard = append(heard, c.Body)
			}
			all := records(l.Desk, l.id)
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
			if !slices.Equal(heard, said) || !slices.Equal(changed, titles) || !maps.Equal(p, portrayed(l.ticket())) {
				t.Errorf("said %q, want %q; changed %q, want %q; replayed %v", heard, said, changed, titles, p)
			}
		})
	}
}

func TestWhatTimeBringsIsOnRecordBehindWhatAReplicaAheadHasDone(t *testing.T) {
	l := newLobby(t)
	l.Wait(24*time.Hour - time.Minute)
	c := l.wrote(fixture.Customer, publicly("Still burning."))
	l.Wait(time.Minute - time.Second)
	check(t, l.replica(2*time.Second, "aa").Comments.Delete(t.Context(), l.Actor(fixture.Customer), l.id, c.ID, nil)) // which asks no clock of the ticket
	l.Wait(time.Second + time.Millisecond)
	must[int](t)(l.ServiceLevels.Sweep(t.Context()))
	if got := l.kinds(fixture.Agent); len(got) < 3 || got[0] != "sla_breachedfirst_response" || !slices.Contains(got[1:], "comment_deleted") {
		t.Errorf("the newest first: %q", got)
	}
}
