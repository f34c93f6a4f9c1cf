package notify_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

// notifyDesk is a case that an agent works on. It reports who was notified of what.
type notifyDesk struct {
	*desk.Case
	seen []domain.ID
}

func newNotifyDesk(t *testing.T) *notifyDesk {
	t.Helper()
	b := &notifyDesk{Case: &desk.Case{Desk: desk.New(t)}}
	b.TicketID = b.Open(desk.Customer, ticket.Patch{}).ID
	desk.Check(t, b.Change(desk.Admin, ticket.Patch{AssignedTo: b.MemberTo(desk.Agent)}))
	b.newlyNotified()
	return b
}

// logs returns all notification logs, newest first.
func (b *notifyDesk) logs() []notification.View {
	b.T.Helper()
	page := ports.Page{Number: 1, Size: 1000}
	return desk.Must(b.NotificationLogs.List(b.T.Context(), b.Actor(desk.Root), notification.Filter{}, page))(b.T).Items
}

// newlyNotified returns the notifications since its last call, as recipients with types; "!" marks logs of internal
// notes.
func (b *notifyDesk) newlyNotified() string {
	b.T.Helper()
	var out []string
	for _, l := range b.logs() {
		if slices.Contains(b.seen, l.ID) {
			continue
		}
		b.seen = append(b.seen, l.ID)
		s := l.Recipient + ":" + string(l.Type)
		if l.Internal {
			s += "!"
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func (b *notifyDesk) comment(as string, v ticket.Visibility, status ...string) error {
	return desk.Err(b.writeComment(nil, as, v, status...))
}

func (b *notifyDesk) writeComment(once *usecase.Idempotency, as string, v ticket.Visibility, status ...string) (ticket.CommentView, error) {
	d := ticket.CommentDraft{Body: domain.Some("secret words"), Visibility: domain.Some(string(v))}
	for _, code := range status {
		d.StatusID = b.StatusTo(code)
	}
	return b.Comments.Write(b.T.Context(), b.Actor(as), b.TicketID, d, once)
}

// setRole changes the role of a member.
func (b *notifyDesk) setRole(name, role string) {
	b.T.Helper()
	b.Edit(b.ID(name), desk.InRole(b.Role(role)))
}

// unassign leaves the ticket without an assignee, with agent2 as the active supervisor.
func (b *notifyDesk) unassign() {
	b.T.Helper()
	b.setRole(desk.Agent2, "supervisor")
	b.Edit(b.ID(desk.Agent2), desk.Superuser) // the role itself permits nothing
	b.setRole(desk.Leaver, "supervisor")
	desk.Check(b.T, b.Change(desk.Admin, ticket.Patch{AssignedTo: domain.Null[string]()}))
}

// setDueDate sets the due date of the ticket.
func (b *notifyDesk) setDueDate(in time.Duration) {
	b.T.Helper()
	desk.Check(b.T, b.Change(desk.Admin, ticket.Patch{DueDate: domain.Some(b.Now().Add(in))}))
}

// setDeadline sets the response deadline of the ticket.
func (b *notifyDesk) setDeadline(in time.Duration) {
	b.T.Helper()
	desk.Check(b.T, b.Change(desk.Admin, ticket.Patch{ResponseDeadline: domain.Some(b.Now().Add(in))}))
}

// notifyCase is something done at the desk, and who is to be notified of it.
type notifyCase struct {
	do   func(*notifyDesk) error
	want string
}

func (c notifyCase) run(t *testing.T, before ...func(*notifyDesk)) {
	t.Helper()
	b := newNotifyDesk(t)
	for _, prepare := range before {
		prepare(b)
	}
	b.newlyNotified()
	desk.Check(t, c.do(b))
	if got := b.newlyNotified(); got != c.want {
		t.Errorf("notified %q, want %q", got, c.want)
	}
}

// changing returns a change of the ticket.
func changing(as string, c func(*notifyDesk) ticket.Patch) func(*notifyDesk) error {
	return func(b *notifyDesk) error { return b.Change(as, c(b)) }
}

// commenting returns a comment on the ticket, with a status if one is named.
func commenting(as string, v ticket.Visibility, status ...string) func(*notifyDesk) error {
	return func(b *notifyDesk) error { return b.comment(as, v, status...) }
}

// opening returns the opening of another ticket.
func opening(as string, c func(*notifyDesk) ticket.Patch) func(*notifyDesk) error {
	return func(b *notifyDesk) error { b.Open(as, c(b)); return nil }
}

func toStatus(status string) func(*notifyDesk) ticket.Patch {
	return func(b *notifyDesk) ticket.Patch { return ticket.Patch{StatusID: b.StatusTo(status)} }
}

func assigned(name string) func(*notifyDesk) ticket.Patch {
	return func(b *notifyDesk) ticket.Patch { return ticket.Patch{AssignedTo: b.MemberTo(name)} }
}

// fixed returns a patch that does not depend on the desk.
func fixed(c ticket.Patch) func(*notifyDesk) ticket.Patch {
	return func(*notifyDesk) ticket.Patch { return c }
}
