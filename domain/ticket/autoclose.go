package ticket

import (
	"time"

	"tickt/domain"
)

const (
	maxAutoCloseDays = 365
	day              = 24 * time.Hour
)

// setAutoCloseDays sets after how many days tickets are closed, which only a resolved status can do.
func (s *Status) setAutoCloseDays(p *domain.Problems, wanted domain.Optional[int]) {
	s.AutoCloseDays = wanted.Or(s.AutoCloseDays)
	switch {
	case p.Has("autoCloseDays"):
	case wanted.Given() && (s.AutoCloseDays < 1 || s.AutoCloseDays > maxAutoCloseDays):
		p.Add("autoCloseDays", domain.CodeRangeOrNull, domain.Params{"label": domain.TermAutoClose, "least": 1, "most": maxAutoCloseDays})
	case s.AutoCloseDays != 0 && s.StatusType != Resolved && !p.Has("statusType"):
		p.Add("autoCloseDays", domain.CodeAutoCloseType)
	}
}

// closeAt returns when the ticket must be closed: the days of its status after the later of its resolution and the last
// public comment; zero if it must not. The last public comment is known only of a ticket that was locked; without it the
// time may be too early.
func (v View) closeAt() time.Time {
	if v.StatusType != Resolved || v.AutoCloseDays == 0 {
		return time.Time{}
	}
	from := v.ResolvedAt
	if from.IsZero() { // as in another system, from which it was imported
		from = v.UpdatedAt
	}
	if v.LastPublicAt.After(from) {
		from = v.LastPublicAt
	}
	return from.Add(time.Duration(v.AutoCloseDays) * day)
}

// ScheduleClosing computes AutoCloseAt. It reports whether that changed.
func (v *View) ScheduleClosing() bool {
	was := v.AutoCloseAt
	v.AutoCloseAt = v.closeAt()
	return !was.Equal(v.AutoCloseAt)
}

// AutoClose closes a ticket that was locked, if it is time, and reports whether it did. to is a status of type closed. If it
// is not time, it only computes AutoCloseAt.
func (v *View) AutoClose(to Status, now time.Time) bool {
	if v.ScheduleClosing(); v.AutoCloseAt.IsZero() || v.AutoCloseAt.After(now) {
		return false
	}
	v.setStatus(to)
	v.UpdatedAt = now
	v.RecomputeUrgency(now)
	return true
}

// InStatus returns the ticket with another status, without what follows from it.
func (t Ticket) InStatus(status domain.ID) Ticket {
	t.StatusID = status
	return t
}

// said records that there is a public comment of a time.
func (v *View) said(at time.Time) {
	if v.AutoCloseDays > 0 && at.After(v.LastPublicAt) {
		v.LastPublicAt = at
	}
	v.ScheduleClosing()
}

// Unsay records that a public comment is none any more. The sweep then finds out when the ticket must be closed: the comment
// before it is not known here.
func (v *View) Unsay() {
	v.LastPublicAt = time.Time{}
	v.ScheduleClosing()
}
