package ticket

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// EntryKind is the kind of a history entry.
type EntryKind string

// The kinds of entries, as clients name them.
const (
	EntryCreated        EntryKind = "created"
	EntryChanged        EntryKind = "changed" // a field changed
	EntryDeleted        EntryKind = "deleted"
	EntryCommented      EntryKind = "commented"
	EntryCommentEdited  EntryKind = "comment_edited"
	EntryCommentDeleted EntryKind = "comment_deleted"

	EntryWarned   EntryKind = "sla_warning"  // Field is the metric, To the time at which the warning was due
	EntryBreached EntryKind = "sla_breached" // Field is the metric, To the time at which the breach was due
	EntryVoided   EntryKind = "sla_voided"   // Field is the metric, From the time at which the breach was due
)

// Cause is who changed something, in which way (Via) and when.
type Cause struct {
	Actor domain.ID // "" if it was the service itself
	Via   access.Via
	At    time.Time
}

// CausedBy returns the cause of a change by an actor at a time; an actor without an id is the service itself. It fails if
// an account has no Via: the history must name it.
func CausedBy(actor access.Actor, at time.Time) (Cause, error) {
	switch {
	case actor.ID == "":
		return Cause{Via: access.ViaJob, At: at}, nil
	case actor.Via == "":
		return Cause{}, fmt.Errorf("change by account %s: the actor has no Via", actor.ID)
	}
	return Cause{Actor: actor.ID, Via: actor.Via, At: at}, nil
}

// Entry is one thing that happened to a ticket. It is stored permanently. The values are text: ids as they are, times as
// RFC 3339 in UTC, "" for an unset value.
type Entry struct {
	ID        domain.ID
	TicketID  domain.ID
	At        time.Time
	ActorID   domain.ID // "" if it was the service itself
	Via       access.Via
	Kind      EntryKind
	Field     string // of EntryChanged: the JSON name; of EntryWarned, EntryBreached and EntryVoided: the metric
	From      string
	To        string
	FromName  string    // of a reference: its name at the time of the change
	ToName    string    // of a reference: its name at the time of the change
	CommentID domain.ID // of entries about a comment
	Internal  bool      // about an internal note: only for actors that see all tickets
}

// Names reports whether the entry is about a field that referred to the account before or after the change.
func (e Entry) Names(account domain.ID) bool {
	return (e.Field == "createdFor" || e.Field == "assignedTo") && (e.From == string(account) || e.To == string(account))
}

// EntryView is an entry with the name of its actor.
type EntryView struct {
	Entry
	Actor string
}

// StatusField is the Field of an entry about the status.
const StatusField = "status"

// TitleField is the Field of an entry about the title.
const TitleField = "title"

// menuField is the Field of an entry about the menu.
const menuField = "menu"

// historyField is a field of a ticket whose changes are in the history.
type historyField struct {
	field string // the JSON name
	value func(View) string
	name  func(View) string // of a reference; otherwise nil
	time  bool              // value is a time
}

// historyFields is every field whose changes are in the history, in the order of the entries of one change. The number
// and the creator never change.
var historyFields = []historyField{
	{TitleField, func(v View) string { return v.Title }, nil, false},
	{"description", func(v View) string { return v.Description }, nil, false},
	{menuField, func(v View) string { return string(v.MenuID) }, func(v View) string { return v.MenuName }, false},
	{StatusField, func(v View) string { return string(v.StatusID) }, func(v View) string { return v.StatusName }, false},
	{"priority", func(v View) string { return string(v.PriorityID) }, func(v View) string { return v.PriorityName }, false},
	{"createdFor", func(v View) string { return string(v.CreatedFor) }, func(v View) string { return v.CreatedForName }, false},
	{"assignedTo", func(v View) string { return string(v.AssignedTo) }, func(v View) string { return v.AssignedToName }, false},
	timeField("responseDeadline", func(v View) time.Time { return v.ResponseDeadline }),
	timeField("dueDate", func(v View) time.Time { return v.DueDate }),
	timeField("firstResponseAt", func(v View) time.Time { return v.FirstResponseAt }),
	timeField("resolvedAt", func(v View) time.Time { return v.ResolvedAt }),
	timeField("slaDueDate", func(v View) time.Time { return v.SLADueDate }),
	{"slaBreached", func(v View) string { return strconv.FormatBool(v.SLABreached) }, nil, false},
	{"isEscalated", func(v View) string { return strconv.FormatBool(v.IsEscalated) }, nil, false},
	{"customerSatisfaction", func(v View) string {
		if v.CustomerSatisfaction == 0 {
			return ""
		}
		return strconv.Itoa(v.CustomerSatisfaction)
	}, nil, false},
}

// differ reports whether two views of a ticket differ in a field whose changes are in the history.
func differ(a, b View) bool {
	return slices.ContainsFunc(historyFields, func(f historyField) bool { return f.value(a) != f.value(b) })
}

func timeField(field string, value func(View) time.Time) historyField {
	return historyField{field: field, time: true, value: func(v View) string {
		t := value(v)
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339Nano)
	}}
}

// ShowValue formats From or To of the entry for clients: a time in the zone, any other value unchanged.
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

// holdsTimes reports whether From and To are times: the values of a time field, or when a clock was due.
func (e Entry) holdsTimes() bool {
	return e.Kind == EntryWarned || e.Kind == EntryBreached || e.Kind == EntryVoided ||
		slices.ContainsFunc(historyFields, func(f historyField) bool { return f.time && f.field == e.Field })
}

// History returns the entries of a change, one for each field that differs between before and after. A new ticket, for
// which before has no ID, is a single entry: its fields can be read from the From of their first changes.
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
	for _, f := range historyFields {
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

// CommentHistory returns the entry of a change of a comment. It does not contain the text, so that an author can really
// take it back.
func CommentHistory(c Comment, kind EntryKind, by Cause, id domain.ID) Entry {
	return Entry{
		ID: id, TicketID: c.TicketID, At: by.At, ActorID: by.Actor, Via: by.Via, Kind: kind,
		CommentID: c.ID, Internal: c.Visibility == Internal,
	}
}

// LoseMenu clears the menu of the ticket, because the menu is removed.
func (t *Ticket) LoseMenu() { t.MenuID = "" }

// MenuLost returns the entry of a ticket whose menu is removed.
func MenuLost(id, ticketID, menu domain.ID, name string, by Cause) Entry {
	return Entry{
		ID: id, TicketID: ticketID, At: by.At, ActorID: by.Actor, Via: by.Via, Kind: EntryChanged, Field: menuField, From: string(menu),
		FromName: name,
	}
}
