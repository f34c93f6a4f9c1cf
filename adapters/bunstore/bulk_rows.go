package bunstore

import (
	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/ticket"
)

// Rows of which many are written at once have everything in them: no statement computes a column of theirs.

// wholeAccountRow is an account with what it is searched in.
type wholeAccountRow struct {
	accountRow
	Search searched `bun:"search"`
}

var wholeAccounts = newTable(table[wholeAccountRow, account.Account]{
	name: accountTable.name,
	row: func(a account.Account) wholeAccountRow {
		return wholeAccountRow{accountRow(a), searched(a.SearchText())}
	},
})

// wholeTicketRow is a ticket with what it is ordered by and searched in.
type wholeTicketRow struct {
	ticketRow
	StatusWeight   int      `bun:"status_weight"`
	IsActive       bool     `bun:"is_active"`
	PriorityWeight int      `bun:"priority_weight"`
	Creator        string   `bun:"creator"`
	Search         searched `bun:"search"`
}

var wholeTickets = newTable(table[wholeTicketRow, ticket.View]{
	name: ticketTable.name,
	row: func(v ticket.View) wholeTicketRow {
		return wholeTicketRow{
			ticketRow: ticketRow(v.Ticket), StatusWeight: v.StatusWeight, IsActive: v.StatusType.Active(), PriorityWeight: v.PriorityWeight,
			Creator: domain.FoldCase(v.CreatedByName), Search: searched(v.SearchText()),
		}
	},
})
