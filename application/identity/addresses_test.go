package identity_test

import (
	"maps"
	"slices"
	"testing"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/query"
	"tickt/ports"
	"tickt/test/desk"
)

// TestInternationalAddressIsTheSameInBothForms stores an address in one form, and looks it up in others.
func TestInternationalAddressIsTheSameInBothForms(t *testing.T) {
	d := newDesk(t)
	root := d.Actor(desk.Root)
	c := zoe()
	c.Email = domain.Some(" User@mu\u0308ller.de ")
	a := createAccount(d, c)
	if a.Email != "User@müller.de" || a.EmailKey != "user@xn--mller-kva.de" {
		t.Errorf("stored as %+q with the key %+q", a.Email, a.EmailKey)
	}
	for _, typed := range []string{"user@xn--mller-kva.de", "USER@MÜLLER.de", "user@müller.de"} {
		other := account.Patch{
			Username: domain.Some("yan"), Email: domain.Some(typed), Phone: domain.Some("984-1234568"), Password: c.Password,
		}
		_, err := d.Accounts.Create(t.Context(), root, other, nil)
		desk.Fails(t, err, domain.Invalid, "email: Email already exists.")
	}
	same := account.Patch{Email: domain.Some("User@mu\u0308ller.de")}
	if v := desk.Must(d.Accounts.Update(t.Context(), root, a.ID, same, nil))(t); v.Email != a.Email {
		t.Errorf("the address became %+q", v.Email)
	}
	refused := account.Patch{Email: domain.Some("a..b@example.jp")}
	_, err := d.Accounts.Update(t.Context(), root, a.ID, refused, nil)
	desk.Fails(t, err, domain.Invalid, "email: Enter a valid email address.")
}

// TestStoredAddressThatCannotBeMailedStays sends back an address that was accepted before.
func TestStoredAddressThatCannotBeMailedStays(t *testing.T) {
	const stored = "a..b@example.jp"
	d := newDesk(t)
	a := d.AddAccount("anita", func(a *account.Account) { a.Email, a.EmailKey = stored, stored })
	c := account.Patch{
		Username: domain.Some("Anita.Rai"), Email: domain.Some(stored), Phone: domain.Some(a.Phone),
	}
	v := desk.Must(d.Accounts.Replace(t.Context(), d.Actor(desk.Root), a.ID, c, nil))(t)
	if v.Email != stored || v.EmailKey != stored || v.Username != "Anita.Rai" {
		t.Errorf("got %+v", v)
	}
	own := desk.Must(d.Me.Update(t.Context(), d.Actor("Anita.Rai"), account.OwnPatch{
		Email: domain.Some(stored), Address: domain.Some("Pokhara"),
	}, nil, desk.Home))(t)
	if own.Email != stored || own.Address != "Pokhara" {
		t.Errorf("got %+v", own)
	}
}

// TestAccountsAreFoundByTheirNumberHoweverItIsWritten searches for a phone number as people write it.
func TestAccountsAreFoundByTheirNumberHoweverItIsWritten(t *testing.T) {
	d := newDesk(t)
	root := d.Actor(desk.Root)
	create := func(name, number string) domain.ID {
		c := account.Patch{
			Username: domain.Some(name), Email: domain.Some(name + "@phone.test"), Phone: domain.Some(number),
			Password: domain.Some("seven brown otters"),
		}
		return createAccount(d, c).ID
	}
	mobile, landline := create("mobile", "९८४-१२३४५६७"), create("landline", "\u202a01-4412345\u202c")
	london, moscow := create("london", "+44 20 7946 0958"), create("moscow", "+7 912 345-67-89")
	digits := create("98412-and-more", "+44 20 7946 0959")
	if a := d.Account(mobile); a.Phone != "+9779841234567" {
		t.Errorf("stored as %q", a.Phone)
	}
	for typed, want := range map[string][]domain.ID{
		"9841234567":         {mobile},
		"+977 984-1234567":   {mobile},
		"00977 984 123 4567": {mobile},
		"(984) 123-4567":     {mobile},
		"09841234567":        {mobile},
		"९८४१२३४५६७":         {mobile},
		"+९७७ ９８４ 1234567":   {mobile},
		"9841":               {digits, mobile},
		"984 1":              {digits, mobile},
		"01-4412345":         {landline},
		"4412345":            {},
		"020 7946 0958":      {london},
		"+44 (0)20 79460958": {london},
		"+7 912 345":         {moscow},
		"98412":              {digits, mobile},
		"9841234568":         {},
		"1234567":            {moscow},
	} {
		f := ports.ReadAccountFilter(query.New(maps.All(map[string]string{"search": typed})))
		got := []domain.ID{}
		for _, v := range desk.Must(d.Accounts.List(t.Context(), root, f, ports.Page{Number: 1, Size: 50}))(t).Items {
			got = append(got, v.ID)
		}
		if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("%+q finds %v, want %v", typed, got, want)
		}
	}
}
