package ticket

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// EntryKind says what happened to a ticket.
type EntryKind string

// The kinds of entries, as clients name them.
const (
	EntryCreated        EntryKind = "created"
	EntryChanged        EntryKind = "changed" // of a field
	EntryDeleted        EntryKind = "deleted"
	EntryCommented      EntryKind = "commented"
	EntryCommentEdited  EntryKind = "comment_edited"
	EntryCommentDeleted EntryKind = "comment_deleted"

	EntryWarned   EntryKind = "sla_warning"  // Field is the metric, To when it was due
	EntryBreached EntryKind = "sla_breached" // Field is the metric, To when it was due
)

// Cause is who changed something, by which way and when.
type Cause struct {
	Actor domain.ID // "" where the service itself did
	Via   access.Via
	At    time.Time
}

// CausedBy returns the cause of what an actor changes at a moment; the zero actor is the service itself. It fails if the
// actor did not say by which way it came: the record of a ticket must not say that a person came by no way.
func CausedBy(actor access.Actor, at time.Time) (Cause, error) {
	switch {
	case actor.ID == "":
		return Cause{Via: access.ViaJob, At: at}, nil
	case actor.Via == "":
		return Cause{}, fmt.Errorf("a change by the account %s, whose way in is not known", actor.ID)
	}
	return Cause{Actor: actor.ID, Via: actor.Via, At: at}, nil
}

// Entry is one thing that happened to a ticket, as it is kept for ever. What changed is text: ids as they are, times
// as RFC 3339 in UTC, "" where the value is unset.
type Entry struct {
	ID        domain.ID
	TicketID  domain.ID
	At        time.Time
	ActorID   domain.ID // "" where the service itself did it
	Via       access.Via
	Kind      EntryKind
	Field     string // of EntryChanged; as clients name it
	From      string
	To        string
	FromName  string    // of a reference: what it was called then
	ToName    string    // of a reference
	CommentID domain.ID // of entries about a comment
	Internal  bool      // about an internal note: only for those who see every ticket
}

// Names says whether what changed was, or became, a reference to an account.
func (e Entry) Names(account domain.ID) bool {
	return (e.Field == "createdFor" || e.Field == "assignedTo") && (e.From == string(account) || e.To == string(account))
}

// EntryView is an entry with the name of who caused it.
type EntryView struct {
	Entry
	Actor string
}

// StatusField is the Field of an entry about the status.
const StatusField = "status"

// fact is a field of a ticket that history keeps.
type fact struct {
	field string
	value func(View) string
	name  func(View) string // of a reference
	time  bool              // value is a time
}

// facts are all that history keeps of a ticket, in the order in which clients see them; the number and who created it
// never change.
var facts = []fact{
	{"title", func(v View) string { return v.Title }, nil, false},
	{"description", func(v View) string { return v.Description }, nil, false},
	{"menu", func(v View) string { return string(v.MenuID) }, func(v View) string { return v.MenuName }, false},
	{StatusField, func(v View) string { return string(v.StatusID) }, func(v View) string { return v.StatusName }, false},
	{"priority", func(v View) string { return string(v.PriorityID) }, func(v View) string { return v.PriorityName }, false},
	{"createdFor", func(v View) string { return string(v.CreatedFor) }, func(v View) string { return v.CreatedForName }, false},
	{"assignedTo", func(v View) string { return string(v.AssignedTo) }, func(v View) string { return v.AssignedToName }, false},
	timeFact("responseDeadline", func(v View) time.Time { return v.ResponseDeadline }),
	timeFact("dueDate", func(v View) time.Time { return v.DueDate }),
	timeFact("firstResponseAt", func(v View) time.Time { return v.FirstResponseAt }),
	timeFact("resolvedAt", func(v View) time.Time { return v.ResolvedAt }),
	timeFact("slaDueDate", func(v View) time.Time { return v.SLADueDate }),
	{"slaBreached", func(v View) string { return strconv.FormatBool(v.SLABreached) }, nil, false},
	{"isEscalated", func(v View) string { return strconv.FormatBool(v.IsEscalated) }, nil, false},
	{"customerSatisfaction", func(v View) string {
		if v.CustomerSatisfaction == 0 {
			return ""
		}
		return strconv.Itoa(v.CustomerSatisfaction)
	}, nil, false},
}

// differ says whether two views of a ticket differ in anything that history keeps.
func differ(a, b View) bool {
	return slices.ContainsFunc(facts, func(f fact) bool { return f.value(a) != f.value(b) })
}

func timeFact(field string, of func(View) time.Time) fact {
	return fact{field: field, time: true, value: func(v View) string {
		t := of(v)
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339Nano)
	}}
}

// ShowValue returns From or To of an entry as clients see it: a time in a zone, everything else as it is.
func (e Entry) ShowValue(value string, zone *time.Location) string {
	if !e.holdsTimes() {
		return value
	}
	t, err := time.Parse(time.RFC3339Nano, value)
	if err != nil {
		return value
	}
	return domain.FormatTime(t, zone)
}

// holdsTimes reports whether From and To are times: what a field of time was, or when a clock was due.
func (e Entry) holdsTimes() bool {
	return e.Kind == EntryWarned || e.Kind == EntryBreached ||
		slices.ContainsFunc(facts, func(f fact) bool { return f.time && f.field == e.Field })
}

// History gives the entries of a change: one for each field that before and after differ in. A before without an ID is
// a new ticket, which is one entry: what a field was then is what its first change came from.
func History(before, after View, by Cause, next func() domain.ID) []Entry {
	var out []Entry
	add := func(e Entry) {
		e.ID, e.TicketID, e.At, e.ActorID, e.Via = next(), after.ID, by.At, by.Actor, by.Via
		out = append(out, e)
	}
	if before.ID == "" {
		add(Entry{Kind: EntryCreated, To: after.Number})
		return out
	}
	for _, f := range facts {
		e := Entry{Kind: EntryChanged, Field: f.field, From: f.value(before), To: f.value(after)}
		if e.From == e.To {
			continue
		}
		if f.name != nil {
			e.FromName, e.ToName = f.name(before), f.name(after)
		}
		add(e)
	}
	if before.DeletedAt.IsZero() && !after.DeletedAt.IsZero() {
		add(Entry{Kind: EntryDeleted})
	}
	return out
}

// CommentHistory gives the entry of what was done with a comment. What it said before stays out: whoever takes a word
// back in time takes it back.
func CommentHistory(c Comment, kind EntryKind, by Cause, id domain.ID) Entry {
	return Entry{
		ID: id, TicketID: c.TicketID, At: by.At, ActorID: by.Actor, Via: by.Via, Kind: kind,
		CommentID: c.ID, Internal: c.Visibility == Internal,
	}
}

// LoseMenu takes the menu from the ticket, because the menu is removed.
func (t *Ticket) LoseMenu() { t.MenuID = "" }

// MenuLost gives the entry of a ticket whose menu is removed.
func MenuLost(id, of, menu domain.ID, name string, by Cause) Entry {
	return Entry{
		ID: id, TicketID: of, At: by.At, ActorID: by.Actor, Via: by.Via, Kind: EntryChanged, Field: "menu", From: string(menu), FromName: name,
	}
}
