package identity_test

import (
	"slices"
	"sync"
	"testing"

	"tickt/application/identity"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/search"
	"tickt/ports"
	"tickt/test/desk"
)

var boss = identity.Superuser{Username: "Boss", Email: "boss@example.com", Phone: "9841234567", Password: "right as rain"}

func TestSuperuserSignsInAndMayDoEverything(t *testing.T) {
	d := desk.Seeded(t, withPhones(t))
	if has, err := d.Superusers.Any(t.Context()); has || err != nil {
		t.Fatalf("a new store has a superuser: %v, %v", has, err)
	}
	id, err := d.Superusers.Create(t.Context(), boss)
	desk.Check(t, err)
	in, err := d.Sessions.Login(t.Context(), "boss", boss.Password, desk.Home)
	desk.Check(t, err)
	if in.Account.ID != id || !in.Account.IsSuperuser || !in.Account.IsStaff || in.Account.Phone != "+9779841234567" || in.Role != "" {
		t.Errorf("got %+v", in.Account)
	}
	desk.Check(t, d.Bearer(in.AccessToken).Require(access.AccountsMenu, access.MayEverything))
	if has, err := d.Superusers.Any(t.Context()); !has || err != nil {
		t.Errorf("no superuser: %v", err)
	}
	d.Edit(id, desk.Inactive)
	if has, err := d.Superusers.Any(t.Context()); has || err != nil {
		t.Errorf("a deactivated superuser counts: %v", err)
	}
}

func TestInvalidSuperuserReportsAllProblems(t *testing.T) {
	d := desk.Seeded(t, withPhones(t))
	_, err := d.Superusers.Create(t.Context(), boss)
	desk.Check(t, err)
	for name, c := range map[string]struct {
		change func(*identity.Superuser)
		want   []string
	}{
		"the same again": {func(*identity.Superuser) {}, []string{
			"Username already exists.", "Email already exists.", "Phone Number already exists.",
		}},
		"the same in capitals": {func(u *identity.Superuser) {
			u.Username, u.Email, u.Phone = "BOSS", "BOSS@EXAMPLE.COM", "+977 984-1234567"
		}, []string{
			"Username already exists.", "Email already exists.", "Phone Number already exists.",
		}},
		"taken and invalid": {func(u *identity.Superuser) { u.Email, u.Phone, u.Password = "x", "12", "short" }, []string{
			"Enter a valid email address.", "Enter a valid phone number: national in NP, or international with \"+\".",
			"Password must be at least 8 characters.", "Username already exists.",
		}},
		"nothing": {func(u *identity.Superuser) { *u = identity.Superuser{} }, []string{
			"Username cannot be blank.", "Email cannot be blank.", "Password cannot be blank.",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			u := boss
			c.change(&u)
			id, err := d.Superusers.Create(t.Context(), u)
			desk.Kind(t, err, domain.Invalid)
			if got := desk.Messages(err); id != "" || !slices.Equal(got, c.want) {
				t.Errorf("got %q for %q, want %q", got, id, c.want)
			}
		})
	}
}

func TestConcurrentCreationsOfOneNameHaveOneWinner(t *testing.T) {
	d := desk.Seeded(t, withPhones(t))
	won := make([]error, 10)
	var done sync.WaitGroup
	for i := range won {
		done.Go(func() { _, won[i] = d.Superusers.Create(t.Context(), boss) })
	}
	done.Wait()
	winners := 0
	for _, err := range won {
		if err == nil {
			winners++
		} else {
			desk.Kind(t, err, domain.Invalid)
		}
	}
	if winners != 1 {
		t.Errorf("%d winners", winners)
	}
}

func TestSuperusersNeedNoPhoneNumber(t *testing.T) {
	d := desk.Seeded(t, withPhones(t))
	var ids []domain.ID
	for _, name := range []string{"one", "two"} {
		ids = append(ids, desk.Must(d.Superusers.Create(t.Context(), identity.Superuser{
			Username: name, Email: name + "@example.com", Password: boss.Password,
		}))(t))
	}
	d.AddAccount(desk.Root, desk.Superuser)
	root := d.Actor(desk.Root)
	for _, id := range ids {
		before := d.Account(id)
		if before.HasPhone() || identity.ShownPhone(d.Accounts.Phones, before) != "" {
			t.Errorf("the phone number is %q", before.Phone)
		}
		// as it was read
		got := desk.Must(d.Accounts.Update(t.Context(), root, id, account.Patch{Phone: domain.Some("")}, nil))(t)
		if got.Account != before {
			t.Errorf("changed to %+v", got)
		}
		desk.Must(d.Accounts.Update(t.Context(), root, id, account.Patch{Address: domain.Some("Pokhara")}, nil))(t)
		_, err := d.Accounts.Update(t.Context(), root, id, account.Patch{Phone: domain.Null[string]()}, nil)
		desk.Fails(t, err, domain.Invalid, "phoneNumber: Phone Number cannot be blank.")
		// the text that stands for the number is not accepted as one
		_, err = d.Accounts.Update(t.Context(), root, id, account.Patch{Phone: domain.Some(before.Phone)}, nil)
		desk.Fails(t, err, domain.Invalid, "phoneNumber: Enter a valid phone number: national in NP, or international with \"+\".")
	}
	page := ports.Page{Number: 1, Size: 10}
	for _, text := range []string{string(ids[0]), string(ids[0])[:4]} {
		wanted, _ := search.Parse(text)
		found := desk.Must(d.Accounts.List(t.Context(), root, ports.AccountFilter{Search: &wanted}, page))(t)
		if found.Count != 0 {
			t.Errorf("%q finds %v", text, found)
		}
	}
	number := account.Patch{Phone: domain.Some("9841234567")}
	if got := desk.Must(d.Accounts.Update(t.Context(), root, ids[0], number, nil))(t); got.Phone != "+9779841234567" {
		t.Errorf("got %+v", got)
	}
	_, err := d.Accounts.Update(t.Context(), root, ids[0], account.Patch{Phone: domain.Some("")}, nil)
	desk.Fails(t, err, domain.Invalid, "phoneNumber: Phone Number cannot be blank.")
	_, err = d.Accounts.Update(t.Context(), root, ids[1], number, nil)
	desk.Fails(t, err, domain.Invalid, "phoneNumber: Phone Number already exists.")
}

func TestCheckReportsTheProblemsOfCreate(t *testing.T) {
	d := desk.Seeded(t, withPhones(t))
	if problems, err := d.Superusers.Check(t.Context(), boss); len(problems) > 0 || err != nil {
		t.Errorf("%v, %v", problems, err)
	}
	desk.Must(d.Superusers.Create(t.Context(), boss))(t)
	taken := desk.Must(d.Superusers.Check(t.Context(), boss))(t)
	if err := taken.Err(); err == nil || len(taken) != 3 {
		t.Errorf("%v", taken)
	}
}
