package setup_test

import (
	"fmt"
	"slices"
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

// firstDay is a freshly seeded desk with a superuser, who created one account of each of the other roles.
type firstDay struct {
	*desk.Desk
	ids map[string]domain.ID
}

func newFirstDay(t *testing.T) *firstDay {
	d := &firstDay{desk.Seeded(t), map[string]domain.ID{}}
	d.AddAccount("root", desk.Superuser)
	for i, name := range []string{"supervisor", "agent", "customer"} {
		made := desk.Must(d.Accounts.Create(t.Context(), d.Actor("root"), account.Patch{
			Username: domain.Some(name), Email: domain.Some(name + "@example.org"), Phone: domain.Some(fmt.Sprintf("984100000%d", i)),
			Password: domain.Some(desk.Password), RoleID: domain.Some(string(d.Role(name))),
		}, nil))(t)
		d.ids[name] = made.ID
	}
	return d
}

// people returns the user names that an account finds.
func (d *firstDay) people(name string, purpose ports.Purpose) (names []string) {
	d.T.Helper()
	found, _, err := d.People.List(d.T.Context(), d.Actor(name), ports.PeopleFilter{For: purpose}, ports.MaxPeople)
	desk.Check(d.T, err)
	for _, p := range found {
		names = append(names, p.Username)
	}
	return names
}

func (d *firstDay) change(name string, id domain.ID, c ticket.Patch) ticket.View {
	d.T.Helper()
	return desk.Must(d.Tickets.Update(d.T.Context(), d.Actor(name), id, c, nil))(d.T)
}

func (d *firstDay) comment(name string, id domain.ID, draft ticket.CommentDraft) {
	d.T.Helper()
	desk.Check(d.T, desk.Err(d.Comments.Write(d.T.Context(), d.Actor(name), id, draft, nil)))
}

func TestPeopleOfEveryRoleDoTheirWorkOnAFreshDesk(t *testing.T) {
	d, ctx := newFirstDay(t), t.Context()
	for name := range d.ids {
		page := ports.Page{Number: 1, Size: 10}
		statuses := desk.Must(d.Statuses.List(ctx, d.Actor(name), page))(t)
		priorities := desk.Must(d.Priorities.List(ctx, d.Actor(name), page))(t)
		menus := desk.Must(d.Menus.ForTickets(ctx, d.Actor(name)))(t)
		if statuses.Count != 6 || priorities.Count != 4 || len(menus) != 15 {
			t.Errorf("%s sees %d statuses, %d priorities and %d menus", name, statuses.Count, priorities.Count, len(menus))
		}
		status, priority := statuses.Items[0], priorities.Items[0]
		desk.Check(t, desk.Err(d.Statuses.Get(ctx, d.Actor(name), status.ID)))
		desk.Check(t, desk.Err(d.Priorities.Get(ctx, d.Actor(name), priority.ID)))
		desk.Kind(t, desk.Err(d.Statuses.Create(ctx, d.Actor(name), ticket.StatusPatch{}, nil)), domain.Forbidden)
		desk.Kind(t, d.Priorities.Delete(ctx, d.Actor(name), priority.ID, nil), domain.Forbidden)
		desk.Kind(t, desk.Err(d.Accounts.Create(ctx, d.Actor(name), account.Patch{}, nil)), domain.Forbidden)
	}

	// The customer opens a ticket, and does not know anyone else yet.
	if got := d.people("customer", ""); !slices.Equal(got, []string{"customer"}) {
		t.Errorf("the customer finds %q", got)
	}
	draft := ticket.Patch{
		Title: domain.Some("The printer burns"), Description: domain.Some("Since noon."), MenuID: d.MenuTo(access.TicketsMenu),
		PriorityID: d.PriorityTo("HIGH"),
	}
	opened := desk.Must(d.Tickets.Open(ctx, d.Actor("customer"), draft, nil))(t)

	// The supervisor finds the agent and assigns the ticket.
	if got := d.people("supervisor", ports.ToAssign); !slices.Equal(got, []string{"agent", "customer", "root", "supervisor"}) {
		t.Errorf("the supervisor finds %q", got)
	}
	d.change("supervisor", opened.ID, ticket.Patch{AssignedTo: domain.Some(string(d.ids["agent"]))})
	_, err := d.Accounts.List(ctx, d.Actor("supervisor"), ports.AccountFilter{}, ports.Page{Number: 1, Size: 10})
	desk.Check(t, err)

	// The agent answers, and begins to work.
	d.comment("agent", opened.ID, desk.Public("Which one?"))
	d.comment("agent", opened.ID, desk.Internal("Again."))
	d.change("agent", opened.ID, ticket.Patch{StatusID: d.StatusTo("IN_PROGRESS")})

	// The customer reads and answers, and now knows the agent.
	if got := d.people("customer", ""); !slices.Equal(got, []string{"agent", "customer"}) {
		t.Errorf("the customer finds %q", got)
	}
	comments, _, err := d.Comments.List(ctx, d.Actor("customer"), opened.ID, nil, 10)
	if err != nil || len(comments) != 1 {
		t.Errorf("the customer reads %v, %v", comments, err)
	}
	d.comment("customer", opened.ID, desk.Public("The one in the hall."))

	// The agent opens a ticket for the customer, and resolves the first one; the customer rates it.
	draft.CreatedFor = domain.Some(string(d.ids["customer"]))
	desk.Check(t, desk.Err(d.Tickets.Open(ctx, d.Actor("agent"), draft, nil)))
	d.change("agent", opened.ID, ticket.Patch{StatusID: d.StatusTo("RESOLVED")})
	rated := d.change("customer", opened.ID, ticket.Patch{CustomerSatisfaction: domain.Some(5)})
	if rated.AssignedToName != "agent" || rated.StatusName != "Resolved" || rated.CustomerSatisfaction != 5 {
		t.Errorf("in the end: %+v", rated)
	}
	for name := range d.ids {
		desk.Kind(t, d.Tickets.Delete(ctx, d.Actor(name), opened.ID, nil), domain.Forbidden)
	}
}

func TestPeopleAreThrottledForAMinute(t *testing.T) {
	d := newFirstDay(t)
	agent := d.Actor("agent")
	list := func() error {
		_, _, err := d.People.List(t.Context(), agent, ports.PeopleFilter{}, 1)
		return err
	}
	for range 120 {
		desk.Check(t, list())
	}
	desk.Kind(t, list(), domain.Throttled)
	desk.Check(t, desk.Err(d.Sessions.Login(t.Context(), "agent", desk.Password, desk.Home)))
	d.Wait(account.PeopleWindow)
	desk.Check(t, list())
}
