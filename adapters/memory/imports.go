package memory

import (
	"context"
	"errors"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
)

type imports struct{ *tx }

var errNoColumn = errors.New("memory: unknown import key")

func (s imports) Present(_ context.Context, column ports.ImportKey, values []string) ([]string, error) {
	held := s.column(column)
	if held == nil {
		return nil, errNoColumn
	}
	found := []string{}
	for _, v := range values {
		if held[v] {
			found = append(found, v)
			delete(held, v)
		}
	}
	return found, nil
}

// column returns all values of a column; nil if the column is unknown.
func (s imports) column(column ports.ImportKey) map[string]bool {
	switch column {
	case ports.RoleID:
		return valuesOf(s.roles, func(x access.Role) string { return string(x.ID) })
	case ports.MenuID:
		return valuesOf(s.menus, func(x access.Menu) string { return string(x.ID) })
	case ports.RolePermissionID:
		return valuesOf(s.rolePermissions, func(x access.RolePermission) string { return string(x.ID) })
	case ports.StatusID:
		return valuesOf(s.statuses, func(x ticket.Status) string { return string(x.ID) })
	case ports.PriorityID:
		return valuesOf(s.priorities, func(x ticket.Priority) string { return string(x.ID) })
	case ports.AccountID:
		return valuesOf(s.accounts, func(x account.Account) string { return string(x.ID) })
	case ports.AccountUsername:
		return valuesOf(s.accounts, func(x account.Account) string { return x.UsernameKey })
	case ports.AccountEmail:
		return valuesOf(s.accounts, func(x account.Account) string { return x.EmailKey })
	case ports.AccountPhone:
		return valuesOf(s.accounts, func(x account.Account) string { return x.Phone })
	case ports.AccountPermissionID:
		return valuesOf(s.accountPermissions, func(x access.AccountPermission) string { return string(x.ID) })
	case ports.TicketID:
		return valuesOf(s.tickets, func(x ticket.Ticket) string { return string(x.ID) })
	case ports.TicketNumber:
		return valuesOf(s.tickets, func(x ticket.Ticket) string { return x.Number })
	case ports.TicketStatus:
		return valuesOf(s.tickets, func(x ticket.Ticket) string { return string(x.StatusID) })
	case ports.TicketPriority:
		return valuesOf(s.tickets, func(x ticket.Ticket) string { return string(x.PriorityID) })
	case ports.NotificationLogID:
		return valuesOf(s.notificationLogs, func(x notification.Log) string { return string(x.ID) })
	}
	return nil
}

func valuesOf[V any](t *table[domain.ID, V], value func(V) string) map[string]bool {
	held := make(map[string]bool, len(t.rows))
	for _, v := range t.rows {
		held[value(v)] = true
	}
	return held
}

func (s imports) Usernames(_ context.Context, ids []domain.ID) (map[domain.ID]string, error) {
	names := map[domain.ID]string{}
	for _, id := range ids {
		if a, err := s.accounts.get(id); err == nil {
			names[id] = a.Username
		}
	}
	return names, nil
}

func (s imports) Add(_ context.Context, b ports.ImportBatch) error {
	return errors.Join(
		addAll(s.log, s.roles, b.Roles, func(x access.Role) domain.ID { return x.ID }),
		addAll(s.log, s.menus, b.Menus, func(x access.Menu) domain.ID { return x.ID }),
		addAll(s.log, s.rolePermissions, b.RolePermissions, func(x access.RolePermission) domain.ID { return x.ID }),
		addAll(s.log, s.statuses, b.Statuses, func(x ticket.Status) domain.ID { return x.ID }),
		addAll(s.log, s.priorities, b.Priorities, func(x ticket.Priority) domain.ID { return x.ID }),
		addAll(s.log, s.accounts, b.Accounts, func(x account.Account) domain.ID { return x.ID }),
		addAll(s.log, s.accountPermissions, b.AccountPermissions, func(x access.AccountPermission) domain.ID { return x.ID }),
		s.addTickets(b.Tickets),
	)
}

func (s imports) addTickets(all []ticket.View) error {
	for _, v := range all {
		if err := s.tickets.add(s.log, v.ID, v.Ticket); err != nil {
			return err
		}
	}
	return nil
}

func addAll[V any](log *journal, t *table[domain.ID, V], all []V, id func(V) domain.ID) error {
	for _, x := range all {
		if err := t.add(log, id(x), x); err != nil {
			return err
		}
	}
	return nil
}

func (s imports) Numbered(_ context.Context, last map[string]int) error {
	for day, n := range last {
		if n <= s.numbers.rows[day] {
			continue
		}
		if err := s.numbers.put(s.log, day, n); err != nil {
			return err
		}
	}
	return nil
}
