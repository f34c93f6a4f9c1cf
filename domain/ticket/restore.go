package ticket

import (
	"strconv"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/text"
)

// The records of another system that are imported.
type (
	// StatusRecord is a status of another system.
	StatusRecord struct {
		Name        string
		Code        string
		Description string
		Weight      int
		StatusType  string
		IsDefault   bool
		IsActive    bool
		CreatedAt   time.Time
		UpdatedAt   time.Time
	}
	// PriorityRecord is a priority of another system.
	PriorityRecord struct {
		Name        string
		Code        string
		Description string
		Weight      int
		Color       string
		SLAHours    int // 0: none
		IsDefault   bool
		IsActive    bool
		CreatedAt   time.Time
		UpdatedAt   time.Time
	}
	// Record is a ticket of another system.
	Record struct {
		Number               string
		Title                string
		Description          string
		Menu                 string
		Status               string
		Priority             string
		CreatedFor           string
		AssignedTo           string
		CreatedBy            string
		ResponseDeadline     time.Time
		DueDate              time.Time
		FirstResponseAt      time.Time
		ResolvedAt           time.Time
		SLADueDate           time.Time
		SLABreached          bool
		IsEscalated          bool
		IsActive             bool
		CustomerSatisfaction *int
		CreatedAt            time.Time
		UpdatedAt            time.Time
	}
)

// RestoreStatus returns a status made from a record, with notes on what was changed.
func RestoreStatus(id domain.ID, r StatusRecord, now time.Time) (Status, domain.Notes) {
	var n domain.Notes
	s := Status{
		ID: id, IsDefault: r.IsDefault, StatusType: StatusType(strings.TrimSpace(r.StatusType)),
		Weight:    n.Within("weight", r.Weight, 0, MaxWeight),
		CreatedAt: domain.FirstTime(r.CreatedAt, r.UpdatedAt, now), UpdatedAt: domain.FirstTime(r.UpdatedAt, r.CreatedAt, now),
	}
	s.Name, s.Code, s.Description = restoredLabels(&n, id, r.Name, r.Code, r.Description, r.IsActive)
	s.NameKey = text.Key(s.Name)
	if !s.StatusType.Known() {
		n.Add("status_type: unknown; it became open", r.StatusType)
		s.StatusType = Open
	}
	s.OnReply = DefaultOnReply(s.StatusType)
	return s, n
}

// RestorePriority returns a priority made from a record, with notes on what was changed.
func RestorePriority(id domain.ID, r PriorityRecord, now time.Time) (Priority, domain.Notes) {
	var n domain.Notes
	p := Priority{
		ID: id, IsDefault: r.IsDefault, Weight: n.Within("weight", r.Weight, 0, MaxWeight), Color: strings.ToLower(strings.TrimSpace(r.Color)),
		SLAHours:  n.Within("sla_hours", r.SLAHours, 0, maxSLAHours),
		CreatedAt: domain.FirstTime(r.CreatedAt, r.UpdatedAt, now), UpdatedAt: domain.FirstTime(r.UpdatedAt, r.CreatedAt, now),
	}
	p.Name, p.Code, p.Description = restoredLabels(&n, id, r.Name, r.Code, r.Description, r.IsActive)
	p.NameKey = text.Key(p.Name)
	if !color.MatchString(p.Color) {
		n.Add("color: not #rrggbb; it became "+defaultColor, r.Color)
		p.Color = defaultColor
	}
	return p, n
}

func restoredLabels(n *domain.Notes, id domain.ID, name, code, description string, active bool) (string, string, string) {
	if !active {
		n.Add("inactive in the original: it can be chosen here", "")
	}
	name = n.Line("name", name, maxName)
	code = text.Upper(n.Or("code", n.Line("code", code, maxCode), codeSuffix(id)))
	return n.Or("name", name, code), code, n.Prose("description", description, maxDescription)
}

// codeSuffix returns a dash and the last 8 characters of an id, which are short enough for a code.
func codeSuffix(id domain.ID) string { return "-" + string(id[max(0, len(id)-8):]) }

func distinctName(name string, id domain.ID) string {
	return domain.Distinct(name, " "+string(id), maxName)
}

func distinctCode(code string, id domain.ID) string {
	return text.Upper(domain.Distinct(code, codeSuffix(id), maxCode))
}

// Distinguish makes the name or the code unique after the store reported that field as taken by another status.
func (s *Status) Distinguish(field string) {
	switch field {
	case "name":
		s.Name = distinctName(s.Name, s.ID)
		s.NameKey = text.Key(s.Name)
	case "code":
		s.Code = distinctCode(s.Code, s.ID)
	}
}

// Distinguish makes the name or the code unique after the store reported that field as taken by another priority.
func (x *Priority) Distinguish(field string) {
	switch field {
	case "name":
		x.Name = distinctName(x.Name, x.ID)
		x.NameKey = text.Key(x.Name)
	case "code":
		x.Code = distinctCode(x.Code, x.ID)
	}
}

// Referred is what the references of a record refer to; nil or "" if that does not exist.
type Referred struct {
	Status                            *Status
	Priority                          *Priority
	MenuID                            domain.ID
	CreatedFor, AssignedTo, CreatedBy domain.ID
	CreatedByName                     string
}

// Restore returns a ticket made from a record, as of now. The recorded times stay: a due time that differs from what the
// priority promises counts as set by hand, and so does one whose clock no longer runs. The ledger contains the promise of
// a first response, if it has a due time and is still owed. reason is why there is no ticket; "" if there is one.
func Restore(id domain.ID, r Record, to Referred, now time.Time) (v View, l *sla.Ledger, n domain.Notes, reason string) {
	number, refused := text.Line.Clean(r.Number)
	switch {
	case number == "" || refused != nil:
		return v, nil, nil, "it has no ticket number"
	case to.Status == nil:
		return v, nil, nil, "its status was not imported"
	case to.Priority == nil:
		return v, nil, nil, "its priority was not imported"
	}
	v = View{
		Ticket: Ticket{
			ID: id, Number: number, MenuID: to.MenuID, StatusID: to.Status.ID, PriorityID: to.Priority.ID,
			CreatedFor: to.CreatedFor, AssignedTo: to.AssignedTo, CreatedBy: to.CreatedBy,
			ResponseDeadline: domain.FirstTime(r.ResponseDeadline), DueDate: domain.FirstTime(r.DueDate),
			FirstResponseAt: domain.FirstTime(r.FirstResponseAt),
			ResolvedAt:      domain.FirstTime(r.ResolvedAt), SLADueDate: domain.FirstTime(r.SLADueDate), SLABreached: r.SLABreached,
			IsEscalated: r.IsEscalated,
			CreatedAt:   domain.FirstTime(r.CreatedAt, r.UpdatedAt, now), UpdatedAt: domain.FirstTime(r.UpdatedAt, r.CreatedAt, now),
		},
		Names: Names{
			StatusName: to.Status.Name, StatusType: to.Status.StatusType, StatusWeight: to.Status.Weight,
			AutoCloseDays: to.Status.AutoCloseDays,
			PriorityName:  to.Priority.Name, PriorityWeight: to.Priority.Weight, CreatedByName: to.CreatedByName,
		},
	}
	v.Title = n.Or("title", n.Line("title", r.Title, maxTitle), number)
	v.Description = n.Or("description", n.Prose("description", r.Description, maxBody), v.Title)
	v.noteLostReferences(&n, r)
	v.restoreRating(&n, r.CustomerSatisfaction)
	l = v.restoreTimes(&n, to.Priority.SLAHours, r, now)
	return v, l, n, ""
}

// noteLostReferences adds a note for each reference that refers to nothing.
func (v *View) noteLostReferences(n *domain.Notes, r Record) {
	for _, x := range []struct {
		field, was string
		is         domain.ID
	}{
		{"menu_id", r.Menu, v.MenuID},
		{"created_for_id", r.CreatedFor, v.CreatedFor},
		{"assigned_to_id", r.AssignedTo, v.AssignedTo},
		{"created_by_id", r.CreatedBy, v.CreatedBy},
	} {
		if x.was != "" && x.is == "" {
			n.Add(x.field+": what it refers to was not imported; it is empty", x.was)
		}
	}
}

func (v *View) restoreRating(n *domain.Notes, rating *int) {
	switch {
	case rating == nil:
	case *rating < 1 || *rating > 5:
		n.Add("customer_satisfaction: not from 1 to 5; it is empty", strconv.Itoa(*rating))
	case !v.StatusType.Done():
		n.Add("customer_satisfaction: the ticket is neither resolved nor closed; it is empty", strconv.Itoa(*rating))
	default:
		v.CustomerSatisfaction = *rating
	}
}

// restoreTimes derives the state of the ticket and its ledger from the recorded times. UpdatedAt stays: passing time does
// not count as a change.
func (v *View) restoreTimes(n *domain.Notes, hours int, r Record, now time.Time) *sla.Ledger {
	if v.StatusType.Done() && v.FirstResponseAt.IsZero() {
		v.FirstResponseAt = domain.FirstTime(v.ResolvedAt, v.UpdatedAt)
		n.Add("first_response_at: there was none; resolving it counts as the first response", "")
	}
	running := v.FirstResponseAt.IsZero() && v.StatusType.Active()
	promised := sla.Due(v.CreatedAt, hours)
	v.SLAByHand = !v.SLADueDate.IsZero() && (!running || !v.SLADueDate.Equal(promised))
	l := sla.NewLedger(nil, func(domain.ID) *sla.Schedule { return sla.AlwaysOpenSchedule() })
	updated := v.UpdatedAt
	if running && !v.SLADueDate.IsZero() {
		v.startClock(l, hours)
		l.RecordDue(now)
		v.updateFrom(l, now)
	}
	v.RecomputeUrgency(now)
	v.UpdatedAt = updated
	if v.SLABreached && !r.SLABreached {
		n.Add("sla_breached: the due time is past; it is breached", "")
	}
	if !r.IsActive {
		n.Add("inactive in the original: it is deleted", "")
		v.DeletedAt = updated
	}
	return l
}

// startClock starts the clock of the first response as it was promised, and pauses it if the ticket is pending.
func (v View) startClock(l *sla.Ledger, hours int) {
	opened := sla.TicketState{Opened: v.CreatedAt}
	terms := sla.TermsFor(nil, v.PriorityID, v.MenuID, hours)
	if v.SLAByHand {
		l.SetDue(terms, opened, v.SLADueDate, v.CreatedAt)
	} else {
		l.Begin(terms, opened, v.CreatedAt)
	}
	l.Moved(v.StatusType, v.UpdatedAt)
}

// ParseNumber returns the day (YYYYMMDD) and the count of a ticket number of the form that NumberOf returns; ok is false for
// any other number. The count may have any number of digits.
func ParseNumber(number string) (day string, n int, ok bool) {
	rest, ours := strings.CutPrefix(number, "TKT-")
	day, count, both := strings.Cut(rest, "-")
	if !ours || !both || len(day) != 8 || strings.Trim(day+count, "0123456789") != "" {
		return "", 0, false
	}
	n, err := strconv.Atoi(count)
	return day, n, err == nil
}
