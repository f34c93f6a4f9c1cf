package contract

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/ticket"
	"tickt/ports"
)

// noon is the current time in tests, unless one says otherwise. It has microseconds, the precision of every store.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

var made atomic.Int64

// newID returns ascending ids, as the program's are.
func newID() domain.ID { return domain.ID(fmt.Sprintf("%032x", made.Add(1))) }

// unique returns a text that no other call returns.
func unique(text string) string { return fmt.Sprintf("%s %d", text, made.Add(1)) }

// same compares a value that was read with the expected one; times are compared as instants.
func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

// someAccount returns an account with every field set and unique values of its own.
func someAccount() account.Account {
	name := unique("Élan")
	phone := fmt.Sprintf("+4790%06d", made.Add(1))
	return account.Account{
		ID: newID(), Username: name, UsernameKey: domain.FoldCase(name), Email: name + "@Example.org",
		EmailKey: domain.FoldCase(name + "@Example.org"),
		Phone:    phone, PasswordHash: "$hash$", Address: "1 Street\nTown", IsActive: true, IsStaff: true,
		Language: account.Nepali, TimeZone: "Asia/Kathmandu",
		LastLogin: noon.Add(-time.Hour), CreatedAt: noon.Add(-48 * time.Hour), UpdatedAt: noon,
	}
}

// bareAccount returns an account whose optional fields are unset.
func bareAccount() account.Account {
	a := someAccount()
	a.PasswordHash, a.Address, a.IsActive, a.IsStaff, a.TimeZone, a.LastLogin = "", "", false, false, "", time.Time{}
	return a
}

func someRole() access.Role {
	return access.Role{
		ID: newID(), Name: unique("role"), TicketScope: access.ScopeAll, IsPredefined: true, CreatedAt: noon.Add(-time.Hour),
		UpdatedAt: noon,
	}
}

func someMenu() access.Menu {
	name := unique("Menu")
	return access.Menu{
		ID: newID(), Name: name, NameKey: domain.FoldCase(name), URL: "/" + name + "/", CreateURL: "/create/", ListURL: "/list/",
		Icon: "bell", Visible: true, DisplayOrder: 7, IsActive: true, CreatedAt: noon.Add(-time.Hour), UpdatedAt: noon,
	}
}

func someStatus() ticket.Status {
	name := unique("Étape")
	return ticket.Status{
		ID: newID(), Name: name, NameKey: domain.FoldCase(name), Code: fmt.Sprintf("S%d", made.Add(1)), Description: "What it says.",
		Weight: 3, StatusType: ticket.Pending, OnReply: ticket.OpenOnReply, CreatedAt: noon.Add(-time.Hour), UpdatedAt: noon,
	}
}

func somePriority() ticket.Priority {
	name := unique("Hâte")
	return ticket.Priority{
		ID: newID(), Name: name, NameKey: domain.FoldCase(name), Code: fmt.Sprintf("P%d", made.Add(1)), Description: "What it says.",
		Weight: 30, Color: "#28a745", SLAHours: 8, CreatedAt: noon.Add(-time.Hour), UpdatedAt: noon,
	}
}

func someSession(of domain.ID) account.Session {
	return account.NewSession(newID(), of, newID(), noon)
}

// fixtures are stored entities that tickets refer to.
type fixtures struct {
	status   ticket.Status
	priority ticket.Priority
	menu     access.Menu
	account  account.Account
}

func (d suite) addFixtures(t *testing.T) fixtures {
	t.Helper()
	g := fixtures{someStatus(), somePriority(), someMenu(), someAccount()}
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Statuses.Add(ctx, g.status), tx.Priorities.Add(ctx, g.priority), tx.Menus.Add(ctx, g.menu),
			tx.Accounts.Add(ctx, g.account))
	})
	return g
}

// ticket returns a ticket with these references whose optional fields are unset.
func (g fixtures) ticket() ticket.Ticket {
	id := newID()
	return ticket.Ticket{
		ID: id, Number: "TKT-20260301-" + string(id[24:]), Title: "The printer burns", Description: "Since noon.",
		StatusID: g.status.ID, PriorityID: g.priority.ID, CreatedBy: g.account.ID,
		UrgencyUntil: ticket.Never, CreatedAt: noon.Add(-time.Hour), UpdatedAt: noon,
	}
}

// view returns the expected view of a ticket with these references.
func (g fixtures) view(x ticket.Ticket) ticket.View {
	nameOf := func(id domain.ID, name string) string {
		if id == "" {
			return ""
		}
		return name
	}
	return ticket.View{Ticket: x, Names: ticket.Names{
		AssigneeGone: x.AssignedTo != "" && !g.account.IsActive, MenuName: nameOf(x.MenuID, g.menu.Name),
		StatusName: g.status.Name, StatusType: g.status.StatusType, StatusWeight: g.status.Weight,
		AutoCloseDays: g.status.AutoCloseDays,
		PriorityName:  g.priority.Name, PriorityWeight: g.priority.Weight, CreatedForName: nameOf(x.CreatedFor, g.account.Username),
		AssignedToName: nameOf(x.AssignedTo, g.account.Username), CreatedByName: nameOf(x.CreatedBy, g.account.Username),
	}}
}

var everything = access.Reach{All: true}
