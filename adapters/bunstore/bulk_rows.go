package bunstore

import (
	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/ticket"
)

// Rows that are written in bulk hold the values of all columns: no column is computed by the statement.

// completeAccountRow is an account with its search column.
type completeAccountRow struct {
	accountRow
	Search tokenSequence `bun:"search"`
}

var completeAccounts = newTable(table[completeAccountRow, account.Account]{
	name: accountTable.name,
	row: func(a account.Account) completeAccountRow {
		return completeAccountRow{newAccountRow(a), searchedOf(a)}
	},
})

// completeTicketRow is a ticket with the columns that lists are ordered by and searched in.
type completeTicketRow struct {
	ticketRow
	StatusWeight   int        `bun:"status_weight"`
	IsActive       bool       `bun:"is_active"`
	PriorityWeight int        `bun:"priority_weight"`
	Creator        string     `bun:"creator"`
	Search         searchText `bun:"search"`
}

var completeTickets = newTable(table[completeTicketRow, ticket.View]{
	name: ticketTable.name,
	row: func(v ticket.View) completeTicketRow {
		return completeTicketRow{
			ticketRow: ticketRow(v.Ticket), StatusWeight: v.StatusWeight, IsActive: v.StatusType.Active(), PriorityWeight: v.PriorityWeight,
			Creator: domain.FoldCase(v.CreatedByName), Search: searchText(v.SearchText()),
		}
	},
})
