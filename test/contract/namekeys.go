package contract

import (
	"context"
	"errors"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/namekey"
	"tickt/ports"
)

// userNames tests user names of which several have one key.
func userNames(t *testing.T, d suite) {
	add := func(name, key string) account.Account {
		a := someAccount()
		a.Username, a.UsernameKey = name, key
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, a) })
		return a
	}
	found := func(typed string) domain.ID {
		a, err := attempt(t, d, func(ctx context.Context, tx ports.Tx) (account.Account, error) {
			return tx.Accounts.Named(ctx, lookup(typed))
		})
		if err != nil && !errors.Is(err, domain.ErrNotFound) {
			t.Fatal(err)
		}
		return a.ID
	}
	taken := func(name, key string, id domain.ID) bool {
		a := someAccount()
		a.ID, a.Username, a.UsernameKey = id, name, key
		return len(read(t, d, func(ctx context.Context, tx ports.Tx) ([]string, error) { return tx.Accounts.Taken(ctx, a) })) > 0
	}
	t.Run("an account is found by its key, and first by its name", func(t *testing.T) {
		wide := add("ｆａｎｎｙ", "fanny")
		ascii := add("Fanny", "")
		alone := add("Größe", "grösse")
		same(t, []domain.ID{found("ＦＡＮＮＹ"), found("fanny"), found("𝐟anny"), found("GRÖSSE"), found("gro\u0308ße"), found("größ")},
			[]domain.ID{wide.ID, ascii.ID, wide.ID, alone.ID, alone.ID, ""})
	})
	t.Run("a key that is not derived yet is taken", func(t *testing.T) {
		old := add("ｇｉｔａ", "")
		same(t, []bool{
			taken("gita", "gita", newID()), taken("ＧＩＴＡ", "gita", newID()), taken("gita", "gita", old.ID),
			taken("gitanjali", "gitanjali", newID()),
		}, []bool{true, true, false, false})
	})
	t.Run("a key belongs to one account, also in a race", func(t *testing.T) {
		for _, err := range [][]error{concurrently(2, func(i int) error {
			a := someAccount()
			a.Username, a.UsernameKey = []string{"한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"}[i], "한국"
			return d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, a) })
		})} {
			if (err[0] == nil) == (err[1] == nil) {
				t.Errorf("added: %v", err)
			}
			wantTaken(t, errors.Join(err...), "username")
		}
	})
	t.Run("names of one key may be stored without it", func(t *testing.T) {
		a, b := add("ｈａｒｉ", ""), add("hari", "")
		same(t, []string{getAccount(t, d, a.ID).UsernameKey, getAccount(t, d, b.ID).UsernameKey}, []string{"", ""})
	})
}

// nameKeys tests the keys of the names of accounts and statuses. Those of the other kinds are the same on other tables, which
// application/deriving reads.
func nameKeys(t *testing.T, d suite) {
	a, b := someAccount(), someAccount()
	a.Username, a.UsernameKey, b.Username, b.UsernameKey = "ｊａｙａ", "", "Jaya", ""
	if a.ID > b.ID {
		a.ID, b.ID = b.ID, a.ID
	}
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Accounts.Add(ctx, a), tx.Accounts.Add(ctx, b))
	})
	row := func(a account.Account) namekey.Row {
		return namekey.Row{Name: a.Username, Key: a.UsernameKey, ID: a.ID, CreatedAt: a.CreatedAt}
	}
	t.Run("rows are listed in the order of their ids", func(t *testing.T) {
		for _, kind := range ports.NameKinds {
			ids := read(t, d, func(ctx context.Context, tx ports.Tx) ([]domain.ID, error) {
				return tx.NameKeys.IDs(ctx, kind, "", 10_000)
			})
			n := read(t, d, func(ctx context.Context, tx ports.Tx) (int, error) { return tx.NameKeys.CountAfter(ctx, kind, "") })
			same(t, n, len(ids))
			for i := range len(ids) - 1 {
				if ids[i] >= ids[i+1] {
					t.Errorf("%s: %s before %s", kind, ids[i], ids[i+1])
				}
			}
			if n > 1 {
				rest := read(t, d, func(ctx context.Context, tx ports.Tx) ([]domain.ID, error) {
					return tx.NameKeys.IDs(ctx, kind, ids[0], 1)
				})
				same(t, rest, ids[1:2])
			}
		}
	})
	t.Run("Set changes keys and nothing else", func(t *testing.T) {
		a.UsernameKey, b.UsernameKey = "jaya", namekey.Aside("jaya", b.ID)
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			rows, err := tx.NameKeys.Lock(ctx, ports.UserNames, []domain.ID{b.ID, a.ID, newID()})
			former := []namekey.Row{row(a), row(b)}
			former[0].Key, former[1].Key = "", ""
			same(t, rows, former)
			return errors.Join(err, tx.NameKeys.Set(ctx, ports.UserNames, []namekey.Row{row(a), row(b)}), tx.NameKeys.Set(ctx, ports.UserNames, nil))
		})
		same(t, getAccount(t, d, a.ID), a)
		same(t, getAccount(t, d, b.ID), b)
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			held, err := tx.NameKeys.LockHolders(ctx, ports.UserNames, []string{"jaya", "nobody has it"})
			same(t, held, []namekey.Row{row(a)})
			return err
		})
		held := read(t, d, func(ctx context.Context, tx ports.Tx) ([]namekey.Row, error) {
			return tx.NameKeys.Holders(ctx, ports.UserNames, []string{"jaya", b.UsernameKey})
		})
		same(t, held, []namekey.Row{row(a), row(b)})
	})
	t.Run("several rows may have a skeleton", func(t *testing.T) {
		looks := func(of account.Account, skeleton string) namekey.Row {
			x := row(of)
			x.Key = skeleton
			return x
		}
		for _, skeletons := range [][2]string{{"jaya", "jaya"}, {"jaya", "other"}} {
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				return errors.Join(tx.NameKeys.Reserve(ctx, ports.UserLooks, "jaya"),
					tx.NameKeys.Set(ctx, ports.UserLooks, []namekey.Row{looks(a, skeletons[0]), looks(b, skeletons[1])}))
			})
			held := read(t, d, func(ctx context.Context, tx ports.Tx) ([]namekey.Row, error) {
				return tx.NameKeys.Holders(ctx, ports.UserLooks, []string{"jaya", "other", "nothing"})
			})
			same(t, held, []namekey.Row{looks(a, skeletons[0]), looks(b, skeletons[1])})
		}
		same(t, getAccount(t, d, a.ID), a)
	})
	t.Run("a key is reserved by one Update at a time", func(t *testing.T) {
		reserved, done := make(chan struct{}), make(chan error, 1)
		var order []string
		go func() {
			done <- d.try(t, func(ctx context.Context, tx ports.Tx) error {
				err := tx.NameKeys.Reserve(ctx, ports.UserLooks, "coco")
				close(reserved)
				time.Sleep(50 * time.Millisecond)
				order = append(order, "first")
				return err
			})
		}()
		<-reserved
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			err := tx.NameKeys.Reserve(ctx, ports.UserLooks, "coco")
			order = append(order, "second")
			return err
		})
		must(t, <-done)
		same(t, order, []string{"first", "second"})
	})
	t.Run("Aside returns the rows without the key of their name", func(t *testing.T) {
		aside := func(after domain.ID) []namekey.Row {
			return read(t, d, func(ctx context.Context, tx ports.Tx) ([]namekey.Row, error) {
				return tx.NameKeys.Aside(ctx, ports.UserNames, after, 10)
			})
		}
		same(t, aside(""), []namekey.Row{row(b)})
		same(t, aside(b.ID), []namekey.Row{})
	})
	t.Run("a key that another row has is taken", func(t *testing.T) {
		x := row(b)
		x.Key = "jaya"
		wantTaken(t, d.try(t, func(ctx context.Context, tx ports.Tx) error {
			return tx.NameKeys.Set(ctx, ports.UserNames, []namekey.Row{x})
		}), "username")
	})
}
