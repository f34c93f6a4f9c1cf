package identity_test

import (
	"slices"
	"sync"
	"testing"

	"tickt/application/identity"
	"tickt/domain"
	"tickt/domain/access"
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
			"Enter a valid email address.", "Enter a valid phone number.", "Password must be at least 8 characters.", "Username already exists.",
		}},
		"nothing": {func(u *identity.Superuser) { *u = identity.Superuser{} }, []string{
			"Username cannot be blank.", "Email cannot be blank.", "Phone Number cannot be blank.", "Password cannot be blank.",
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
