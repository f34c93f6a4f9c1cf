package ticket

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tickt/domain"
	"tickt/domain/sla"
)

// spoken is a ticket about which things are said and taken back, and whose status changes.
type spoken struct {
	View
	terms     sla.Terms
	schedules sla.Schedules
	entries   []sla.Entry
	said      []Comment
	changes   []StatusChange
	causes    map[time.Time]domain.ID // of changes by rule, by their time
	voids     int
	author    domain.ID // of what is said
}

func alwaysOpen(domain.ID) *sla.Schedule { return sla.AlwaysOpenSchedule() }

// openSpoken opens a ticket at noon.
func openSpoken(terms sla.Terms) *spoken { return openSpokenAt(terms, alwaysOpen, noon) }

func openSpokenAt(terms sla.Terms, schedules sla.Schedules, at time.Time) *spoken {
	x := &spoken{terms: terms, schedules: schedules, causes: map[time.Time]domain.ID{}}
	x.Ticket = Ticket{ID: "t", CreatedBy: "asker", CreatedAt: at, UpdatedAt: at, StatusID: "s-open"}
	x.StatusType = Open
	x.apply(SLATransition{Is: x.View}, at)
	return x
}

func (x *spoken) store(l *sla.Ledger, now time.Time) {
	x.entries = append(x.entries, l.AddedTo(x.ID, now)...)
	x.voids += len(l.Voided())
}

func (x *spoken) apply(c SLATransition, now time.Time) {
	c.StatusChanges, c.Sayings = slices.Clone(x.changes), x.sayings()
	if c.StatusChanges == nil {
		c.StatusChanges = []StatusChange{}
	}
	l := sla.OpenLedger(x.entries, x.schedules)
	x.View = c.Apply(l, x.terms, now)
	x.store(l, now)
}

func (x *spoken) sweep(now time.Time) {
	if x.IsDue(now) {
		l := sla.OpenLedger(x.entries, x.schedules)
		x.Advance(l, now)
		x.store(l, now)
	}
}

func (x *spoken) sayings() (out []Saying) {
	for _, c := range x.said {
		out = append(out, Saying{CommentID: c.ID, AuthorID: c.AuthorID, Effect: c.Effect, At: c.SaidAt})
	}
	return out
}

func (x *spoken) to(t StatusType, now time.Time, byRule bool) {
	was := x.StatusType
	x.changes = append(x.changes, StatusChange{At: now, From: was, To: t, ByRule: byRule})
	x.StatusID, x.StatusType = domain.ID("s-"+string(t)), t
	x.resolve(Patch{}, was, now)
}

// move changes the status.
func (x *spoken) move(t StatusType, now time.Time) {
	if x.sweep(now); t == x.StatusType {
		return
	}
	was := x.View
	before := x.changes
	x.to(t, now, false)
	after := x.changes
	x.changes = before
	x.apply(SLATransition{Was: was, Is: x.View}, now)
	x.changes = after
}

// say adds a comment; a rule may change the status because of it.
func (x *spoken) say(id domain.ID, e CommentEffect, now time.Time, rule StatusType) {
	x.sweep(now)
	was, before := x.View, x.changes
	x.said = append(x.said, Comment{ID: id, AuthorID: x.author, Visibility: Public, Effect: e, SaidAt: now, CreatedAt: now})
	if e == EffectAnswered {
		x.Responded(now)
	}
	byRule := rule != "" && rule != x.StatusType
	if byRule {
		x.to(rule, now, true)
		x.causes[now] = id
	}
	after := x.changes
	x.changes = before
	x.apply(SLATransition{Was: was, Is: x.View, Effect: e, Comment: id, ByRule: byRule}, now)
	x.changes = after
}

// takeBack takes a comment back, and the status that a rule set because of it.
func (x *spoken) takeBack(i int, now time.Time) {
	x.sweep(now)
	c := x.said[i]
	x.said = slices.Delete(slices.Clone(x.said), i, i+1)
	before := x.changes
	if last := len(x.changes) - 1; last >= 0 && x.changes[last].ByRule && x.changes[last].At.Equal(c.SaidAt) {
		x.goBack(now)
	}
	x.retract(c, before, now)
}

// goBack undoes the last change of the status.
func (x *spoken) goBack(now time.Time) {
	back := x.changes[len(x.changes)-1]
	x.changes = append(slices.Clone(x.changes), StatusChange{At: now, From: back.To, To: back.From, ByRule: true})
	x.StatusID, x.StatusType = domain.ID("s-"+string(back.From)), back.From
}

func (x *spoken) retract(c Comment, before []StatusChange, now time.Time) {
	l := sla.OpenLedger(x.entries, x.schedules)
	x.Retract(l, Retraction{Comment: c, Sayings: x.sayings(), StatusChanges: before, Terms: x.terms}, now)
	x.store(l, now)
}

// naive returns the ticket to which happened only what remains: the statuses and what is still said, in order.
func (x *spoken) naive(now time.Time) *spoken {
	n := openSpoken(x.terms)
	type act struct {
		at time.Time
		do func()
	}
	var all []act
	ruled := map[domain.ID]StatusType{}
	for _, c := range x.changes {
		id, because := x.causes[c.At]
		still := slices.ContainsFunc(x.said, func(s Comment) bool { return s.ID == id })
		switch {
		case c.ByRule && because && still:
			ruled[id] = c.To
		case !c.ByRule:
			all = append(all, act{c.At, func() { n.move(c.To, c.At) }})
		}
	}
	for _, s := range x.said {
		all = append(all, act{s.SaidAt, func() { n.say(s.ID, s.Effect, s.SaidAt, ruled[s.ID]) }})
	}
	slices.SortFunc(all, func(a, b act) int { return a.at.Compare(b.at) })
	for _, a := range all {
		a.do()
	}
	n.sweep(now)
	return n
}

// describe returns what counts about the ticket and its clocks, without the numbers of the clocks and without those that ended
// because they would not have begun.
func (x *spoken) describe(now time.Time) string {
	out := []string{fmt.Sprintf("response %s, breached %t", stamp(x.FirstResponseAt), x.SLABreached)}
	s := sla.AlwaysOpenSchedule()
	for _, c := range sla.Replay(sla.EventsOf(x.entries)) {
		if !c.CancelledAt.IsZero() && c.CancelledAt.Equal(c.StartedAt) {
			continue
		}
		text := fmt.Sprintf("%s from %s %s, used %s, met %s, paused %s", c.Metric, stamp(c.StartedAt), c.State(), c.Elapsed(s, now),
			stamp(c.FulfilledAt), stamp(c.PausedAt))
		if c.BreachedAt.IsZero() {
			text += ", due " + stamp(c.DueAt(s))
		}
		out = append(out, text)
	}
	slices.Sort(out[1:])
	return strings.Join(out, "\n")
}

// Whatever is said about a ticket and taken back, in whatever order, the ticket and its clocks are as if only what remains had
// been said.
func TestWhatIsTakenBackHasNotBeenSaid(t *testing.T) {
	retracted, voided := 0, 0
	for again := 0; again < 10 && (retracted < 100 || voided < 3); again++ {
		rapid.Check(t, func(rt *rapid.T) { checkTakenBack(rt, &retracted, &voided) })
	}
	if t.Logf("%d retracted, %d voided", retracted, voided); retracted < 100 || voided < 3 {
		t.Error("too few to show anything")
	}
}

// checkTakenBack draws the life of a ticket, and counts what was retracted and voided.
func checkTakenBack(rt *rapid.T, retracted, voided *int) {
	terms := byPolicy(View{})
	terms.Targets = nil
	for _, m := range sla.Metrics {
		minutes := rapid.IntRange(1, 60).Draw(rt, "minutes")
		terms.Targets = append(terms.Targets, sla.Target{Metric: m, Minutes: minutes, CalendarID: sla.AlwaysOpenVersion})
	}
	some := rapid.SampledFrom([][]int{{0, 1, 2}, {1, 2}, {0, 2}, {}}).Draw(rt, "targets")
	all := terms.Targets
	terms.Targets = nil
	for _, i := range some {
		terms.Targets = append(terms.Targets, all[i])
	}
	if rapid.Bool().Draw(rt, "restart") {
		terms.OnReopen = sla.ReopenRestarts
	}
	x := openSpoken(terms)
	now := noon
	for n := range rapid.IntRange(1, 25).Draw(rt, "steps") {
		now = now.Add(time.Duration(rapid.IntRange(1, 10).Draw(rt, "later"))*time.Minute + time.Second)
		id := domain.ID(fmt.Sprint("c", n))
		switch rapid.SampledFrom([]string{"answer", "ask", "ask", "reply", "move", "move", "retract", "retract", "sweep"}).Draw(rt, "do") {
		case "answer":
			x.say(id, EffectAnswered, now, "")
		case "ask":
			x.say(id, EffectAsked, now, "")
		case "reply":
			rule := StatusType("")
			if x.StatusType == Pending || x.StatusType == Resolved {
				rule = Open
			}
			x.say(id, EffectAsked, now, rule)
		case "move":
			x.move(rapid.SampledFrom([]StatusType{Open, InProgress, Pending, Pending, Resolved, Cancelled}).Draw(rt, "to"), now)
		case "retract":
			if len(x.said) > 0 {
				x.takeBack(rapid.IntRange(0, len(x.said)-1).Draw(rt, "which"), now)
				*retracted++
			}
		case "sweep":
			x.sweep(now)
		}
		x.sweep(now)
		if got, want := x.describe(now), x.naive(now).describe(now); got != want {
			rt.Fatalf("got\n%s\nwant\n%s\nledger:\n%s", got, want, listed(x.entries))
		}
		checkNumbers(rt, x.entries)
	}
	*voided += x.voids
}

// checkNumbers fails if an event that a clock has at most once happened twice.
func checkNumbers(rt *rapid.T, all []sla.Entry) {
	once := map[string]bool{}
	for _, e := range all {
		key := fmt.Sprint(e.Metric, e.Cycle, e.Kind)
		if e.Once() && once[key] {
			rt.Fatalf("%s happened twice:\n%s", key, listed(all))
		}
		once[key] = true
	}
}

func listed(all []sla.Entry) string {
	var out []string
	for _, e := range all {
		out = append(out, fmt.Sprintf("%s %s/%d %s at %s %s %s",
			stamp(e.RecordedAt), e.Metric, e.Cycle, e.Kind, stamp(e.At), e.Reason, e.CommentID))
	}
	return strings.Join(out, "\n")
}
