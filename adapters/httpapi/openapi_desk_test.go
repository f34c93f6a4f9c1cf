package httpapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/lifecycle"
	"tickt/domain/notification"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

// What the examples of the document refer to, besides the examples of path parameters.
const (
	exampleAccount   = "sita.rai"
	exampleColleague = "hari.thapa"
	examplePassword  = "Sunny-Harbour-52"
	colleagueID      = domain.ID("9b1d2e3f4a5c6b7d8e9f0a1b2c3d4e5f")
)

// newExampleDesk returns a desk with everything that the examples of the document refer to, under the same ids.
func newExampleDesk(t *testing.T) *clients {
	t.Helper()
	return clientsOf(t, desk.Prepared(t, "examples", func(d *desk.Desk) { addExamples(t, d) }, desk.Mailing))
}

// addExamples adds what the examples of the document refer to.
func addExamples(t *testing.T, s *desk.Desk) {
	t.Helper()
	id := func(parameter string) domain.ID {
		text, _ := contractOf(t).Components.Parameters[parameter].Value.Example.(string)
		return domain.ID(text)
	}
	tickets, reports := s.Menu(access.TicketsMenu), reportsMenu(s.Menu(access.TicketsMenu), id("MenuID"))
	permission := access.NewRolePermission(id("PermissionID"), id("RoleID"), tickets.ID, access.MayView, s.Now())
	theirs := access.AccountPermission{
		ID: id("AssignmentID"), AccountID: id("AccountID"), MenuID: tickets.ID, Actions: access.MayView,
		AssignedBy: s.ID(desk.Root), AssignedAt: s.Now(), CreatedAt: s.Now(), UpdatedAt: s.Now(),
	}
	sita, hari := newAgent(s, id("AccountID"), exampleAccount, "+9779841234567"), newAgent(s, colleagueID, exampleColleague, "+9779841234568")
	office := sla.Calendar{
		ID: id("CalendarID"), Name: "Field service", NameKey: domain.FoldCase("Field service"), TimeZone: "Europe/London",
		Hours:    sla.AlwaysOpen(),
		Holidays: []sla.Holiday{}, VersionID: "6d8f0a2c4e6b4d81a3c5e7f90b1d2e44", CreatedAt: s.Now(), UpdatedAt: s.Now(),
	}
	silver := sla.Policy{
		ID: id("SLAPolicyID"), Name: "Silver", NameKey: domain.FoldCase("Silver"), Position: 20, PriorityIDs: []domain.ID{},
		MenuIDs:    []domain.ID{},
		Targets:    []sla.Target{{Metric: sla.Resolution, Minutes: 60, CalendarID: sla.AlwaysOpenID, WarnPercent: 80}},
		PauseTypes: []lifecycle.StatusType{lifecycle.Pending}, OnReopen: sla.ReopenResumes, CreatedAt: s.Now(), UpdatedAt: s.Now(),
	}
	opened := s.Open(desk.Agent, ticket.Patch{}).Ticket
	opened.ID, opened.Number = id("TicketID"), "TKT-20260301-9999"
	opened.SLABreached, opened.SLABreachedAt = true, s.Now()
	breached := func(seq int, kind sla.EventKind, at time.Time) sla.Entry {
		return sla.Entry{
			TicketID: opened.ID, Seq: seq, RecordedAt: s.Now(), Event: sla.Event{Metric: sla.FirstResponse, Cycle: 1, Kind: kind, At: at},
		}
	}
	activated := breached(1, sla.Activated, s.Now().Add(-time.Hour))
	activated.Promise = sla.Promise{Target: time.Minute, CalendarID: sla.AlwaysOpenVersion, OnReopen: sla.ReopenResumes}
	s.Update(func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(
			tx.Accounts.Add(ctx, sita),
			tx.Accounts.Add(ctx, hari),
			tx.Sessions.Add(ctx, account.NewSession(id("SessionID"), s.ID(desk.Root), s.NewID(), s.Now())),
			tx.Roles.Add(ctx,
				access.Role{ID: id("RoleID"), Name: "field support", TicketScope: access.ScopeOwn, CreatedAt: s.Now(), UpdatedAt: s.Now()}),
			tx.Menus.Add(ctx, reports),
			tx.RolePermissions.Replace(ctx, permission.RoleID, []access.RolePermission{permission}),
			tx.AccountPermissions.Add(ctx, theirs),
			tx.Statuses.Add(ctx,
				ticket.Status{
					ID: id("TicketStatusID"), Name: "On hold", NameKey: domain.FoldCase("On hold"), Code: "HOLD", Weight: 3,
					StatusType: ticket.Pending, OnReply: ticket.OpenOnReply, CreatedAt: s.Now(), UpdatedAt: s.Now(),
				}),
			tx.Priorities.Add(ctx,
				ticket.Priority{
					ID: id("TicketPriorityID"), Name: "Urgent", NameKey: domain.FoldCase("Urgent"), Code: "URGENT", Weight: 35,
					Color: "#d63384", CreatedAt: s.Now(), UpdatedAt: s.Now(),
				}),
			tx.Calendars.Add(ctx, office),
			tx.Policies.Add(ctx, silver),
			tx.Operations.Add(ctx, sla.Operation{
				ID: id("OperationID"), AccountID: s.ID(desk.Root), PolicyID: silver.ID, State: sla.OperationDone,
				CreatedAt: s.Now(), UpdatedAt: s.Now(),
			}),
			tx.Tickets.Add(ctx, opened),
			tx.Ledgers.Add(ctx, []sla.Entry{activated, breached(2, sla.Breached, s.Now().Add(-59*time.Minute))}),
			tx.NotificationLogs.Add(ctx, notification.Log{
				ID: id("NotificationLogID"), Type: notification.TicketAssigned, RecipientID: s.ID(desk.Root), TicketID: opened.ID,
				Title: "A ticket is yours", Message: "It was assigned to you.", Delivery: notification.DeliveryDead, CreatedAt: s.Now(),
				UpdatedAt: s.Now(),
			}),
			tx.Comments.Add(ctx, ticket.Comment{
				ID: id("CommentID"), TicketID: opened.ID, Body: "Is it still burning?", Visibility: ticket.Public, AuthorID: s.ID(desk.Root),
				CreatedAt: s.Now(),
			}),
		)
	})
	_, err := s.Accounts.Update(t.Context(), s.Actor(desk.Root), id("AccountID"), account.Patch{Password: domain.Some(examplePassword)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	addExampleLink(s, id("AccountID"), "resetPassword", account.NewForgotten("0198f2d47c1b7a3e9d5f6b8a0c2e4f71", "", "", s.Now()))
	addExampleLink(s, colleagueID, "confirmMyEmail",
		account.NewConfirmation("0198f2d47c1b7a3e9d5f6b8a0c2e4f72", hari, "hari.thapa@example.org", s.Now()))
}

// addExampleLink adds the mail with the token in the example of an operation.
func addExampleLink(s *desk.Desk, to domain.ID, operation string, m account.Mail) {
	token := ""
	for _, item := range desk.Must(loadContract())(s.T).Paths.Map() {
		for _, o := range item.Operations() {
			if o.OperationID == operation {
				for _, example := range o.RequestBody.Value.Content.Get("application/json").Examples {
					token, _ = example.Value.Value.(map[string]any)["token"].(string)
				}
			}
		}
	}
	s.Update(func(ctx context.Context, tx ports.Tx) error {
		a, err := tx.Accounts.Get(ctx, to)
		if err != nil {
			return err
		}
		sum := sha256.Sum256([]byte(token))
		m.Issue(a, hex.EncodeToString(sum[:]), s.Now())
		return tx.AccountMails.Add(ctx, m)
	})
}

// newAgent returns an active agent without a password.
func newAgent(s *desk.Desk, id domain.ID, name, phone string) account.Account {
	address := name + "@example.com"
	return account.Account{
		ID: id, Username: name, UsernameKey: domain.FoldCase(name), Email: address, EmailKey: domain.FoldCase(address), Phone: phone,
		RoleID: s.Role("agent"), IsActive: true, Language: account.English, CreatedAt: s.Now(), UpdatedAt: s.Now(),
	}
}

// reportsMenu returns the menu Reports as a sibling of m.
func reportsMenu(m access.Menu, id domain.ID) access.Menu {
	m.ID, m.Name, m.NameKey, m.URL = id, "Reports", domain.FoldCase("Reports"), "/reports/"
	return m
}
