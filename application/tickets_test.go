package application_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// desk is an office with statuses and priorities: open (the default), resolved; medium (the default, 24 h), high (8 h).
type desk struct {
	*office
	open, resolved ticket.Status
	medium, high   ticket.Priority
}

func newDesk(t *testing.T) *desk {
	d := &desk{office: newOffice(t)}
	status := func(code string, typ ticket.StatusType, first bool) ticket.Status {
		s, err := d.Statuses.Create(t.Context(), d.root, ticket.StatusChange{Name: domain.To(code), Code: domain.To(code), StatusType: domain.To(string(typ)), IsDefault: domain.To(first)}, nil)
		check(t, err)
		return s
	}
	priority := func(code string, weight, hours int, first bool) ticket.Priority {
		p, err := d.Priorities.Create(t.Context(), d.root, ticket.PriorityChange{Name: domain.To(code), Code: domain.To(code), Weight: domain.To(weight), SLAHours: domain.To(hours), IsDefault: domain.To(first)}, nil)
		check(t, err)
		return p
	}
	d.open, d.resolved = status("open", ticket.Open, true), status("resolved", ticket.Resolved, false)
	d.medium, d.high = priority("medium", 20, 24, true), priority("high", 30, 8, false)
	return d
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func kind(t testing.TB, err error, want domain.Kind) {
	t.Helper()
	if got := domain.KindOf(err); err == nil || got != want {
		t.Fatalf("got %v, want a failure of kind %v", err, want)
	}
}

func (d *desk) file(actor access.Actor, c ticket.Change) ticket.View {
	d.t.Helper()
	c.Title, c.Description = domain.To("Printer"), domain.To("It burns.")
	v, err := d.Tickets.Open(d.t.Context(), actor, c, nil)
	check(d.t, err)
	return v
}

func (d *desk) list(actor access.Actor) []domain.ID {
	d.t.Helper()
	page, err := d.Tickets.List(d.t.Context(), actor, ticket.Query{Order: ticket.ByCreated, Size: 100, Number: 1})
	check(d.t, err)
	if page.Count != len(page.Tickets) {
		d.t.Fatalf("counted %d, listed %d", page.Count, len(page.Tickets))
	}
	var ids []domain.ID
	for _, v := range page.Tickets {
		ids = append(ids, v.ID)
	}
	return ids
}

// requester is eve with a role that may do everything on tickets, but on her own only.
func (d *desk) requester() access.Actor {
	return access.Actor{ID: d.eveID, Username: "eve", Scope: access.ScopeOwn, Grants: access.Grants{{MenuID: d.menus[access.TicketsMenu].ID, URL: access.TicketsMenu, Actions: everything}}}
}

func TestOpenedTicketIsReadBackAsItWasAnswered(t *testing.T) {
	d := newDesk(t)
	v := d.file(d.ann, ticket.Change{AssignedTo: domain.To(string(d.annID)), CreatedFor: domain.To(string(d.eveID)), MenuID: domain.To(string(d.menus[access.RolesMenu].ID))})
	if v.Number != "TKT-20260301-0001" || v.StatusName != "open" || v.PriorityName != "medium" || !v.SLADueDate.Equal(d.now.Add(24*time.Hour)) {
		t.Errorf("%+v", v)
	}
	got, err := d.Tickets.Get(t.Context(), d.ann, v.ID)
	check(t, err)
	if got != v {
		t.Errorf("read    %+v\nanswered %+v", got, v)
	}
}

func TestTicketsAreNumberedByTheServicesDay(t *testing.T) {
	d := newDesk(t)
	d.Tickets.Zone = time.FixedZone("NPT", 5*3600+45*60)
	d.now = time.Date(2026, 3, 1, 18, 14, 59, 0, time.UTC)
	first := d.file(d.ann, ticket.Change{})
	d.now = d.now.Add(time.Second)
	second := d.file(d.ann, ticket.Change{})
	if first.Number != "TKT-20260301-0001" || second.Number != "TKT-20260302-0001" {
		t.Error(first.Number, second.Number)
	}
}

func TestRefusedTicketTakesNoNumber(t *testing.T) {
	d := newDesk(t)
	_, err := d.Tickets.Open(t.Context(), d.ann, ticket.Change{Title: domain.To("x"), Description: domain.To("x"), StatusID: domain.To(strings.Repeat("f", 32))}, nil)
	kind(t, err, domain.Invalid)
	if v := d.file(d.ann, ticket.Change{}); v.Number != "TKT-20260301-0001" {
		t.Error(v.Number)
	}
}

func TestParallelOpeningsGetDifferentNumbers(t *testing.T) {
	d := newDesk(t)
	d.Tickets.NewID = locked(d.Tickets.NewID)
	numbers := make([]string, 20)
	var wg sync.WaitGroup
	for i := range numbers {
		wg.Go(func() { numbers[i] = d.file(d.ann, ticket.Change{}).Number })
	}
	wg.Wait()
	slices.Sort(numbers)
	if n := len(slices.Compact(numbers)); n != 20 || numbers[19] != "TKT-20260301-0020" {
		t.Error(n, numbers)
	}
}

func locked(next ports.NewID) ports.NewID {
	var mu sync.Mutex
	return func() domain.ID {
		mu.Lock()
		defer mu.Unlock()
		return next()
	}
}

func TestRequesterSeesAndTouchesItsOwnTicketsOnly(t *testing.T) {
	d := newDesk(t)
	eve := d.requester()
	mine := d.file(eve, ticket.Change{})
	forMe := d.file(d.ann, ticket.Change{CreatedFor: domain.To(string(d.eveID))})
	other := d.file(d.ann, ticket.Change{})
	if mine.CreatedFor != d.eveID {
		t.Error("a requester's ticket is created for itself")
	}
	if ids := d.list(eve); !slices.Equal(ids, []domain.ID{forMe.ID, mine.ID}) {
		t.Error(ids)
	}
	_, err := d.Tickets.Get(t.Context(), eve, other.ID)
	kind(t, err, domain.NotFound)
	_, err = d.Tickets.Change(t.Context(), eve, other.ID, ticket.Change{StatusID: domain.To("x")}, nil)
	kind(t, err, domain.NotFound)
	kind(t, d.Tickets.Delete(t.Context(), eve, other.ID, nil), domain.NotFound)
	_, err = d.Tickets.Change(t.Context(), eve, mine.ID, ticket.Change{StatusID: domain.To(string(d.resolved.ID))}, nil)
	kind(t, err, domain.Forbidden)
	_, err = d.Tickets.Open(t.Context(), eve, ticket.Change{AssignedTo: domain.To("x")}, nil)
	kind(t, err, domain.Forbidden)
	v, err := d.Tickets.Change(t.Context(), eve, mine.ID, ticket.Change{Title: domain.To("Mine")}, nil)
	check(t, err)
	if v.Title != "Mine" {
		t.Error(v.Title)
	}
}

func TestReplaceReturnsWhatIsLeftOutToItsDefault(t *testing.T) {
	d := newDesk(t)
	v := d.file(d.ann, ticket.Change{
		StatusID: domain.To(string(d.resolved.ID)), PriorityID: domain.To(string(d.high.ID)), AssignedTo: domain.To(string(d.annID)),
		IsEscalated: domain.To(true), DueDate: domain.To(d.now.Add(time.Hour)), CustomerSatisfaction: domain.To(3),
	})
	got, err := d.Tickets.Replace(t.Context(), d.ann, v.ID, ticket.Change{Title: domain.To("New"), Description: domain.To("New")}, nil)
	check(t, err)
	if got.Title != "New" || got.StatusID != d.open.ID || got.PriorityID != d.medium.ID || got.AssignedTo != "" || got.IsEscalated || !got.DueDate.IsZero() || got.CustomerSatisfaction != 0 || !got.ResolvedAt.IsZero() {
		t.Errorf("%+v", got)
	}
	_, err = d.Tickets.Replace(t.Context(), d.ann, v.ID, ticket.Change{Title: domain.To("New")}, nil)
	kind(t, err, domain.Invalid)
}

func TestReplaceByARequesterLeavesTheRestAlone(t *testing.T) {
	d := newDesk(t)
	v := d.file(d.ann, ticket.Change{CreatedFor: domain.To(string(d.eveID)), StatusID: domain.To(string(d.resolved.ID)), PriorityID: domain.To(string(d.high.ID)), IsEscalated: domain.To(true), CustomerSatisfaction: domain.To(3)})
	got, err := d.Tickets.Replace(t.Context(), d.requester(), v.ID, ticket.Change{Title: domain.To("New"), Description: domain.To("New")}, nil)
	check(t, err)
	if got.Title != "New" || got.StatusID != d.resolved.ID || got.PriorityID != d.high.ID || !got.IsEscalated || got.CreatedFor != d.eveID || got.CustomerSatisfaction != 0 {
		t.Errorf("%+v", got)
	}
}

func TestAssigneeMustHoldViewOnTickets(t *testing.T) {
	d := newDesk(t)
	v := d.file(d.ann, ticket.Change{})
	assign := func(to domain.ID) error {
		_, err := d.Tickets.Change(t.Context(), d.ann, v.ID, ticket.Change{AssignedTo: domain.To(string(to))}, nil)
		return err
	}
	check(t, assign(d.annID))
	kind(t, assign(d.bobID), domain.Invalid)
	d.update(func(tx ports.Tx) error {
		return tx.AccountPermissions.Add(t.Context(), access.AccountPermission{ID: d.id(), AccountID: d.bobID, MenuID: d.menus[access.TicketsMenu].ID, Actions: access.MayView})
	})
	check(t, assign(d.bobID))
}

func TestDeletedTicketIsGoneForEverybody(t *testing.T) {
	d := newDesk(t)
	v := d.file(d.ann, ticket.Change{})
	check(t, d.Tickets.Delete(t.Context(), d.ann, v.ID, nil))
	_, err := d.Tickets.Get(t.Context(), d.root, v.ID)
	kind(t, err, domain.NotFound)
	kind(t, d.Tickets.Delete(t.Context(), d.root, v.ID, nil), domain.NotFound)
	if ids := d.list(d.root); ids != nil {
		t.Error(ids)
	}
	kind(t, d.Statuses.Delete(t.Context(), d.root, d.open.ID, nil), domain.Conflict) // its row stays for the record
}

func TestSweepRecordsBreachesThatTimeBrought(t *testing.T) {
	d := newDesk(t)
	late, early := d.file(d.ann, ticket.Change{PriorityID: domain.To(string(d.high.ID))}), d.file(d.ann, ticket.Change{})
	sweep := func(want int) {
		t.Helper()
		n, err := d.ServiceLevels.Sweep(t.Context())
		check(t, err)
		if n != want {
			t.Errorf("swept %d, want %d", n, want)
		}
	}
	sweep(0)
	d.now = d.now.Add(8 * time.Hour)
	sweep(1)
	sweep(0)
	got, err := d.Tickets.Get(t.Context(), d.ann, late.ID)
	check(t, err)
	if !got.SLABreached || !got.UpdatedAt.Equal(d.now) {
		t.Errorf("%+v", got)
	}
	if got, err = d.Tickets.Get(t.Context(), d.ann, early.ID); err != nil || got.SLABreached {
		t.Errorf("%+v %v", got, err)
	}
}

func TestWalkByCursorKeepsTheMomentOfItsFirstPage(t *testing.T) {
	d := newDesk(t)
	for range 4 {
		d.file(d.ann, ticket.Change{})
	}
	soon := d.file(d.ann, ticket.Change{SLADueDate: domain.To(d.now.Add(3 * time.Hour))})
	q := ticket.Query{Order: ticket.ByImportance, Size: 2}
	var seen []domain.ID
	for {
		page, err := d.Tickets.List(t.Context(), d.ann, q)
		check(t, err)
		for _, v := range page.Tickets {
			seen = append(seen, v.ID)
		}
		if page.Next == nil {
			break
		}
		q.After = page.Next
		d.now = d.now.Add(2 * time.Hour) // meanwhile the first one is due soon
	}
	if len(seen) != 5 || len(slices.Compact(slices.Sorted(slices.Values(seen)))) != 5 || seen[0] != soon.ID {
		t.Error(seen)
	}
}

func TestOnlyOneEntryOfACatalogIsTheDefault(t *testing.T) {
	d := newDesk(t)
	s, err := d.Statuses.Change(t.Context(), d.root, d.resolved.ID, ticket.StatusChange{IsDefault: domain.To(true)}, nil)
	check(t, err)
	old, err := d.Statuses.Get(t.Context(), d.root, d.open.ID)
	check(t, err)
	if !s.IsDefault || old.IsDefault {
		t.Error(s.IsDefault, old.IsDefault)
	}
	check(t, errors.Join(d.Statuses.Delete(t.Context(), d.root, d.resolved.ID, nil)))
	_, err = d.Tickets.Open(t.Context(), d.ann, ticket.Change{Title: domain.To("x"), Description: domain.To("x")}, nil)
	kind(t, err, domain.Invalid)
}

func TestTheTypeOfAStatusIsFixedWhileTicketsHaveIt(t *testing.T) {
	d := newDesk(t)
	retype := ticket.StatusChange{StatusType: domain.To(string(ticket.Closed))}
	filed := d.file(d.ann, ticket.Change{})
	check(t, d.Tickets.Delete(t.Context(), d.ann, filed.ID, nil))
	_, err := d.Statuses.Change(t.Context(), d.root, d.open.ID, retype, nil)
	fails(t, err, domain.Conflict, "Ticket status is in use by tickets; its type cannot be changed.")
	whole := ticket.StatusChange{Name: domain.To("new"), Code: domain.To("new"), StatusType: domain.To(string(ticket.Pending))}
	_, err = d.Statuses.Replace(t.Context(), d.root, d.open.ID, whole, nil)
	fails(t, err, domain.Conflict, "its type cannot be changed.")
	whole.StatusType = domain.To(string(ticket.Open))
	renamed, err := d.Statuses.Replace(t.Context(), d.root, d.open.ID, whole, nil)
	check(t, err)
	if renamed.Name != "new" || renamed.StatusType != ticket.Open {
		t.Errorf("became %+v", renamed)
	}
	retyped, err := d.Statuses.Change(t.Context(), d.root, d.resolved.ID, retype, nil)
	check(t, err)
	if retyped.StatusType != ticket.Closed {
		t.Errorf("the unused one became %+v", retyped)
	}
}

func TestTakenNamesAreReportedBesideTheOtherProblems(t *testing.T) {
	d := newDesk(t)
	_, err := d.Statuses.Create(t.Context(), d.root, ticket.StatusChange{Name: domain.To("OPEN"), Code: domain.To("Open")}, nil)
	var e *domain.Error
	if !errors.As(err, &e) || len(e.Problems) != 3 {
		t.Fatal(err)
	}
	got := e.Problems[0].Message + "|" + e.Problems[1].Message + "|" + e.Problems[2].Message
	if want := "Status type cannot be blank.|Ticket status with name 'OPEN' already exists.|Ticket status with code 'OPEN' already exists."; got != want {
		t.Error(got)
	}
	if _, err := d.Statuses.Change(t.Context(), d.root, d.open.ID, ticket.StatusChange{Name: domain.To("Open")}, nil); err != nil {
		t.Error("its own name is not taken:", err)
	}
}
