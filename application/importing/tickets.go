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

// uniqueOfAccount are the values that no two accounts share, by the names that they have in ports.Taken.
var uniqueOfAccount = []struct {
	field  string
	column ports.ImportKey
	of     func(account.Account) string
}{
	{"username", ports.AccountUsername, func(a account.Account) string { return a.UsernameKey }},
	{"email", ports.AccountEmail, func(a account.Account) string { return a.EmailKey }},
	{"phoneNumber", ports.AccountPhone, func(a account.Account) string { return a.Phone }},
}

// takeAccounts loses no account that has an id: what cannot be as it was gets a placeholder.
func (t *takeover) takeAccounts(ctx context.Context) error {
	return take(ctx, t, t.From.Accounts, ports.AccountID, func(missing []fresh[account.Record], _ []domain.ID, r *Table) error {
		all := make([]account.Account, len(missing))
		remarks := make([]domain.Notes, len(missing))
		for i, f := range missing {
			f.rec.RoleID = t.roles[f.rec.Role]
			f.rec.E164, _ = t.Phones.Normalise(f.rec.Phone)
			if t.Passwords.Readable(f.rec.Password) {
				f.rec.Hash = f.rec.Password
			}
			all[i], remarks[i] = account.Restore(f.id, f.rec, t.Clock())
		}
		if err := t.distinguish(ctx, all, remarks); err != nil {
			return err
		}
		for i, a := range all {
			t.open[a.ID] = true
			r.note(a.Username, remarks[i]...)
			if !a.HasPassword() {
				t.report.WithoutPassword = append(t.report.WithoutPassword, a.Username)
			}
		}
		r.Written += len(all)
		return t.tx.Imports.Add(ctx, ports.ImportBatch{Accounts: all})
	})
}

// distinguish makes accounts differ from those that are there and from each other; of two, the first keeps what is its.
func (t *takeover) distinguish(ctx context.Context, all []account.Account, remarks []domain.Notes) error {
	for _, u := range uniqueOfAccount {
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
				remarks[i] = append(remarks[i], all[i].Distinguish(u.field)...)
			}
			taken[u.of(all[i])] = true
		}
	}
	return nil
}

// knownAccounts are accounts that are here, by id, with their user names.
type knownAccounts map[domain.ID]string

// id gives the account that a reference of the original leads to; "" for none.
func (k knownAccounts) id(reference string) domain.ID {
	if _, ok := k[domain.ID(reference)]; ok {
		return domain.ID(reference)
	}
	return ""
}

// accounts looks up what references of the original lead to.
func (t *takeover) accounts(ctx context.Context, references []string) (knownAccounts, error) {
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

func (t *takeover) takeTickets(ctx context.Context) error {
	return take(ctx, t, t.From.Tickets, ports.TicketID, func(missing []fresh[ticket.Record], _ []domain.ID, r *Table) error {
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
			v, ledger, notes, reason := ticket.Restore(f.id, f.rec, t.referred(f.rec, known), t.Clock())
			if reason == "" && taken[v.Number] {
				reason = "another ticket has its number"
			}
			if reason != "" {
				r.skip(named(f.rec.Number, f.key), reason)
				continue
			}
			taken[v.Number] = true
			t.count(v.Number)
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

// named is how a report names a row: by its name, where it has one, and its id.
func named(name, id string) string {
	if name == "" {
		return id
	}
	return name + " " + id
}

func (t *takeover) referred(rec ticket.Record, known knownAccounts) ticket.Referred {
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

// count notes a number that was given, so that it is never given again.
func (t *takeover) count(number string) {
	if day, n, ok := ticket.ParseNumber(number); ok {
		t.numbers[day] = max(t.numbers[day], n)
	}
}

func (t *takeover) takeNotificationLogs(ctx context.Context) error {
	return take(
		ctx,
		t,
		t.From.NotificationLogs,
		ports.NotificationLogID,
		func(missing []fresh[notification.Record], _ []domain.ID, r *Table) error {
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
