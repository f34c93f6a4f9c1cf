package contract

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/search"
	"tickt/ports"
)

// accountModel is a store of accounts with a copy of its content, from which the expected lists are computed.
type accountModel struct {
	suite
	roles    []access.Role
	accounts map[domain.ID]account.Account
}

func accountLists(t *testing.T, d suite) {
	s := &accountModel{suite: d, accounts: map[domain.ID]account.Account{}}
	t.Run("an empty list has one empty page", func(t *testing.T) { s.compare(t) })
	s.populate(t)
	t.Run("accounts are listed by page, the newest first, with roles and total", func(t *testing.T) { s.compare(t) })
	t.Run("an account is shown with the name of its role", func(t *testing.T) { s.checkViews(t) })
	t.Run("lists and totals reflect every change immediately", func(t *testing.T) { s.checkChanges(t) })
	t.Run("a failed Update changes no total", func(t *testing.T) { s.checkFailedUpdate(t) })
	t.Run("concurrent changes are all counted", func(t *testing.T) { s.checkConcurrentChanges(t) })
	t.Run("accounts are found by the beginnings of words", func(t *testing.T) { s.checkSearch(t) })
	t.Run("a role is given to many accounts at once", func(t *testing.T) { s.checkGivingRoles(t) })
}

// populate adds accounts of both states, with and without roles; some have the same age.
func (s *accountModel) populate(t *testing.T) {
	t.Helper()
	s.roles = []access.Role{someRole(), someRole(), someRole()} // no account has the last one
	s.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
		for _, r := range s.roles {
			err = errors.Join(err, tx.Roles.Add(ctx, r))
		}
		return err
	})
	for i := range 12 {
		a := someAccount()
		a.CreatedAt, a.IsActive = noon.Add(time.Duration(i/2)*time.Microsecond), i%3 != 0
		if i%4 != 0 {
			a.RoleID = s.roles[i%2].ID
		}
		s.add(t, a)
	}
}

func (s *accountModel) add(t *testing.T, a account.Account) {
	t.Helper()
	s.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, a) })
	s.accounts[a.ID] = a
}

func (s *accountModel) save(t *testing.T, a account.Account) {
	t.Helper()
	s.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Save(ctx, a) })
	s.accounts[a.ID] = a
}

// want returns the expected list.
func (s *accountModel) want(match func(account.Account) bool) []ports.AccountView {
	out := []ports.AccountView{}
	for _, a := range s.accounts {
		if match(a) {
			out = append(out, ports.AccountView{Account: a, Role: s.role(a.RoleID)})
		}
	}
	slices.SortFunc(out, func(a, b ports.AccountView) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID))
	})
	return out
}

func (s *accountModel) role(id domain.ID) string {
	return firstWhere(s.roles, func(r access.Role) bool { return r.ID == id }).Name
}

// compare compares every list of accounts and every total with the model.
func (s *accountModel) compare(t *testing.T) {
	t.Helper()
	yes, no := true, false
	roles := []domain.ID{"", newID()}
	for _, r := range s.roles {
		roles = append(roles, r.ID)
		held := s.want(func(a account.Account) bool { return a.RoleID == r.ID })
		view, err := getRole(t, s.suite, r.ID)
		if must(t, err); view.AccountCount != len(held) {
			t.Errorf("%d accounts have the role, want %d", view.AccountCount, len(held))
		}
	}
	for _, role := range roles {
		for _, active := range []*bool{nil, &yes, &no} {
			s.compareOne(t, ports.AccountFilter{Active: active, Role: role})
		}
	}
	holding := s.want(func(a account.Account) bool { return a.IsActive && a.RoleID != "" })
	comparePages(t, s.suite, holding, func(ctx context.Context, tx ports.Tx, p ports.Page) ([]ports.AccountView, int, error) {
		return tx.AccountRoles.List(ctx, p)
	})
}

func (s *accountModel) compareOne(t *testing.T, f ports.AccountFilter) {
	t.Helper()
	want := s.want(func(a account.Account) bool {
		found := (f.Active == nil || *f.Active == a.IsActive) && (f.Role == "" || f.Role == a.RoleID)
		hasNumber := f.PhonePrefix != "" && strings.Contains(a.Document().Public, " "+f.PhonePrefix)
		return found && (f.Search == nil || hasNumber || f.Search.Matches(a.Document(), false))
	})
	comparePages(t, s.suite, want, func(ctx context.Context, tx ports.Tx, p ports.Page) ([]ports.AccountView, int, error) {
		return tx.Accounts.List(ctx, f, p)
	})
}

// comparePages reads a list page by page, and one page beyond its end.
func comparePages[V any](t *testing.T, d suite, want []V, list func(context.Context, ports.Tx, ports.Page) ([]V, int, error)) {
	t.Helper()
	const size = 5
	for number := 1; number <= len(want)/size+2; number++ {
		got := read(t, d, func(ctx context.Context, tx ports.Tx) ([]V, error) {
			views, n, err := list(ctx, tx, ports.Page{Number: number, Size: size})
			if n != len(want) {
				t.Errorf("%d in all, want %d", n, len(want))
			}
			return views, err
		})
		from := min((number-1)*size, len(want))
		same(t, got, append([]V{}, want[from:min(from+size, len(want))]...))
	}
}

func (s *accountModel) checkViews(t *testing.T) {
	view := func(id domain.ID) (ports.AccountView, error) {
		return attempt(t, s.suite, func(ctx context.Context, tx ports.Tx) (ports.AccountView, error) { return tx.Accounts.View(ctx, id) })
	}
	for _, want := range s.want(func(account.Account) bool { return true }) {
		got, err := view(want.ID)
		must(t, err)
		same(t, got, want)
	}
	_, err := view(newID())
	wantMissing(t, err)
}

// checkChanges takes one account through every change that affects a list or a total.
func (s *accountModel) checkChanges(t *testing.T) {
	a := someAccount()
	for _, step := range []func(){
		func() { s.add(t, a) },
		func() { a.RoleID = s.roles[0].ID; s.save(t, a) },
		func() { a.RoleID = s.roles[1].ID; s.save(t, a) },
		func() { a.IsActive = false; s.save(t, a) },
		func() { a.IsActive, a.RoleID = true, ""; s.save(t, a) },
		func() { a.LastLogin = noon.Add(time.Hour); s.save(t, a) },
		func() {
			s.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Remove(ctx, a.ID) })
			delete(s.accounts, a.ID)
		},
	} {
		step()
		s.compare(t)
	}
}

func (s *accountModel) checkFailedUpdate(t *testing.T) {
	refused := errors.New("refused")
	err := s.try(t, func(ctx context.Context, tx ports.Tx) error {
		must(t, tx.Accounts.Add(ctx, someAccount()))
		return refused
	})
	if !errors.Is(err, refused) {
		t.Error(err)
	}
	s.compare(t)
}

// checkConcurrentChanges adds, changes and removes accounts of two roles concurrently.
func (s *accountModel) checkConcurrentChanges(t *testing.T) {
	const n = 8
	var added, moved, removed [n]account.Account
	for i := range n {
		added[i], moved[i], removed[i] = someAccount(), someAccount(), someAccount()
		added[i].RoleID, removed[i].RoleID = s.roles[i%2].ID, s.roles[(i+1)%2].ID
		s.add(t, moved[i])
		s.add(t, removed[i])
	}
	wantNoErrors(t, concurrently(3*n, func(k int) error {
		return s.try(t, func(ctx context.Context, tx ports.Tx) error {
			switch i := k / 3; k % 3 {
			case 0:
				return tx.Accounts.Add(ctx, added[i])
			case 1:
				a := moved[i]
				a.RoleID, a.IsActive = s.roles[i%2].ID, i%3 == 0
				return tx.Accounts.Save(ctx, a)
			default:
				return tx.Accounts.Remove(ctx, removed[i].ID)
			}
		})
	}))
	for i := range n {
		a := moved[i]
		a.RoleID, a.IsActive = s.roles[i%2].ID, i%3 == 0
		s.accounts[added[i].ID], s.accounts[a.ID] = added[i], a
		delete(s.accounts, removed[i].ID)
	}
	s.compare(t)
}

// accountSearch returns a search for accounts that was typed.
func accountSearch(typed string) *search.Query {
	q, _ := search.Parse(typed)
	return &q
}

// searchFilter returns the filter of a search for accounts.
func searchFilter(typed string) ports.AccountFilter {
	number := account.PhoneSearch(typed)
	return ports.AccountFilter{Search: accountSearch(typed), Phone: number, PhonePrefix: account.PhonePrefix(number)}
}

func (s *accountModel) checkSearch(t *testing.T) {
	a, b := someAccount(), someAccount()
	a.Username, a.UsernameKey, a.Email, a.EmailKey, a.Phone = "Ärzte.Büro-7", domain.FoldCase("Ärzte.Büro-7"), "Desk@Klinik.example",
		"desk@klinik.example", "+9779841234567"
	b.Username, b.UsernameKey, b.Email, b.EmailKey, b.Phone = "Ärztin", domain.FoldCase("Ärztin"), "o'neil+x@example.com",
		"o'neil+x@example.com",
		"+14155550123"
	a.CreatedAt, b.CreatedAt = noon.Add(time.Hour), noon.Add(2*time.Hour)
	s.add(t, a)
	s.add(t, b)
	yes, no := true, false
	for text, want := range map[string][]domain.ID{
		"ärzte": {a.ID}, "ÄRZT": {b.ID, a.ID}, "arzt": {b.ID, a.ID}, "A\u0308rzte": {a.ID}, "büro": {a.ID}, "ärzte 7": {a.ID},
		"7 ärzte": {a.ID}, "üro": {},
		"klinik": {a.ID}, "desk@klinik.example": {a.ID}, "o'neil": {b.ID}, "+9779841234567": {a.ID}, "9841234567": {a.ID},
		"98412": {a.ID}, "4155550123": {b.ID}, "+1 415": {b.ID}, "234567": {}, "ärzte neil": {},
		"+977 984-123 4567": {a.ID}, "00977 (984) 123": {a.ID}, "0984.123": {a.ID}, "९८४१२३४": {a.ID}, "＋９７７９８４１": {a.ID},
		"\u202a+977 9841\u202c": {a.ID},
		`"o'neil"`:              {b.ID}, `"neil o"`: {}, `"klinik example"`: {a.ID}, `"ärzte desk"`: {},
	} {
		found := read(t, s.suite, func(ctx context.Context, tx ports.Tx) (ids []domain.ID, err error) {
			views, n, err := tx.Accounts.List(ctx, searchFilter(text), ports.Page{Number: 1, Size: 10})
			for _, v := range views {
				ids = append(ids, v.ID)
			}
			if n != len(views) {
				t.Errorf("%q: %d found, %d in all", text, len(views), n)
			}
			return ids, err
		})
		if !slices.Equal(found, want) {
			t.Errorf("%q finds %v, want %v", text, found, want)
		}
	}
	for _, f := range []ports.AccountFilter{
		searchFilter("?!"),
		searchFilter("élan"),
		searchFilter("9841"),
		{Search: accountSearch("élan example"), Active: &yes},
		{Search: accountSearch("élan"), Active: &no, Role: s.roles[0].ID},
	} {
		s.compareOne(t, f)
	}
	a.Username, a.UsernameKey, a.Phone = "Renamed", "renamed", "+33123456789"
	s.save(t, a)
	for _, word := range []string{"ärzte", "renamed", "9841234567", "123456789"} {
		s.compareOne(t, searchFilter(word))
	}
	s.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Remove(ctx, a.ID) })
	delete(s.accounts, a.ID)
	s.compareOne(t, searchFilter("renamed"))
}

// checkGivingRoles locks accounts, some of which do not exist or occur twice, and assigns them a role.
func (s *accountModel) checkGivingRoles(t *testing.T) {
	all := s.want(func(a account.Account) bool { return a.IsActive })
	later := noon.Add(3 * time.Hour)
	ids, want := []domain.ID{newID(), all[2].ID}, []account.Account{}
	for _, v := range all[:4] {
		ids, want = append(ids, v.ID), append(want, v.Account)
	}
	slices.SortFunc(want, func(a, b account.Account) int { return cmp.Compare(a.ID, b.ID) })
	s.update(t, func(ctx context.Context, tx ports.Tx) error {
		locked, err := tx.AccountRoles.Lock(ctx, ids)
		same(t, locked, want)
		none, err2 := tx.AccountRoles.Lock(ctx, nil)
		same(t, none, []account.Account{})
		return errors.Join(err, err2, tx.AccountRoles.Give(ctx, ids, s.roles[2].ID, later))
	})
	for _, a := range want {
		a.RoleID, a.UpdatedAt = s.roles[2].ID, later
		s.accounts[a.ID] = a
	}
	s.compare(t)
	wantNoErrors(t, concurrently(12, func(i int) error { // in both directions, which could deadlock
		return s.try(t, func(ctx context.Context, tx ports.Tx) error {
			mine := slices.Clone(ids)
			if i%2 == 0 {
				slices.Reverse(mine)
			}
			_, err := tx.AccountRoles.Lock(ctx, mine)
			return errors.Join(err, tx.AccountRoles.Give(ctx, mine, s.roles[2].ID, later))
		})
	}))
	s.compare(t)
}
