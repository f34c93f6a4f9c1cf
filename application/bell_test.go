package application_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
	fixture "tickt/test/desk"
)

// bell is a desk with a ticket of a customer that an agent works on, and tells whom it has told what.
type bell struct {
	*fixture.Desk
	t     *testing.T
	id    domain.ID // of the ticket
	heard []domain.ID
}

func newBell(t *testing.T) *bell {
	b := &bell{Desk: fixture.New(t), t: t}
	b.id = b.Open(fixture.Admin, ticket.Change{CreatedFor: b.named(fixture.Customer), AssignedTo: b.named(fixture.Agent)}).ID
	b.rings()
	return b
}

func (b *bell) named(name string) domain.Change[string] { return domain.To(string(b.ID(name))) }

func (b *bell) status(code string) domain.Change[string] {
	return domain.To(string(b.Status(code).ID))
}

func (b *bell) priority(code string) domain.Change[string] {
	return domain.To(string(b.Priority(code).ID))
}

// logs are all that the service has said, the newest first.
func (b *bell) logs() []notification.View {
	b.t.Helper()
	page := ports.Page{Number: 1, Size: 1000}
	return must[usecase.List[notification.View]](b.t)(b.NotificationLogs.List(b.t.Context(), b.Actor(fixture.Root), notification.Filter{}, page)).Items
}

// rings gives what was said since it was last asked: who was told by which type, "!" where only the desk may know.
func (b *bell) rings() string {
	b.t.Helper()
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

func (b *bell) change(as string, c ticket.Change) error {
	_, err := b.Tickets.Change(b.t.Context(), b.Actor(as), b.id, c, nil)
	return err
}

func (b *bell) say(as string, v ticket.Visibility, status ...string) error {
	return second(b.write(nil, as, v, status...))
}

func (b *bell) write(once *usecase.Once, as string, v ticket.Visibility, status ...string) (ticket.CommentView, error) {
	d := ticket.CommentDraft{Body: domain.To("secret words"), Visibility: domain.To(string(v))}
	for _, code := range status {
		d.StatusID = b.status(code)
	}
	return b.Comments.Write(b.t.Context(), b.Actor(as), b.id, d, once)
}

func second[T any](_ T, err error) error { return err }

// move puts a member into another role.
func (b *bell) move(name, role string) {
	b.t.Helper()
	id := b.Role(role)
	b.edit(name, func(a *account.Account) { a.RoleID = id })
}

// leave leaves the ticket to nobody, and agent2 in charge of such tickets.
func (b *bell) leave() {
	b.t.Helper()
	b.move(fixture.Agent2, "supervisor")
	b.edit(fixture.Agent2, func(a *account.Account) { a.IsSuperuser = true }) // the role may do nothing by itself
	b.move(fixture.Leaver, "supervisor")
	check(b.t, b.change(fixture.Admin, ticket.Change{AssignedTo: domain.Cleared[string]()}))
}

// due gives the ticket a due date.
func (b *bell) due(in time.Duration) {
	b.t.Helper()
	check(b.t, b.change(fixture.Admin, ticket.Change{DueDate: domain.To(b.Now().Add(in))}))
}

func (b *bell) edit(name string, change func(*account.Account)) {
	b.t.Helper()
	b.Update(func(ctx context.Context, tx ports.Tx) error {
		a, err := tx.Accounts.Lock(ctx, b.ID(name))
		if err != nil {
			return err
		}
		change(&a)
		return tx.Accounts.Save(ctx, a)
	})
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
	check(t, c.do(b))
	if got := b.rings(); got != c.told {
		t.Errorf("told %q, want %q", got, c.told)
	}
}

// altering is a change of the bell's ticket.
func altering(as string, c func(*bell) ticket.Change) func(*bell) error {
	return func(b *bell) error { return b.change(as, c(b)) }
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
	return func(b *bell) ticket.Change { return ticket.Change{StatusID: b.status(status)} }
}

func assigned(name string) func(*bell) ticket.Change {
	return func(b *bell) ticket.Change { return ticket.Change{AssignedTo: b.named(name)} }
}

func simply(c ticket.Change) func(*bell) ticket.Change {
	return func(*bell) ticket.Change { return c }
}
