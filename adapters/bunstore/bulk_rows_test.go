package bunstore

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/contract"
	"tickt/test/migrated"
)

// jsonRows returns the rows of a table as JSON, ordered by key, without sequence numbers that the database generates.
func jsonRows(t *testing.T, s *Store, table, key string) (rows []string) {
	t.Helper()
	q := fmt.Sprintf(`SELECT CAST(to_jsonb(t) - 'seq' AS TEXT) FROM %s t ORDER BY %s`, table, key)
	if table == "sla_events" { // here seq is part of the key
		q = fmt.Sprintf(`SELECT CAST(to_jsonb(t) AS TEXT) FROM %s t ORDER BY %s`, table, key)
	}
	if err := s.engine.reads.NewRaw(q).Scan(t.Context(), &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

// fullDossier returns a ticket in which every field has a distinct value, with a ledger and clock states. It has the
// references of like.
func fullDossier(round int, like ticket.View, people []account.Account) ports.Dossier {
	x := contract.Filled[ticket.Ticket](round, contract.Fields{
		"MenuID": like.MenuID, "StatusID": like.StatusID, "PriorityID": like.PriorityID, "CreatedFor": people[0].ID,
		"AssignedTo": people[1].ID, "FollowUpOf": domain.ID(""), "CreatedBy": like.CreatedBy, "CustomerSatisfaction": 1 + round%5,
	})
	promise := contract.Filled[sla.Promise](round, contract.Fields{"CalendarID": sla.AlwaysOpenVersion})
	return ports.Dossier{
		View: ticket.View{Ticket: x, Names: like.Names},
		Entries: []sla.Entry{
			contract.Filled[sla.Entry](round, contract.Fields{"TicketID": x.ID, "Seq": 1, "Kind": sla.Activated, "Promise": promise}),
			contract.Filled[sla.Entry](round, contract.Fields{"TicketID": x.ID, "Seq": 2, "Kind": sla.Paused, "Promise": sla.Promise{}}),
		},
		ClockStates: []sla.ClockState{contract.Filled[sla.ClockState](round, contract.Fields{"TicketID": x.ID, "PolicyID": bulkPolicy.ID})},
	}
}

// bulkPolicy is a policy by which clocks are open.
var bulkPolicy = sla.Policy{
	ID: bulkID(300), Name: "Gold", NameKey: "gold", Position: 1, OnReopen: sla.ReopenResumes, CreatedAt: noon, UpdatedAt: noon,
}

// COPY must write the same rows as INSERT, including columns that are never read back.
func TestBulkRowsEqualSingleRows(t *testing.T) {
	bulk, single := openStore(t, Options{URL: migrated.Postgres(t)}), openStore(t, Options{URL: migrated.Postgres(t)})
	ctx, like := t.Context(), addTicketRefs(t, bulk)
	addTicketRefs(t, single)
	role := contract.Filled[access.Role](0, nil)
	for _, s := range []*Store{bulk, single} {
		err := s.Update(ctx, func(tx ports.Tx) error { return errors.Join(tx.Roles.Add(ctx, role), tx.Policies.Add(ctx, bulkPolicy)) })
		if err != nil {
			t.Fatal(err)
		}
	}
	var people []account.Account
	for round := range contract.Rounds[account.Account]() {
		people = append(people, contract.Filled[account.Account](round, contract.Fields{"RoleID": role.ID}))
	}
	dossiers := make([]ports.Dossier, contract.Rounds[ticket.Ticket]())
	for round := range dossiers {
		dossiers[round] = fullDossier(round, like, people)
	}
	if err := bulk.BulkAccounts(ctx, sequence(people...), nil); err != nil {
		t.Fatal(err)
	}
	if err := bulk.BulkTickets(ctx, time.UTC, sequence(dossiers...), nil); err != nil {
		t.Fatal(err)
	}
	err := single.Update(ctx, func(tx ports.Tx) error {
		for _, a := range people {
			if err := tx.Accounts.Add(ctx, a); err != nil {
				return err
			}
		}
		for i, d := range dossiers {
			var number string
			if err := bulk.engine.reads.NewRaw(`SELECT number FROM tickets WHERE id = ?`, d.ID).Scan(ctx, &number); err != nil {
				return err
			}
			dossiers[i].View = d.Numbered(number)
		}
		return addDossiers(ctx, tx, dossiers)
	})
	if err != nil {
		t.Fatal(err)
	}
	for table, key := range map[string]string{
		"accounts": "id", "tickets": "id", "sla_events": "ticket_id, seq", "sla_clocks": "ticket_id",
	} {
		want := jsonRows(t, single, table, key)
		if diff := cmp.Diff(want, jsonRows(t, bulk, table, key)); diff != "" || len(want) < len(dossiers) {
			t.Errorf("%s: %d rows, want -, got +:\n%s", table, len(want), diff)
		}
	}
}
