package account

import (
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// Patch is what a client says of an account, new or old.
type Patch struct {
	Username    domain.Optional[string]
	Email       domain.Optional[string]
	Phone       domain.Optional[string] // as it was typed
	PhoneE164   string                  // its normalised form; "" where it is no valid number
	Password    domain.Optional[string] // in clear: it is judged here and kept nowhere
	Address     domain.Optional[string]
	RoleID      domain.Optional[string] // held as it came; one that is no ID names nothing
	IsStaff     domain.Optional[bool]
	IsSuperuser domain.Optional[bool]
	Unread      domain.Problems // with fields that could not be read at all, to be reported with the others
}

// Replacement is what PUT means: everything that was left out returns to its default, but for the password, which
// no client can send back.
func (c Patch) Replacement() Patch {
	return Patch{
		Username: c.Username.OrNull(), Email: c.Email.OrNull(), Phone: c.Phone.OrNull(), PhoneE164: c.PhoneE164,
		Password: c.Password, Address: c.Address.OrNull(), RoleID: c.RoleID.OrNull(),
		IsStaff: c.IsStaff.OrNull(), IsSuperuser: c.IsSuperuser.OrNull(), Unread: c.Unread,
	}
}

// ReplacementBy is what PUT means of an actor: the flags that only a superuser may set stay where anybody else left
// them out.
func (c Patch) ReplacementBy(actor access.Actor) Patch {
	whole := c.Replacement()
	if !actor.Superuser {
		whole.IsStaff, whole.IsSuperuser = c.IsStaff, c.IsSuperuser
	}
	return whole
}

// Restrict refuses, as Forbidden, to let anybody but a superuser change the flags of an account, which is the zero
// value where it is new.
func (c Patch) Restrict(actor access.Actor, a Account) error {
	if actor.Superuser {
		return nil
	}
	var refused []string
	if c.IsStaff.Or(a.IsStaff) != a.IsStaff {
		refused = append(refused, "isStaff")
	}
	if c.IsSuperuser.Or(a.IsSuperuser) != a.IsSuperuser {
		refused = append(refused, "isSuperuser")
	}
	if refused == nil {
		return nil
	}
	return domain.Fail(domain.Forbidden, "Only a superuser may set "+strings.Join(refused, ", ")+".")
}

// New makes an active account that has no password hash yet, of which c must give a password. Its error is as Apply's.
func New(id domain.ID, c Patch, now time.Time) (Account, error) {
	a := Account{ID: id, IsActive: true, CreatedAt: now}
	c = c.Replacement()
	c.Password = c.Password.OrNull()
	err := a.Apply(c, now)
	return a, err
}

// Apply changes the account, all but its password, which is only judged. What stays as it was is not questioned. Its
// error, Invalid, lists every problem; the account, which is then not to be stored, still holds the unique values
// that are sound, so that those which are taken can be told at once too.
func (a *Account) Apply(c Patch, now time.Time) error {
	p := slices.Clone(c.Unread)
	if changes(c.Username, a.Username) {
		a.Username, a.UsernameKey = checkUsername(&p, c.Username.Value), ""
		if !p.Has("username") {
			a.UsernameKey = domain.FoldCase(a.Username)
		}
	}
	if changes(c.Email, a.Email) {
		a.Email, a.EmailKey = checkEmail(&p, c.Email.Value), ""
		if !p.Has("email") {
			a.EmailKey = domain.FoldCase(a.Email)
		}
	}
	if c.Phone.Set && (c.PhoneE164 != a.Phone || a.Phone == "") {
		a.Phone = checkPhone(&p, c.Phone.Value, c.PhoneE164)
	}
	if c.Password.Set {
		a.checkPassword(&p, c.Password.Value)
	}
	if changes(c.Address, a.Address) {
		a.Address = p.Text("address", "Address", c.Address.Value, maxAddress)
	}
	a.enrol(&p, c.RoleID)
	a.IsStaff, a.IsSuperuser = c.IsStaff.Or(a.IsStaff), c.IsSuperuser.Or(a.IsSuperuser)
	a.UpdatedAt = now
	return p.Err()
}

// changes says whether a field is given a value that it does not have; one that has none is always looked at.
func changes(c domain.Optional[string], old string) bool {
	return c.Set && (c.Value != old || old == "")
}

// enrol sets the role; whether there is such a role is for the store to tell.
func (a *Account) enrol(p *domain.Problems, c domain.Optional[string]) {
	if !c.Set || p.Has("roleId") {
		return
	}
	text := strings.TrimSpace(c.Value)
	id, ok := domain.ParseID(text)
	if text != "" && !ok {
		AddUnknownRole(p)
	}
	a.RoleID = id
}

// AddUnknownRole notes that there is no role with the id that was given.
func AddUnknownRole(p *domain.Problems) {
	p.Add("roleId", domain.CodeUnknownRole)
}

// AddTaken notes that a value which must be unique, by its field, belongs to another account.
func AddTaken(p *domain.Problems, field string) {
	label := domain.Term(field)
	switch field {
	case "username":
		label = domain.TermUsername
	case "email":
		label = domain.TermEmail
	case "phoneNumber":
		label = domain.TermPhoneNumber
	}
	p.Add(field, domain.CodeTaken, domain.Params{"label": label})
}
