package ticket

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
)

// course is the life of a ticket: as the ledger has it, and as what the oracle is told.
type course struct {
	*spoken
	rt    *rapid.T
	start time.Time
	now   int
	hours map[domain.ID]*slowHours
	acts  []act
	voids map[clockStart]bool // what was voided
	kept  map[clockStart]int  // minutes of recorded breaches: they stay, even if a retraction moves what led to them
	seen  map[string]int

	history []EntryView // the newest first
}

// clockStart names a clock.
type clockStart struct {
	metric sla.Metric
	minute int
}

// at returns the time of the current minute.
func (x *course) at() time.Time { return x.start.Add(time.Duration(x.now) * time.Minute) }

// minute returns the minute of a time.
func (x *course) minute(at time.Time) int {
	if at.IsZero() {
		return never
	}
	return int(at.Sub(x.start) / time.Minute)
}

// opening returns a ticket opened near a switch of daylight-saving time.
func opening(rt *rapid.T, seen map[string]int) *course {
	x := &course{rt: rt, seen: seen, hours: map[domain.ID]*slowHours{}, voids: map[clockStart]bool{}, kept: map[clockStart]int{}}
	x.start = rapid.SampledFrom([]time.Time{
		time.Date(2026, 3, 7, 12, 0, 0, 0, time.UTC), time.Date(2026, 10, 31, 12, 0, 0, 0, time.UTC), // New York
		time.Date(2026, 4, 4, 6, 0, 0, 0, time.UTC), time.Date(2026, 10, 3, 6, 0, 0, 0, time.UTC), // Lord Howe
	}).Draw(rt, "start").Add(time.Duration(rapid.IntRange(0, 1440).Draw(rt, "after")) * time.Minute)
	schedules := map[domain.ID]*sla.Schedule{}
	for _, id := range []domain.ID{"one", "two"} {
		h := x.calendar()
		x.hours[id], schedules[id] = h, sla.NewSchedule(h.zone, h.week, h.holidays)
	}
	terms := sla.Terms{PolicyID: "policy"}
	terms.OnReopen = rapid.SampledFrom([]sla.Reopening{sla.ReopenResumes, sla.ReopenRestarts}).Draw(rt, "reopen")
	terms.PauseTypes = rapid.SampledFrom([][]StatusType{{Pending}, {Pending}, {Pending, InProgress}, {}}).Draw(rt, "pauses")
	for _, m := range sla.Metrics {
		if rapid.IntRange(0, 4).Draw(rt, "promised") > 0 {
			terms.Targets = append(terms.Targets, sla.Target{
				Metric: m, Minutes: rapid.IntRange(1, 90).Draw(rt, "target"), WarnPercent: 80,
				CalendarID: rapid.SampledFrom([]domain.ID{"one", "two"}).Draw(rt, "calendar"),
			})
		}
	}
	x.spoken = openSpokenAt(terms, func(id domain.ID) *sla.Schedule { return schedules[id] }, x.start)
	return x
}

// calendar draws hours of the week and holidays, some of them half days.
func (x *course) calendar() *slowHours {
	zone, err := time.LoadLocation(rapid.SampledFrom([]string{"America/New_York", "Australia/Lord_Howe", "UTC"}).Draw(x.rt, "zone"))
	if err != nil {
		x.rt.Fatal(err)
	}
	h := &slowHours{start: x.start, zone: zone}
	hours := rapid.SampledFrom([][]sla.Interval{
		{{From: 0, To: 1440}}, {{From: 540, To: 720}, {From: 780, To: 1020}}, {{From: 60, To: 150}, {From: 170, To: 1200}}, {{From: 90, To: 100}},
	})
	for day := range h.week {
		h.week[day] = hours.Draw(x.rt, "hours")
	}
	for range rapid.IntRange(0, 2).Draw(x.rt, "holidays") {
		day := x.start.In(zone).AddDate(0, 0, rapid.IntRange(0, 2).Draw(x.rt, "day"))
		holiday := sla.Holiday{Date: sla.DateOf(day), Yearly: rapid.Bool().Draw(x.rt, "yearly")}
		if rapid.IntRange(0, 3).Draw(x.rt, "half") > 0 {
			holiday.Hours = hours.Draw(x.rt, "half day")
			x.seen["half day"]++
		}
		h.holidays = append(h.holidays, holiday)
	}
	return h
}

// step lets some time pass and does something.
func (x *course) step(n int) {
	most := rapid.SampledFrom([]int{5, 5, 15, 15, 60, 600}).Draw(x.rt, "most")
	x.now += rapid.IntRange(1, most).Draw(x.rt, "later")
	x.sweep(x.at())
	what := []string{"answer", "ask", "ask", "move", "move", "move", "retract", "retract", "void", "sweep"}
	switch rapid.SampledFrom(what).Draw(x.rt, "do") {
	case "answer":
		x.comment(domain.ID(fmt.Sprint("c", n)), EffectAnswered)
	case "ask":
		x.comment(domain.ID(fmt.Sprint("c", n)), EffectAsked)
	case "move":
		x.moveTo(rapid.SampledFrom([]StatusType{Open, InProgress, Pending, Pending, Resolved, Resolved, Closed, Cancelled}).Draw(x.rt, "to"))
	case "retract":
		x.retractOne()
	case "void":
		x.voidOne()
	}
	x.sweep(x.at())
}

// comment adds a public comment, by which a rule may open the ticket.
func (x *course) comment(id domain.ID, e CommentEffect) {
	x.acts = append(x.acts, act{minute: x.now, id: id, effect: e})
	if x.StatusType.Over() {
		x.said = append(x.said, Comment{ID: id, Effect: EffectUnheard, SaidAt: x.at()})
		return
	}
	rule := StatusType("")
	if e == EffectAsked && (x.StatusType == Pending || x.StatusType == Resolved) {
		rule = Open
	}
	x.author = map[CommentEffect]domain.ID{EffectAnswered: "agent", EffectAsked: "asker"}[e]
	was := x.StatusID
	x.say(id, e, x.at(), rule)
	x.enter(Entry{Kind: EntryCommented, CommentID: id, ActorID: x.author})
	if was != x.StatusID {
		x.enter(Entry{Kind: EntryChanged, Field: StatusField, Via: access.ViaRule, CommentID: id, ActorID: x.author, From: string(was)})
	}
}

// enter adds an entry to the history.
func (x *course) enter(e Entry) {
	e.At = x.at()
	x.history = slices.Insert(x.history, 0, EntryView{Entry: e})
}

func (x *course) moveTo(to StatusType) {
	if to != x.StatusType && x.StatusType.MayBecome(to) {
		x.seen[fmt.Sprintf("%s to %s", x.StatusType, to)]++
		x.acts = append(x.acts, act{minute: x.now, to: to})
		x.move(to, x.at())
		x.enter(Entry{Kind: EntryChanged, Field: StatusField})
	}
}

// retractOne takes back a comment of the last 15 minutes, and the status that a rule set because of it.
func (x *course) retractOne() {
	var all []int
	for i, c := range x.said {
		if c.Effect != EffectUnheard && x.minute(c.SaidAt) >= x.now-15 {
			all = append(all, i)
		}
	}
	if len(all) == 0 {
		return
	}
	x.told() // the breaches recorded until now
	i := rapid.SampledFrom(all).Draw(x.rt, "which")
	c, before := x.said[i], x.changes
	x.said = slices.Delete(slices.Clone(x.said), i, i+1)
	x.acts = slices.DeleteFunc(x.acts, func(a act) bool { return a.id == c.ID })
	if undo, ok := UndoOf(c.ID, x.history); ok && c.Effect == EffectAsked && x.StatusType == Open {
		x.goBack(x.at())
		if x.StatusID != undo.StatusID {
			x.rt.Fatalf("the status goes back to %s instead of %s", undo.StatusID, x.StatusID)
		}
		x.enter(Entry{Kind: EntryChanged, Field: StatusField, Via: access.ViaRule, CommentID: c.ID, ActorID: c.AuthorID, From: "s-open"})
		x.seen["undone"]++
	}
	x.enter(Entry{Kind: EntryCommentDeleted, CommentID: c.ID, ActorID: c.AuthorID})
	x.retract(c, before, x.at())
	x.seen["retracted"]++
}

// voidOne voids a breach, if there is one.
func (x *course) voidOne() {
	broken := slices.DeleteFunc(sla.Replay(sla.EventsOf(x.entries)), func(c sla.Clock) bool { return c.BreachedAt.IsZero() })
	if len(broken) == 0 {
		return
	}
	c := rapid.SampledFrom(broken).Draw(x.rt, "breach")
	l := sla.OpenLedger(x.entries, x.schedules)
	if err := x.Void(l, sla.Void{Metric: c.Metric, Cycle: c.Cycle, Reason: "a mistake", Cause: sla.VoidRequested}, x.at()); err != nil {
		x.rt.Fatal(err)
	}
	x.store(l, x.at())
	x.voids[clockStart{c.Metric, x.minute(c.StartedAt)}] = true
	x.seen["voided"]++
}
