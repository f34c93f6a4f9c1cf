package identity_test

import (
	"slices"
	"testing"

	"tickt/application/identity"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/search"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

func TestCreatedAccountIsReadBack(t *testing.T) {
	d := newDesk(t)
	clerk := d.Actor(desk.Clerk)
	d.Permit(desk.Temps, access.MayView, access.TicketsMenu)
	c := zoe()
	c.RoleID = domain.Some(string(d.Role(desk.Temps)))
	made := desk.Must(d.Accounts.Create(t.Context(), clerk, c, nil))(t)
	if made.Username != "Zoe" || made.Phone != "+9779841234567" || made.Role != desk.Temps || !made.IsActive ||
		made.PasswordHash != "plain:seven brown otters" {
		t.Errorf("created %+v", made)
	}
	if got := desk.Must(d.Accounts.Get(t.Context(), clerk, made.ID))(t); got != made {
		t.Errorf("read back %+v, want %+v", got, made)
	}
	if d.Passwords.Hashed.Load() != 1 {
		t.Errorf("hashed %d times", d.Passwords.Hashed.Load())
	}
	_, err := d.Accounts.Get(t.Context(), clerk, d.NewID())
	desk.Fails(t, err, domain.NotFound, "Data not found.")
}

func TestAccountsAreFilteredAndListedNewestFirst(t *testing.T) {
	d := newDesk(t)
	clerk := d.Actor(desk.Clerk)
	made := createAccount(d, zoe())
	active := true
	wanted, _ := search.Parse("zoe")
	filter := ports.AccountFilter{Active: &active, Search: &wanted}
	list := desk.Must(d.Accounts.List(t.Context(), clerk, filter, ports.Page{Number: 1, Size: 5}))(t)
	if list.Count != 1 || len(list.Items) != 1 || list.Items[0] != made {
		t.Errorf("found %+v", list)
	}
	all := desk.Must(d.Accounts.List(t.Context(), clerk, ports.AccountFilter{}, ports.Page{Number: 1, Size: 2}))(t)
	if all.Count != len(desk.Staff)+1 || len(all.Items) != 2 || all.Items[0] != made {
		t.Errorf("all are %+v", all)
	}
}

func TestInvalidAccountReportsAllProblemsWithoutHashing(t *testing.T) {
	d := newDesk(t)
	clerk := d.Actor(desk.Clerk)
	createAccount(d, zoe())
	d.Passwords.Hashed.Store(0)
	bad := account.Patch{
		Username: domain.Some("ZOE"), Email: domain.Some("x"), Phone: domain.Some("+977 9841234567"), Password: domain.Some("short"),
		RoleID: domain.Some(string(d.NewID())),
		Unread: domain.Problems{{Field: "address", Code: domain.CodeType, Params: domain.Params{"want": domain.TermAText}}},
	}
	want := []string{
		"address must be a string.", "Enter a valid email address.", "Password must be at least 8 characters.",
		"Selected role does not exist.", "Username already exists.", "Phone Number already exists.",
	}
	_, created := d.Accounts.Create(t.Context(), clerk, bad, nil)
	_, changed := d.Accounts.Update(t.Context(), clerk, d.ID(desk.Temp), bad, nil)
	_, replaced := d.Accounts.Replace(t.Context(), clerk, d.ID(desk.Temp), bad, nil)
	for name, err := range map[string]error{"create": created, "change": changed, "replace": replaced} {
		desk.Kind(t, err, domain.Invalid)
		if got := desk.Messages(err); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if d.Passwords.Hashed.Load() != 0 {
		t.Error("the password of a refused change was hashed")
	}
}

func TestOnlyASuperuserReplacesTheFlags(t *testing.T) {
	d := newDesk(t)
	root, clerk := d.Actor(desk.Root), d.Actor(desk.Clerk)
	c := zoe()
	c.Address, c.IsStaff = domain.Some("Kathmandu"), domain.Some(true)
	made := createAccount(d, c)
	whole := account.Patch{Username: domain.Some("Zoe"), Email: domain.Some("zoe@desk.test"), Phone: domain.Some("9841234567")}
	got := desk.Must(d.Accounts.Replace(t.Context(), clerk, made.ID, whole, nil))(t)
	if got.Address != "" || !got.IsStaff || got.PasswordHash != made.PasswordHash {
		t.Errorf("replaced to %+v", got)
	}
	got = desk.Must(d.Accounts.Replace(t.Context(), root, made.ID, whole, nil))(t)
	if got.IsStaff {
		t.Errorf("a superuser replaced it to %+v", got)
	}
	_, err := d.Accounts.Replace(t.Context(), clerk, made.ID, account.Patch{}, nil)
	desk.Fails(t, err, domain.Invalid,
		"username: Username cannot be blank.\nemail: Email cannot be blank.\nphoneNumber: Phone Number cannot be blank.")
}

func TestPhoneNumberIsAcceptedAsItIsShown(t *testing.T) {
	d := newDesk(t)
	clerk := d.Actor(desk.Clerk)
	made := createAccount(d, zoe())
	const old = "+97798old" // valid nowhere
	temp := d.ID(desk.Temp)
	d.Edit(temp, func(a *account.Account) { a.Phone = old })
	national := d.Accounts.Phones.National
	for id, shown := range map[domain.ID]string{made.ID: national(made.Phone), temp: national(old)} {
		before := d.Account(id)
		got := desk.Must(d.Accounts.Update(t.Context(), clerk, id, account.Patch{Phone: domain.Some(shown)}, nil))(t)
		if got.Account != before {
			t.Errorf("%s changed the account to %+v", shown, got)
		}
	}
	_, err := d.Accounts.Update(t.Context(), clerk, made.ID, account.Patch{Phone: domain.Some(old)}, nil)
	desk.Fails(t, err, domain.Invalid, "phoneNumber: Enter a valid phone number: national in NP, or international with \"+\".")
}

func TestStaleChangeOfAnAccountIsRefused(t *testing.T) {
	d := newDesk(t)
	clerk := d.Actor(desk.Clerk)
	tempID := d.ID(desk.Temp)
	never := func(ports.AccountView) bool { return false }
	before := d.Account(tempID)
	_, changed := d.Accounts.Update(t.Context(), clerk, tempID, account.Patch{Password: domain.Some("seven brown otters")}, never)
	_, replaced := d.Accounts.Replace(t.Context(), clerk, tempID, zoe(), never)
	_, toggled := d.Accounts.Toggle(t.Context(), clerk, tempID, identity.HandOver{}, never)
	for _, err := range []error{changed, replaced, toggled, d.Accounts.Delete(t.Context(), clerk, tempID, never)} {
		desk.Kind(t, err, domain.Stale)
	}
	if d.Account(tempID) != before || d.Passwords.Hashed.Load() != 0 {
		t.Error("a refused change had an effect")
	}
	_, err := d.Accounts.Toggle(t.Context(), clerk, tempID, identity.HandOver{}, func(v ports.AccountView) bool {
		return v.Account == before && v.Role == desk.Temps
	})
	desk.Check(t, err)
}

func TestRepeatedCreationIsReplayedWithoutHashing(t *testing.T) {
	d := newDesk(t)
	clerk := d.Actor(desk.Clerk)
	once := desk.Once("k", "f", func(made ports.AccountView) string { return string(made.ID) })
	made := desk.Must(d.Accounts.Create(t.Context(), clerk, zoe(), once))(t)
	_, err := d.Accounts.Create(t.Context(), clerk, zoe(), once)
	desk.Replays(t, err, string(made.ID))
	if n := d.Passwords.Hashed.Load(); n != 1 {
		t.Errorf("hashed %d times", n)
	}
}

func TestAccountInUseCannotBeDeleted(t *testing.T) {
	d := newDesk(t)
	root, clerk := d.Actor(desk.Root), d.Actor(desk.Clerk)
	tempID := d.ID(desk.Temp)
	d.Open(desk.Clerk, ticket.Patch{CreatedFor: d.MemberTo(desk.Nobody)})
	desk.Fails(t, d.Accounts.Delete(t.Context(), clerk, d.ID(desk.Nobody), nil), domain.Conflict,
		"Account is in use by tickets or history. Deactivate it instead.")
	desk.Fails(t, d.Accounts.Delete(t.Context(), root, d.ID(desk.Clerk), nil), domain.Conflict, "Deactivate it instead.")
	desk.Fails(t, d.Accounts.Delete(t.Context(), clerk, d.ID(desk.Root), nil), domain.Forbidden, "superuser's account")
	desk.Check(t, d.Accounts.Delete(t.Context(), clerk, tempID, nil))
	_, err := d.Accounts.Get(t.Context(), clerk, tempID)
	desk.Kind(t, err, domain.NotFound)
	desk.Kind(t, d.Accounts.Delete(t.Context(), clerk, tempID, nil), domain.NotFound)
}
