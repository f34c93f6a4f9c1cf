package ticketing_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

// list returns the ids of the tickets that an actor sees, newest first.
func list(d *desk.Desk, actor access.Actor) []domain.ID {
	d.T.Helper()
	query := ticket.Query{Order: ticket.ByCreated, Size: 100, Number: 1}
	page := desk.Must(d.Tickets.List(d.T.Context(), actor, query))(d.T)
	if page.Count != len(page.Tickets) {
		d.T.Fatalf("counted %d, listed %d", page.Count, len(page.Tickets))
	}
	var ids []domain.ID
	for _, v := range page.Tickets {
		ids = append(ids, v.ID)
	}
	return ids
}

func TestOpenedTicketIsReadBackUnchanged(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	v := d.Open(desk.Clerk, ticket.Patch{
		AssignedTo: d.MemberTo(desk.Clerk), CreatedFor: d.MemberTo(desk.Customer), MenuID: d.MenuTo(access.RolesMenu),
	})
	if v.Number != "TKT-20260301-0001" || v.StatusName != "Open" || v.PriorityName != "Medium" ||
		!v.SLADueDate.Equal(d.Now().Add(24*time.Hour)) {
		t.Errorf("%+v", v)
	}
	got, err := d.Tickets.Get(t.Context(), clerk, v.ID)
	desk.Check(t, err)
	if got != v {
		t.Errorf("read    %+v\nanswered %+v", got, v)
	}
}

func TestTicketsAreNumberedByTheServicesDay(t *testing.T) {
	d := desk.New(t)
	d.Tickets.Zone = time.FixedZone("NPT", 5*3600+45*60)
	d.Wait(time.Date(2026, 3, 1, 18, 14, 59, 0, time.UTC).Sub(desk.Noon))
	first := d.Open(desk.Clerk, ticket.Patch{})
	d.Wait(time.Second)
	second := d.Open(desk.Clerk, ticket.Patch{})
	if first.Number != "TKT-20260301-0001" || second.Number != "TKT-20260302-0001" {
		t.Error(first.Number, second.Number)
	}
}

func TestRefusedTicketTakesNoNumber(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	unknown := ticket.Patch{Title: domain.Some("x"), Description: domain.Some("x"), StatusID: domain.Some(strings.Repeat("f", 32))}
	_, err := d.Tickets.Open(t.Context(), clerk, unknown, nil)
	desk.Kind(t, err, domain.Invalid)
	if v := d.Open(desk.Clerk, ticket.Patch{}); v.Number != "TKT-20260301-0001" {
		t.Error(v.Number)
	}
}

func TestParallelOpeningsGetDifferentNumbers(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	numbers := make([]string, 20)
	var wg sync.WaitGroup
	for i := range numbers {
		wg.Go(func() {
			v, err := d.Tickets.Open(t.Context(), clerk, ticket.Patch{Title: domain.Some("x"), Description: domain.Some("x")}, nil)
			if err != nil {
				t.Error(err)
			}
			numbers[i] = v.Number
		})
	}
	wg.Wait()
	slices.Sort(numbers)
	if n := len(slices.Compact(numbers)); n != 20 || numbers[19] != "TKT-20260301-0020" {
		t.Error(n, numbers)
	}
}

func TestRequesterReachesOnlyItsOwnTickets(t *testing.T) {
	d := desk.New(t)
	customer := d.Actor(desk.Customer)
	mine := d.Open(desk.Customer, ticket.Patch{})
	forMe := d.Open(desk.Clerk, ticket.Patch{CreatedFor: d.MemberTo(desk.Customer)})
	other := d.Open(desk.Clerk, ticket.Patch{})
	if mine.CreatedFor != d.ID(desk.Customer) {
		t.Error("a requester's ticket must be created for the requester")
	}
	if ids := list(d, customer); !slices.Equal(ids, []domain.ID{forMe.ID, mine.ID}) {
		t.Error(ids)
	}
	named := ticket.Patch{Title: domain.Some("t"), Description: domain.Some("d"), CreatedFor: d.MemberTo(desk.Customer)}
	if v := desk.Must(d.Tickets.Open(t.Context(), customer, named, nil))(t); v.CreatedFor != customer.ID {
		t.Errorf("created for %s", v.CreatedForName)
	}
	named.CreatedFor = d.MemberTo(desk.Clerk)
	_, err := d.Tickets.Open(t.Context(), customer, named, nil)
	desk.Fails(t, err, domain.Forbidden, "createdFor")
	_, err = d.Tickets.Get(t.Context(), customer, other.ID)
	desk.Kind(t, err, domain.NotFound)
	_, err = d.Tickets.Update(t.Context(), customer, other.ID, ticket.Patch{StatusID: domain.Some("x")}, nil)
	desk.Kind(t, err, domain.NotFound)
	desk.Kind(t, d.Tickets.Delete(t.Context(), customer, other.ID, nil), domain.NotFound)
	_, err = d.Tickets.Update(t.Context(), customer, mine.ID, ticket.Patch{StatusID: d.StatusTo("RESOLVED")}, nil)
	desk.Kind(t, err, domain.Forbidden)
	_, err = d.Tickets.Open(t.Context(), customer, ticket.Patch{AssignedTo: domain.Some("x")}, nil)
	desk.Kind(t, err, domain.Forbidden)
	v, err := d.Tickets.Update(t.Context(), customer, mine.ID, ticket.Patch{Title: domain.Some("Mine")}, nil)
	desk.Check(t, err)
	if v.Title != "Mine" {
		t.Error(v.Title)
	}
}

func TestReplaceResetsAbsentFields(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	v := d.Open(desk.Clerk, ticket.Patch{
		StatusID: d.StatusTo("RESOLVED"), PriorityID: d.PriorityTo("HIGH"), AssignedTo: d.MemberTo(desk.Clerk),
		IsEscalated: domain.Some(true), DueDate: domain.Some(d.Now().Add(time.Hour)), CustomerSatisfaction: domain.Some(3),
	})
	got, err := d.Tickets.Replace(t.Context(), clerk, v.ID, ticket.Patch{Title: domain.Some("New"), Description: domain.Some("New")}, nil)
	desk.Check(t, err)
	if got.Title != "New" || got.StatusID != d.Status("OPEN").ID || got.PriorityID != d.Priority("MEDIUM").ID ||
		got.AssignedTo != "" || got.IsEscalated || !got.DueDate.IsZero() || got.CustomerSatisfaction != 0 || !got.ResolvedAt.IsZero() {
		t.Errorf("%+v", got)
	}
	_, err = d.Tickets.Replace(t.Context(), clerk, v.ID, ticket.Patch{Title: domain.Some("New")}, nil)
	desk.Kind(t, err, domain.Invalid)
}

func TestReplaceByARequesterKeepsOtherFields(t *testing.T) {
	d := desk.New(t)
	v := d.Open(desk.Clerk, ticket.Patch{
		CreatedFor: d.MemberTo(desk.Customer), StatusID: d.StatusTo("RESOLVED"), PriorityID: d.PriorityTo("HIGH"),
		IsEscalated: domain.Some(true), CustomerSatisfaction: domain.Some(3),
	})
	whole := ticket.Patch{Title: domain.Some("New"), Description: domain.Some("New")}
	got, err := d.Tickets.Replace(t.Context(), d.Actor(desk.Customer), v.ID, whole, nil)
	desk.Check(t, err)
	if got.Title != "New" || got.StatusID != d.Status("RESOLVED").ID || got.PriorityID != d.Priority("HIGH").ID ||
		!got.IsEscalated || got.CreatedFor != d.ID(desk.Customer) || got.CustomerSatisfaction != 0 {
		t.Errorf("%+v", got)
	}
}

func TestAssigneeMustHoldViewOnTickets(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	tempID := d.ID(desk.Temp)
	v := d.Open(desk.Clerk, ticket.Patch{})
	assign := func(to domain.ID) error {
		_, err := d.Tickets.Update(t.Context(), clerk, v.ID, ticket.Patch{AssignedTo: domain.Some(string(to))}, nil)
		return err
	}
	desk.Check(t, assign(d.ID(desk.Clerk)))
	desk.Kind(t, assign(tempID), domain.Invalid)
	d.Assign(desk.Temp, access.TicketsMenu, access.MayView)
	desk.Check(t, assign(tempID))
}

func TestDeletedTicketIsNotFound(t *testing.T) {
	d := desk.New(t)
	root, clerk := d.Actor(desk.Root), d.Actor(desk.Clerk)
	v := d.Open(desk.Clerk, ticket.Patch{})
	desk.Check(t, d.Tickets.Delete(t.Context(), clerk, v.ID, nil))
	_, err := d.Tickets.Get(t.Context(), root, v.ID)
	desk.Kind(t, err, domain.NotFound)
	desk.Kind(t, d.Tickets.Delete(t.Context(), root, v.ID, nil), domain.NotFound)
	if ids := list(d, root); ids != nil {
		t.Error(ids)
	}
	desk.Kind(t, d.Statuses.Delete(t.Context(), root, d.Status("OPEN").ID, nil), domain.Conflict) // the row of the ticket is kept
}

func TestPagesByCursorKeepTheTimeOfTheFirst(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	for range 4 {
		d.Open(desk.Clerk, ticket.Patch{})
	}
	soon := d.Open(desk.Clerk, ticket.Patch{SLADueDate: domain.Some(d.Now().Add(3 * time.Hour))})
	q := ticket.Query{Order: ticket.ByImportance, Size: 2}
	var seen []domain.ID
	for {
		page, err := d.Tickets.List(t.Context(), clerk, q)
		desk.Check(t, err)
		for _, v := range page.Tickets {
			seen = append(seen, v.ID)
		}
		if page.Next == nil {
			break
		}
		q.After = page.Next
		d.Wait(2 * time.Hour) // now the first one is due soon
	}
	if len(seen) != 5 || len(slices.Compact(slices.Sorted(slices.Values(seen)))) != 5 || seen[0] != soon.ID {
		t.Error(seen)
	}
}

func TestTypeOfAStatusInUseCannotBeChanged(t *testing.T) {
	d := desk.New(t)
	root, clerk := d.Actor(desk.Root), d.Actor(desk.Clerk)
	retype := ticket.StatusPatch{StatusType: domain.Some(string(ticket.Closed))}
	filed := d.Open(desk.Clerk, ticket.Patch{})
	desk.Check(t, d.Tickets.Delete(t.Context(), clerk, filed.ID, nil))
	_, err := d.Statuses.Update(t.Context(), root, d.Status("OPEN").ID, retype, nil)
	desk.Fails(t, err, domain.Conflict, "Ticket status is in use by tickets; its type cannot be changed.")
	whole := ticket.StatusPatch{Name: domain.Some("new"), Code: domain.Some("new"), StatusType: domain.Some(string(ticket.Pending))}
	_, err = d.Statuses.Replace(t.Context(), root, d.Status("OPEN").ID, whole, nil)
	desk.Fails(t, err, domain.Conflict, "its type cannot be changed.")
	whole.StatusType = domain.Some(string(ticket.Open))
	renamed, err := d.Statuses.Replace(t.Context(), root, d.Status("OPEN").ID, whole, nil)
	desk.Check(t, err)
	if renamed.Name != "new" || renamed.StatusType != ticket.Open {
		t.Errorf("became %+v", renamed)
	}
	retyped, err := d.Statuses.Update(t.Context(), root, d.Status("RESOLVED").ID, retype, nil)
	desk.Check(t, err)
	if retyped.StatusType != ticket.Closed {
		t.Errorf("the unused status became %+v", retyped)
	}
}

func TestTakenNamesAreReportedWithTheOtherProblems(t *testing.T) {
	d := desk.New(t)
	root := d.Actor(desk.Root)
	_, err := d.Statuses.Create(t.Context(), root, ticket.StatusPatch{Name: domain.Some("OPEN"), Code: domain.Some("Open")}, nil)
	want := []string{
		"Status type cannot be blank.", "Ticket status with name 'OPEN' already exists.", "Ticket status with code 'OPEN' already exists.",
	}
	if got := desk.Messages(err); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if _, err := d.Statuses.Update(t.Context(), root, d.Status("OPEN").ID, ticket.StatusPatch{Name: domain.Some("OPEN")}, nil); err != nil {
		t.Error("its own name must not count as taken:", err)
	}
}
