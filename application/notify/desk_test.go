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

// notifyDesk is a case that an agent works on. It reports who was told what.
type notifyDesk struct {
	*desk.Case
	heard []domain.ID
}

func newNotifyDesk(t *testing.T) *notifyDesk {
	t.Helper()
	b := &notifyDesk{Case: &desk.Case{Desk: desk.New(t)}}
	b.TicketID = b.Open(desk.Admin, ticket.Patch{CreatedFor: b.MemberTo(desk.Customer), AssignedTo: b.MemberTo(desk.Agent)}).ID
	b.rings()
	return b
}

// logs are all that the service has said, the newest first.
func (b *notifyDesk) logs() []notification.View {
	b.T.Helper()
	page := ports.Page{Number: 1, Size: 1000}
	return desk.Must(b.NotificationLogs.List(b.T.Context(), b.Actor(desk.Root), notification.Filter{}, page))(b.T).Items
}

// rings returns what was said since it was last asked: who was told by which type, "!" where only the desk may know.
func (b *notifyDesk) rings() string {
	b.T.Helper()
	var out []string
	for _, l := range b.logs() {
		if slices.Contains(b.heard, l.ID) {
			continue
		}
		b.heard = append(b.heard, l.ID)
		s := l.Recipient + ":" + string(l.Type)
		if l.Internal {
			s += "!"
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func (b *notifyDesk) say(as string, v ticket.Visibility, status ...string) error {
	return desk.Err(b.write(nil, as, v, status...))
}

func (b *notifyDesk) write(once *usecase.Idempotency, as string, v ticket.Visibility, status ...string) (ticket.CommentView, error) {
	d := ticket.CommentDraft{Body: domain.Some("secret words"), Visibility: domain.Some(string(v))}
	for _, code := range status {
		d.StatusID = b.StatusTo(code)
	}
	return b.Comments.Write(b.T.Context(), b.Actor(as), b.TicketID, d, once)
}

// move puts a member into another role.
func (b *notifyDesk) move(name, role string) {
	b.T.Helper()
	b.Edit(b.ID(name), desk.InRole(b.Role(role)))
}

// leave leaves the ticket to nobody, and agent2 in charge of such tickets.
func (b *notifyDesk) leave() {
	b.T.Helper()
	b.move(desk.Agent2, "supervisor")
	b.Edit(b.ID(desk.Agent2), desk.Superuser) // the role may do nothing by itself
	b.move(desk.Leaver, "supervisor")
	desk.Check(b.T, b.Change(desk.Admin, ticket.Patch{AssignedTo: domain.Null[string]()}))
}

// due gives the ticket a due date.
func (b *notifyDesk) due(in time.Duration) {
	b.T.Helper()
	desk.Check(b.T, b.Change(desk.Admin, ticket.Patch{DueDate: domain.Some(b.Now().Add(in))}))
}

// telling is what is done at the desk and who is told of it.
type telling struct {
	do   func(*notifyDesk) error
	told string
}

func (c telling) run(t *testing.T, before ...func(*notifyDesk)) {
	t.Helper()
	b := newNotifyDesk(t)
	for _, prepare := range before {
		prepare(b)
	}
	b.rings()
	desk.Check(t, c.do(b))
	if got := b.rings(); got != c.told {
		t.Errorf("told %q, want %q", got, c.told)
	}
}

// altering is a change of the bell's ticket.
func altering(as string, c func(*notifyDesk) ticket.Patch) func(*notifyDesk) error {
	return func(b *notifyDesk) error { return b.Change(as, c(b)) }
}

// saying is a comment on the bell's ticket, with a status where one is named.
func saying(as string, v ticket.Visibility, status ...string) func(*notifyDesk) error {
	return func(b *notifyDesk) error { return b.say(as, v, status...) }
}

// opening opens another ticket.
func opening(as string, c func(*notifyDesk) ticket.Patch) func(*notifyDesk) error {
	return func(b *notifyDesk) error { b.Open(as, c(b)); return nil }
}

func toStatus(status string) func(*notifyDesk) ticket.Patch {
	return func(b *notifyDesk) ticket.Patch { return ticket.Patch{StatusID: b.StatusTo(status)} }
}

func assigned(name string) func(*notifyDesk) ticket.Patch {
	return func(b *notifyDesk) ticket.Patch { return ticket.Patch{AssignedTo: b.MemberTo(name)} }
}

func simply(c ticket.Patch) func(*notifyDesk) ticket.Patch {
	return func(*notifyDesk) ticket.Patch { return c }
}
