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

// bell is a case that an agent works on. It reports who was told what.
type bell struct {
	*desk.Case
	heard []domain.ID
}

func newBell(t *testing.T) *bell {
	t.Helper()
	b := &bell{Case: &desk.Case{Desk: desk.New(t)}}
	b.TicketID = b.Open(desk.Admin, ticket.Change{CreatedFor: b.MemberTo(desk.Customer), AssignedTo: b.MemberTo(desk.Agent)}).ID
	b.rings()
	return b
}

// logs are all that the service has said, the newest first.
func (b *bell) logs() []notification.View {
	b.T.Helper()
	page := ports.Page{Number: 1, Size: 1000}
	return desk.Must(b.NotificationLogs.List(b.T.Context(), b.Actor(desk.Root), notification.Filter{}, page))(b.T).Items
}

// rings returns what was said since it was last asked: who was told by which type, "!" where only the desk may know.
func (b *bell) rings() string {
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

func (b *bell) say(as string, v ticket.Visibility, status ...string) error {
	return desk.Err(b.write(nil, as, v, status...))
}

func (b *bell) write(once *usecase.Once, as string, v ticket.Visibility, status ...string) (ticket.CommentView, error) {
	d := ticket.CommentDraft{Body: domain.To("secret words"), Visibility: domain.To(string(v))}
	for _, code := range status {
		d.StatusID = b.StatusTo(code)
	}
	return b.Comments.Write(b.T.Context(), b.Actor(as), b.TicketID, d, once)
}

// move puts a member into another role.
func (b *bell) move(name, role string) {
	b.T.Helper()
	b.Edit(b.ID(name), desk.InRole(b.Role(role)))
}

// leave leaves the ticket to nobody, and agent2 in charge of such tickets.
func (b *bell) leave() {
	b.T.Helper()
	b.move(desk.Agent2, "supervisor")
	b.Edit(b.ID(desk.Agent2), desk.Superuser) // the role may do nothing by itself
	b.move(desk.Leaver, "supervisor")
	desk.Check(b.T, b.Change(desk.Admin, ticket.Change{AssignedTo: domain.Cleared[string]()}))
}

// due gives the ticket a due date.
func (b *bell) due(in time.Duration) {
	b.T.Helper()
	desk.Check(b.T, b.Change(desk.Admin, ticket.Change{DueDate: domain.To(b.Now().Add(in))}))
}

// telling is what is done at the desk and who is told of it.
type telling struct {
	do   func(*bell) error
	told string
}

func (c telling) run(t *testing.T, before ...func(*bell)) {
	t.Helper()
	b := newBell(t)
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
func altering(as string, c func(*bell) ticket.Change) func(*bell) error {
	return func(b *bell) error { return b.Change(as, c(b)) }
}

// saying is a comment on the bell's ticket, with a status where one is named.
func saying(as string, v ticket.Visibility, status ...string) func(*bell) error {
	return func(b *bell) error { return b.say(as, v, status...) }
}

// opening opens another ticket.
func opening(as string, c func(*bell) ticket.Change) func(*bell) error {
	return func(b *bell) error { b.Open(as, c(b)); return nil }
}

func toStatus(status string) func(*bell) ticket.Change {
	return func(b *bell) ticket.Change { return ticket.Change{StatusID: b.StatusTo(status)} }
}

func assigned(name string) func(*bell) ticket.Change {
	return func(b *bell) ticket.Change { return ticket.Change{AssignedTo: b.MemberTo(name)} }
}

func simply(c ticket.Change) func(*bell) ticket.Change {
	return func(*bell) ticket.Change { return c }
}
