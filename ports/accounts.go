package ports

import (
	"context"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/query"
	"tickt/domain/search"
)

// Accounts are unique by user name ("username"), e-mail ("email") and phone ("phoneNumber"): by the key of the user name and, since
// earlier releases look it up so, by the folded user name.
type Accounts interface {
	Add(ctx context.Context, a account.Account) error
	Get(ctx context.Context, id domain.ID) (account.Account, error)
	// View is Get with the names that belong to the ids.
	View(ctx context.Context, id domain.ID) (AccountView, error)
	Lock(ctx context.Context, id domain.ID) (account.Account, error)
	// Named returns the account that a lookup finds.
	Named(ctx context.Context, name account.Lookup) (account.Account, error)
	// WithEmail returns the account with the key of an e-mail address.
	WithEmail(ctx context.Context, emailKey string) (account.Account, error)
	Save(ctx context.Context, a account.Account) error
	// Taken returns which of the three unique values of an account belong to another: the field names of Taken, in the order
	// username, email, phoneNumber. A user name also belongs to an account whose key is not derived yet, if there are not many.
	Taken(ctx context.Context, a account.Account) ([]string, error)
	// Remove also removes the account's sessions, known addresses and assignments. It fails with ErrInUse if anything else refers to the
	// account: tickets, including deleted ones, their comments, history and notification logs, and assignments that it made
	// for others.
	Remove(ctx context.Context, id domain.ID) error
	// List returns the accounts, the newest first, and how many match in total.
	List(ctx context.Context, f AccountFilter, page Page) ([]AccountView, int, error)
	// People returns at most size active accounts that match the filter, in the order of the bytes of the keys of their
	// user names. If the reach is not all, these are only its account, and the customers, creators, assignees and authors of
	// public comments of the tickets within it.
	People(ctx context.Context, reach access.Reach, f PeopleFilter, size int) ([]Person, error)
	// Reindex locks those of the accounts that exist, and derives again what is searched of them. Add and Save do so too.
	Reindex(ctx context.Context, ids []domain.ID) error
	// ActiveSuperusers counts the superusers that can sign in.
	ActiveSuperusers(ctx context.Context) (int, error)
	// LockSuperusers locks the superusers that can sign in and returns how many there are. No other Update can take one of
	// them away until this one ends.
	LockSuperusers(ctx context.Context) (int, error)
	// Holdings returns what those of the accounts hold that exist, by id, in one round trip, whether or not they can sign
	// in; there may be no ids. A superuser holds only its own assignments and what its role permits.
	Holdings(ctx context.Context, ids []domain.ID) (map[domain.ID]access.Holding, error)
	// OwnInRole returns what the accounts of a role that are not superusers hold by their own assignments, all together and
	// whether or not they can sign in, in one round trip. Menus may occur several times; the grants have no URLs.
	OwnInRole(ctx context.Context, role domain.ID) (access.Grants, error)
}

// AccountView is an account with the name of its role; "" without one.
type AccountView struct {
	account.Account
	Role string
}

// AccountFilter selects accounts. All conditions that are set must hold.
type AccountFilter struct {
	Active *bool
	Role   domain.ID
	Search *search.Query // matches account.Account.Document; nil: no condition
	// Phone is the search if it looks like a phone number, see account.PhoneSearch; otherwise "". An account whose number begins
	// with PhonePrefix matches a search as well.
	Phone       string
	PhonePrefix string
}

// ReadAccountFilter reads the filter of an account list: the active accounts, unless the query says otherwise.
func ReadAccountFilter(q *query.Query) AccountFilter {
	f := AccountFilter{Active: readActive(q), Role: q.ID("role"), Search: q.SearchQuery("search")}
	if f.Search != nil {
		f.Phone = account.PhoneSearch(f.Search.Typed)
		f.PhonePrefix = account.PhonePrefix(f.Phone)
	}
	return f
}

// readActive returns nil if both active and inactive accounts are wanted.
func readActive(q *query.Query) *bool {
	const name = "is_active"
	text, given := q.One(name)
	active, ok := query.Bool(text)
	switch {
	case !given:
		active = true
	case strings.EqualFold(text, "all"):
		return nil
	case !ok:
		q.Add(name, domain.CodeFlagOrAll)
	}
	return &active
}

// AccountRoles are the accounts as holders of roles.
type AccountRoles interface {
	// List returns the active accounts that hold a role, the newest first, and how many there are in total.
	List(ctx context.Context, page Page) ([]AccountView, int, error)
	// Lock locks those of the accounts that exist and returns them by id, in one round trip.
	Lock(ctx context.Context, ids []domain.ID) ([]account.Account, error)
	// Give assigns a role to accounts, which must be locked, in one round trip.
	Give(ctx context.Context, ids []domain.ID, role domain.ID, now time.Time) error
}
