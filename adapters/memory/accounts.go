package memory

import (
	"context"

	"tickt/domain"
	"tickt/domain/account"
)

type accounts struct{ *tx }

func newAccounts() *table[domain.ID, account.Account] {
	return newTable(
		oneOf("username", func(a account.Account) string { return a.UsernameKey }),
		oneOf("email", func(a account.Account) string { return a.EmailKey }),
		oneOf("phoneNumber", func(a account.Account) string { return a.Phone }),
	)
}

func (s accounts) Add(_ context.Context, a account.Account) error {
	return s.accounts.add(s.log, a.ID, a)
}

func (s accounts) Get(_ context.Context, id domain.ID) (account.Account, error) {
	return s.accounts.get(id)
}

func (s accounts) Lock(_ context.Context, id domain.ID) (account.Account, error) {
	return s.accounts.lock(s.log, id)
}

func (s accounts) Named(_ context.Context, usernameKey string) (account.Account, error) {
	id, _ := s.accounts.holder(0, usernameKey)
	return s.accounts.get(id)
}

func (s accounts) Save(_ context.Context, a account.Account) error {
	return s.accounts.save(s.log, a.ID, a)
}

func (s accounts) Taken(_ context.Context, usernameKey, emailKey, phone string, except domain.ID) ([]string, error) {
	return s.accounts.taken(except, usernameKey, emailKey, phone), nil
}

func (s accounts) ActiveSuperusers(context.Context) (n int, err error) {
	for _, a := range s.accounts.rows {
		if a.IsActive && a.IsSuperuser {
			n++
		}
	}
	return n, nil
}
