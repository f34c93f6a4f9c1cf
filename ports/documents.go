package ports

import (
	"context"

	"tickt/domain"
)

// Kinds of rows from which the documents of tickets are derived.
const (
	SearchedTickets DerivedKind = "searched tickets"
	// SearchedAccounts are accounts, which are searched too; see Accounts.Reindex.
	SearchedAccounts DerivedKind = "searched accounts"
	// SearchedRequesters are accounts whose name or address changed: the tickets that are for them are marked.
	SearchedRequesters DerivedKind = "requesters"
)

// SearchRule is the number of the rule by which documents are made. Raise it when the rule changes.
const SearchRule = 1

// Documents are what is searched of tickets. A store keeps them itself when tickets and comments are written. Of a long document,
// it may only mark the ticket (SearchedTickets) when a text is added; Rewrite then makes the document. Texts that were changed
// or taken back are out of it at once. If the name or the address of an account changes, the store marks the account
// (SearchedRequesters).
type Documents interface {
	// List returns the ids of at most limit tickets that are not deleted and greater than after, in their order.
	List(ctx context.Context, after domain.ID, limit int) ([]domain.ID, error)
	// CountAfter returns how many tickets that are not deleted have an id greater than after.
	CountAfter(ctx context.Context, after domain.ID) (int, error)
	// Rewrite locks those of the tickets that exist, and makes their documents again.
	Rewrite(ctx context.Context, tickets []domain.ID) error
	// MarkRequested marks the tickets whose requesters are the accounts.
	MarkRequested(ctx context.Context, accounts []domain.ID) error
}
