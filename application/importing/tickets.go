package importing

import (
	"context"
	"strings"

	"tickt/application/record"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
)

// uniqueAccountFields are the unique fields of accounts, by the names that they have in ports.Taken.
var uniqueAccountFields = []struct {
	field  string
	column ports.ImportKey
	of     func(account.Account) string
}{
	{"username", ports.AccountUsername, func(a account.Account) string { return a.UsernameKey }},
	{"email", ports.AccountEmail, func(a account.Account) string { return a.EmailKey }},
	{"phoneNumber", ports.AccountPhone, func(a account.Account) string { return a.Phone }},
}

// importAccounts imports every account that has a valid id: values that cannot be kept get a placeholder.
func (t *importRun) importAccounts(ctx context.Context) error {
	return importTable(ctx, t, t.From.Accounts, ports.AccountID, func(missing []missingRow[account.Record], _ []domain.ID, r *Table) error {
		all := make([]account.Account, len(missing))
		notes := make([]domain.Notes, len(missing))
		for i, f := range missing {
			f.rec.RoleID = t.roles[f.rec.Role]
			f.rec.E164, _ = t.Phones.Normalise(f.rec.Phone)
			if a, ok := t.Addresses.Read(f.rec.Email); ok {
				f.rec.Email, f.rec.EmailKey = a.Text, a.Key
			}
			if t.Passwords.Readable(f.rec.Password) {
				f.rec.Hash = f.rec.Password
			}
			all[i], notes[i] = account.Restore(f.id, f.rec, t.Clock())
		}
		if err := t.distinguish(ctx, all, notes); err != nil {
			return err
		}
		for i, a := range all {
			t.takesPermissions[a.ID] = true
			r.note(a.Username, notes[i]...)
			if !a.HasPassword() {
				t.report.WithoutPassword = append(t.report.WithoutPassword, a.Username)
			}
		}
		r.Written += len(all)
		return t.tx.Imports.Add(ctx, ports.ImportBatch{Accounts: all})
	})
}

// distinguish changes values that existing accounts or earlier ones of all have already, and adds notes on it.
func (t *importRun) distinguish(ctx context.Context, all []account.Account, notes []domain.Notes) error {
	for _, u := range uniqueAccountFields {
		values := make([]string, len(all))
		for i, a := range all {
			values[i] = u.of(a)
		}
		taken, err := t.present(ctx, u.column, values)
		if err != nil {
			return err
		}
		for i := range all {
			if taken[values[i]] {
				notes[i] = append(notes[i], all[i].Distinguish(u.field)...)
			}
			taken[u.of(all[i])] = true
		}
	}
	return nil
}

// knownAccounts are the user names of existing accounts by id.
type knownAccounts map[domain.ID]string

// id returns the account of a reference of the original; "" if there is none.
func (k knownAccounts) id(reference string) domain.ID {
	if _, ok := k[domain.ID(reference)]; ok {
		return domain.ID(reference)
	}
	return ""
}

// accounts reads the accounts of references of the original.
func (t *importRun) accounts(ctx context.Context, references []string) (knownAccounts, error) {
	var ids []domain.ID
	seen := map[domain.ID]bool{}
	for _, reference := range references {
		if id, ok := domain.ParseID(reference); ok && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return t.tx.Imports.Usernames(ctx, ids)
}

func (t *importRun) importTickets(ctx context.Context) error {
	return importTable(ctx, t, t.From.Tickets, ports.TicketID, func(missing []missingRow[ticket.Record], _ []domain.ID, r *Table) error {
		names, numbers := make([]string, 0, 3*len(missing)), make([]string, len(missing))
		for i, f := range missing {
			names = append(names, f.rec.CreatedFor, f.rec.AssignedTo, f.rec.CreatedBy)
			numbers[i] = strings.TrimSpace(f.rec.Number)
		}
		known, err := t.accounts(ctx, names)
		if err != nil {
			return err
		}
		taken, err := t.present(ctx, ports.TicketNumber, numbers)
		if err != nil {
			return err
		}
		var batch ports.ImportBatch
		var entries []ticket.Entry
		var promised []record.Change
		for _, f := range missing {
			v, ledger, notes, reason := ticket.Restore(f.id, f.rec, t.references(f.rec, known), t.Clock())
			if reason == "" && taken[v.Number] {
				reason = "another ticket has its number"
			}
			if reason != "" {
				r.skip(rowLabel(f.rec.Number, f.key), reason)
				continue
			}
			taken[v.Number] = true
			t.noteNumber(v.Number)
			r.note(v.Number, notes...)
			batch.Tickets = append(batch.Tickets, v)
			entries = append(
				entries,
				ticket.History(ticket.View{}, v, ticket.Cause{Actor: v.CreatedBy, Via: access.ViaImport, At: v.CreatedAt}, t.NewID)...)
			promised = append(promised, record.Change{After: v, Ledger: ledger, At: t.Clock()})
			r.Written++
		}
		if err := t.tx.Imports.Add(ctx, batch); err != nil {
			return err
		}
		if err := record.KeepLedgers(ctx, t.tx, promised); err != nil {
			return err
		}
		return t.tx.History.Add(ctx, entries)
	})
}

// rowLabel returns how a report names a row: by its name, if it has one, and its id.
func rowLabel(name, id string) string {
	if name == "" {
		return id
	}
	return name + " " + id
}

func (t *importRun) references(rec ticket.Record, known knownAccounts) ticket.Referred {
	to := ticket.Referred{
		MenuID:     t.menus[rec.Menu],
		CreatedFor: known.id(rec.CreatedFor), AssignedTo: known.id(rec.AssignedTo), CreatedBy: known.id(rec.CreatedBy),
	}
	to.CreatedByName = known[to.CreatedBy]
	if s, ok := t.statuses[rec.Status]; ok {
		to.Status = &s
	}
	if p, ok := t.priorities[rec.Priority]; ok {
		to.Priority = &p
	}
	return to
}

// noteNumber remembers a ticket number, so that it is never assigned again.
func (t *importRun) noteNumber(number string) {
	if day, n, ok := ticket.ParseNumber(number); ok {
		t.numbers[day] = max(t.numbers[day], n)
	}
}

func (t *importRun) importNotificationLogs(ctx context.Context) error {
	return importTable(
		ctx,
		t,
		t.From.NotificationLogs,
		ports.NotificationLogID,
		func(missing []missingRow[notification.Record], _ []domain.ID, r *Table) error {
			names, about := make([]string, 0, 2*len(missing)), make([]string, 0, len(missing))
			for _, f := range missing {
				names, about = append(names, f.rec.Recipient, f.rec.Sender), append(about, f.rec.Ticket)
			}
			known, err := t.accounts(ctx, names)
			if err != nil {
				return err
			}
			tickets, err := t.present(ctx, ports.TicketID, about)
			if err != nil {
				return err
			}
			var logs []notification.Log
			for _, f := range missing {
				var about domain.ID
				if tickets[f.rec.Ticket] {
					about = domain.ID(f.rec.Ticket)
				}
				l, notes, reason := notification.Restore(f.id, known.id(f.rec.Recipient), known.id(f.rec.Sender), about, f.rec, t.Clock())
				if reason != "" {
					r.skip(f.key, reason)
					continue
				}
				r.note(f.key, notes...)
				logs = append(logs, l)
				r.Written++
			}
			if len(logs) == 0 {
				return nil
			}
			return t.tx.NotificationLogs.Add(ctx, logs...)
		},
	)
}
