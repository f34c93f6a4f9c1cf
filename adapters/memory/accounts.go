package memory

import (
	"context"
	"math"
	"slices"
	"strings"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/sla"
	"tickt/domain/text"
	"tickt/domain/ticket"
	"tickt/ports"
)

type accounts struct{ *tx }

func newAccounts() *table[domain.ID, account.Account] {
	return newTable(
		uniqueOn("username", func(a account.Account) string { return a.UsernameKey }),
		uniqueOn("email", func(a account.Account) string { return a.EmailKey }),
		uniqueOn("phoneNumber", func(a account.Account) string { return a.Phone }),
		uniqueOn("username", func(a account.Account) string { return domain.FoldCase(a.Username) }),
	)
}

func (s accounts) Add(_ context.Context, a account.Account) error {
	return s.accounts.add(s.log, a.ID, a)
}

func (s accounts) Get(_ context.Context, id domain.ID) (account.Account, error) {
	return s.accounts.get(id)
}

func (s accounts) View(_ context.Context, id domain.ID) (ports.AccountView, error) {
	a, err := s.accounts.get(id)
	if err != nil {
		return ports.AccountView{}, err
	}
	return s.accountView(a), nil
}

func (t *tx) accountView(a account.Account) ports.AccountView {
	return ports.AccountView{Account: a, Role: t.roles.rows[a.RoleID].Name}
}

func (s accounts) Lock(_ context.Context, id domain.ID) (account.Account, error) {
	return s.accounts.lock(s.log, id)
}

func (s accounts) Named(_ context.Context, name account.Lookup) (account.Account, error) {
	id, ok := s.accounts.holder(3, name.Folded)
	if !ok && name.Key != "" {
		id, _ = s.accounts.holder(0, name.Key)
	}
	return s.accounts.get(id)
}

func (s accounts) WithEmail(_ context.Context, emailKey string) (account.Account, error) {
	id, _ := s.accounts.holder(1, emailKey)
	return s.accounts.get(id)
}

func (s accounts) Save(_ context.Context, a account.Account) error {
	return s.accounts.save(s.log, a.ID, a)
}

func (s accounts) Taken(_ context.Context, a account.Account) ([]string, error) {
	folded := ""
	if a.UsernameKey != "" {
		folded = domain.FoldCase(a.Username)
	}
	fields := s.accounts.taken(a.ID, a.UsernameKey, a.EmailKey, a.Phone, folded)
	if last := len(fields) - 1; last >= 0 && fields[last] == "username" || a.UsernameKey == text.Key(a.Username) && s.underivedHas(a) {
		fields = append([]string{"username"}, slices.DeleteFunc(fields, func(f string) bool { return f == "username" })...)
	}
	return fields, nil
}

// underivedHas reports whether another account has the same user name and no key yet.
func (s accounts) underivedHas(a account.Account) bool {
	return a.UsernameKey != "" && s.accounts.any(func(o account.Account) bool {
		return o.UsernameKey == "" && o.ID != a.ID && text.Key(o.Username) == a.UsernameKey
	})
}

func (s accounts) Remove(ctx context.Context, id domain.ID) error {
	if s.isReferenced(id) {
		return ports.ErrInUse
	}
	if err := s.accounts.remove(s.log, id); err != nil {
		return err
	}
	if _, err := s.sessions.removeWhere(s.log, math.MaxInt, func(x account.Session) bool { return x.AccountID == id }); err != nil {
		return err
	}
	if err := knownAddresses(s).Forget(ctx, id); err != nil {
		return err
	}
	if _, err := s.operations.removeWhere(s.log, math.MaxInt, func(x sla.Operation) bool { return x.AccountID == id }); err != nil {
		return err
	}
	if _, err := s.accountMails.removeWhere(s.log, math.MaxInt, func(m account.Mail) bool { return m.AccountID == id }); err != nil {
		return err
	}
	_, err := s.accountPermissions.removeWhere(s.log, math.MaxInt, func(p access.AccountPermission) bool { return p.AccountID == id })
	return err
}

// isReferenced reports whether something refers to the account that is not removed with it.
func (s accounts) isReferenced(id domain.ID) bool {
	return s.tickets.any(func(t ticket.Ticket) bool { return t.CreatedBy == id || t.CreatedFor == id || t.AssignedTo == id }) ||
		s.comments.any(func(c ticket.Comment) bool { return c.AuthorID == id }) ||
		s.history.any(func(e ticket.Entry) bool { return e.ActorID == id || e.Names(id) }) ||
		s.notificationLogs.any(func(l notification.Log) bool { return l.RecipientID == id || l.SenderID == id }) ||
		s.accountPermissions.any(func(p access.AccountPermission) bool { return p.AssignedBy == id && p.AccountID != id })
}

func (s accounts) List(_ context.Context, f ports.AccountFilter, page ports.Page) ([]ports.AccountView, int, error) {
	views, n := s.listAccounts(page, func(a account.Account) bool {
		return (f.Active == nil || a.IsActive == *f.Active) && (f.Role == "" || a.RoleID == f.Role) &&
			(f.Search == nil || f.Search.Matches(a.Document(), false) ||
				f.PhonePrefix != "" && strings.Contains(a.Document().Public, " "+f.PhonePrefix))
	})
	return views, n, nil
}

// listAccounts returns a page of the accounts that match, and how many match.
func (t *tx) listAccounts(page ports.Page, match func(account.Account) bool) ([]ports.AccountView, int) {
	all := t.accounts.where(match)
	slices.SortFunc(all, func(a, b account.Account) int { return newestFirst(a.CreatedAt, b.CreatedAt, a.ID, b.ID) })
	views := []ports.AccountView{}
	for _, a := range pageOf(all, page) {
		views = append(views, t.accountView(a))
	}
	return views, len(all)
}

// Reindex does nothing: a document is made of an account when it is searched.
func (s accounts) Reindex(context.Context, []domain.ID) error { return nil }

func (s accounts) ActiveSuperusers(context.Context) (int, error) {
	return len(s.accounts.where(func(a account.Account) bool { return a.IsActive && a.IsSuperuser })), nil
}

func (s accounts) LockSuperusers(ctx context.Context) (int, error) {
	if err := s.log.writable(); err != nil {
		return 0, err
	}
	return s.ActiveSuperusers(ctx)
}

func (s accounts) OwnInRole(_ context.Context, role domain.ID) (access.Grants, error) {
	own := access.Grants{}
	for _, p := range s.accountPermissions.rows {
		if a := s.accounts.rows[p.AccountID]; a.RoleID == role && !a.IsSuperuser {
			own = append(own, access.Grant{MenuID: p.MenuID, Actions: p.Actions})
		}
	}
	return own, nil
}

func (s accounts) Holdings(_ context.Context, ids []domain.ID) (map[domain.ID]access.Holding, error) {
	held := make(map[domain.ID]access.Holding, len(ids))
	for _, id := range ids {
		if a, err := s.accounts.get(id); err == nil {
			held[id] = s.holding(a)
		}
	}
	return held, nil
}
