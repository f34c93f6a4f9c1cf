package application_test

import (
	"errors"
	"slices"
	"testing"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/ticket"
	"tickt/ports"
)

func TestAnAccountIsMadeAndReadBack(t *testing.T) {
	b := newBureau(t)
	b.permit(b.agents.ID, access.MayView, access.TicketsMenu)
	c := zoe()
	c.RoleID = domain.To(string(b.agents.ID))
	made := must[ports.AccountView](t)(b.Accounts.Create(t.Context(), b.ann, c, nil))
	if made.Username != "Zoe" || made.Phone != "+9779841234567" || made.Role != "agents" || made.PasswordHash != "new:seven brown otters" || !made.IsActive {
		t.Errorf("made %+v", made)
	}
	if got := must[ports.AccountView](t)(b.Accounts.Get(t.Context(), b.ann, made.ID)); got != made {
		t.Errorf("read back %+v, want %+v", got, made)
	}
	if b.mint.hashed != 1 {
		t.Errorf("hashed %d times", b.mint.hashed)
	}
	_, err := b.Accounts.Get(t.Context(), b.ann, b.id())
	fails(t, err, domain.NotFound, "Data not found.")
}

func TestAccountsAreListedByTheFilterNewestFirst(t *testing.T) {
	b := newBureau(t)
	made := b.hire(zoe())
	active := true
	list := must[usecase.List[ports.AccountView]](t)(b.Accounts.List(t.Context(), b.ann, ports.AccountFilter{Active: &active, Search: []string{"zo"}}, ports.Page{Number: 1, Size: 5}))
	if list.Count != 1 || len(list.Items) != 1 || list.Items[0] != made {
		t.Errorf("found %+v", list)
	}
	all := must[usecase.List[ports.AccountView]](t)(b.Accounts.List(t.Context(), b.ann, ports.AccountFilter{}, ports.Page{Number: 1, Size: 2}))
	if all.Count != 5 || len(all.Items) != 2 || all.Items[0] != made {
		t.Errorf("all are %+v", all)
	}
}

func TestEverythingWrongWithAnAccountIsToldAtOnceAndNothingIsHashed(t *testing.T) {
	b := newBureau(t)
	b.hire(zoe())
	b.mint.hashed = 0
	bad := account.Change{
		Username: domain.To("ZOE"), Email: domain.To("x"), Phone: domain.To("+977 9841234567"), Password: domain.To("short"),
		RoleID: domain.To(string(b.id())), Unread: domain.Problems{{Field: "address", Code: domain.CodeType, Message: "Address must be a text."}},
	}
	want := []string{
		"Address must be a text.", "Enter a valid email address.", "Password must be at least 8 characters.",
		"Selected role does not exist.", "Username already exists.", "Phone Number already exists.",
	}
	_, created := b.Accounts.Create(t.Context(), b.ann, bad, nil)
	_, changed := b.Accounts.Change(t.Context(), b.ann, b.bobID, bad, nil)
	_, replaced := b.Accounts.Replace(t.Context(), b.ann, b.bobID, bad, nil)
	for name, err := range map[string]error{"create": created, "change": changed, "replace": replaced} {
		kind(t, err, domain.Invalid)
		var e *domain.Error
		var got []string
		errors.As(err, &e)
		for _, p := range e.Problems {
			got = append(got, p.Message)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if b.mint.hashed != 0 {
		t.Error("a password that is not taken was hashed")
	}
}

func TestAReplacementByWhoIsNoSuperuserLeavesTheFlags(t *testing.T) {
	b := newBureau(t)
	c := zoe()
	c.Address, c.IsStaff = domain.To("Kathmandu"), domain.To(true)
	made := b.hire(c)
	whole := account.Change{Username: domain.To("Zoe"), Email: domain.To("zoe@x.test"), Phone: domain.To("9841234567")}
	got := must[ports.AccountView](t)(b.Accounts.Replace(t.Context(), b.ann, made.ID, whole, nil))
	if got.Address != "" || !got.IsStaff || got.PasswordHash != made.PasswordHash {
		t.Errorf("replaced by %+v", got)
	}
	got = must[ports.AccountView](t)(b.Accounts.Replace(t.Context(), b.root, made.ID, whole, nil))
	if got.IsStaff {
		t.Errorf("a superuser replaced it by %+v", got)
	}
	_, err := b.Accounts.Replace(t.Context(), b.ann, made.ID, account.Change{}, nil)
	fails(t, err, domain.Invalid, "username: Username cannot be blank.\nemail: Email cannot be blank.\nphoneNumber: Phone Number cannot be blank.")
}

func TestANumberIsAcceptedAsItIsShown(t *testing.T) {
	b := newBureau(t)
	made := b.hire(zoe())
	old := b.stored(b.bobID).Phone // valid nowhere
	for id, shown := range map[domain.ID]string{made.ID: b.deps.Phones.National(made.Phone), b.bobID: b.deps.Phones.National(old)} {
		before := b.stored(id)
		got := must[ports.AccountView](t)(b.Accounts.Change(t.Context(), b.ann, id, account.Change{Phone: domain.To(shown)}, nil))
		if got.Account != before {
			t.Errorf("%s changed the account to %+v", shown, got)
		}
	}
	_, err := b.Accounts.Change(t.Context(), b.ann, made.ID, account.Change{Phone: domain.To(old)}, nil)
	fails(t, err, domain.Invalid, "phoneNumber: Enter a valid phone number.")
}

func TestAChangeOfWhatTheClientDidNotSeeIsRefused(t *testing.T) {
	b := newBureau(t)
	never := func(ports.AccountView) bool { return false }
	before := b.stored(b.bobID)
	_, changed := b.Accounts.Change(t.Context(), b.ann, b.bobID, account.Change{Password: domain.To("seven brown otters")}, never)
	_, replaced := b.Accounts.Replace(t.Context(), b.ann, b.bobID, zoe(), never)
	_, toggled := b.Accounts.Toggle(t.Context(), b.ann, b.bobID, never)
	for _, err := range []error{changed, replaced, toggled, b.Accounts.Delete(t.Context(), b.ann, b.bobID, never)} {
		kind(t, err, domain.Stale)
	}
	if b.stored(b.bobID) != before || b.mint.hashed != 0 {
		t.Error("a refused change had an effect")
	}
	_, err := b.Accounts.Toggle(t.Context(), b.ann, b.bobID, func(v ports.AccountView) bool { return v.Account == before && v.Role == "agents" })
	check(t, err)
}

func TestARepeatedCreationIsAnsweredWithoutASecondHash(t *testing.T) {
	b := newBureau(t)
	once := &usecase.Once{Key: "k", Fingerprint: "f", Answer: func(made any) (ports.Reply, error) {
		return ports.Reply{Code: 201, Body: []byte(made.(ports.AccountView).ID)}, nil
	}}
	made := must[ports.AccountView](t)(b.Accounts.Create(t.Context(), b.ann, zoe(), once))
	_, err := b.Accounts.Create(t.Context(), b.ann, zoe(), once)
	var replayed *usecase.Replayed
	if !errors.As(err, &replayed) || string(replayed.Reply.Body) != string(made.ID) || b.mint.hashed != 1 {
		t.Errorf("got %v after %d hashes", err, b.mint.hashed)
	}
}

func TestAnAccountIsDeletedUnlessItIsOnRecord(t *testing.T) {
	d := newDesk(t)
	d.file(d.ann, ticket.Change{CreatedFor: domain.To(string(d.eveID))})
	fails(t, d.Accounts.Delete(t.Context(), d.ann, d.eveID, nil), domain.Conflict, "Account is in use by tickets or history. Deactivate it instead.")
	fails(t, d.Accounts.Delete(t.Context(), d.root, d.annID, nil), domain.Conflict, "Deactivate it instead.")
	fails(t, d.Accounts.Delete(t.Context(), d.ann, d.root.ID, nil), domain.Forbidden, "superuser's account")
	check(t, d.Accounts.Delete(t.Context(), d.ann, d.bobID, nil))
	_, err := d.Accounts.Get(t.Context(), d.ann, d.bobID)
	kind(t, err, domain.NotFound)
	kind(t, d.Accounts.Delete(t.Context(), d.ann, d.bobID, nil), domain.NotFound)
}
