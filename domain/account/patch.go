package account

import (
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/namekey"
	"tickt/domain/text"
)

// Patch is what a client sends of an account.
type Patch struct {
	Username    domain.Optional[string]
	Email       domain.Optional[string]
	EmailKey    string                  // by which Email is compared; "" if no mail can be sent to it
	Phone       domain.Optional[string] // as the client sent it
	PhoneRegion string                  // in which a national number must be valid
	PhoneE164   string                  // Phone in E.164, or as stored if Phone is how that is shown; "" if it is not valid
	NoPhone     bool                    // the account is to have no phone number; Phone is ignored
	Password    domain.Optional[string] // in plain text; checked here and never stored
	Address     domain.Optional[string]
	RoleID      domain.Optional[string] // as the client sent it; a text that is not an ID refers to no role
	IsStaff     domain.Optional[bool]
	IsSuperuser domain.Optional[bool]
	ResumeMail  bool            // ends a suspension of mail
	Unread      domain.Problems // problems of fields that could not be read; reported with the others

	// Current is the current password of the actor, in plain text, for a change of its own account: see ApplyBy. A wrong one
	// counts as a failed sign-in of Client.
	Current domain.Optional[string]
	Client  Client
}

// Replacement returns the patch that PUT applies: absent fields return to their defaults, or are reported as missing. An
// absent password stays, since clients cannot read it and so cannot send it back.
func (c Patch) Replacement() Patch {
	return Patch{
		Username: c.Username.OrNull(), Email: c.Email.OrNull(), EmailKey: c.EmailKey,
		Phone: c.Phone.OrNull(), PhoneRegion: c.PhoneRegion, PhoneE164: c.PhoneE164, NoPhone: c.NoPhone,
		Password: c.Password, Address: c.Address.OrNull(), RoleID: c.RoleID.OrNull(),
		IsStaff: c.IsStaff.OrNull(), IsSuperuser: c.IsSuperuser.OrNull(), ResumeMail: c.ResumeMail, Unread: c.Unread,
		Current: c.Current, Client: c.Client,
	}
}

// ReplacementBy returns the patch that PUT by an actor applies. If the actor is not a superuser, absent flags that only
// superusers may set stay.
func (c Patch) ReplacementBy(actor access.Actor) Patch {
	whole := c.Replacement()
	if !actor.Superuser {
		whole.IsStaff, whole.IsSuperuser = c.IsStaff, c.IsSuperuser
	}
	return whole
}

// Restrict fails as Forbidden if the patch changes flags that only a superuser may set and the actor is not one. a is the
// account as stored, or the zero Account if it is new.
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
	return domain.FailFor(domain.ReasonOutsideYourRights, "Only a superuser may set "+strings.Join(refused, ", ")+".")
}

// New returns an active account without a password hash. The patch must hold a password. The error is as that of Apply.
func New(id domain.ID, c Patch, now time.Time) (Account, error) {
	a := Account{ID: id, IsActive: true, Language: English, CreatedAt: now}
	c = c.Replacement()
	c.Password = c.Password.OrNull()
	err := a.ApplyBy("", c, now)
	return a, err
}

// ApplyBy is Apply by an actor, by. What its own account signs in with or is recovered by, which is the user name, the
// password and the e-mail address, changes only with the current password, which ApplyBy does not verify: a stolen access
// token must not be enough to take the account over. For any other account, the current password is an unknown field.
func (a *Account) ApplyBy(by domain.ID, c Patch, now time.Time) error {
	former, p := *a, slices.Clone(c.Unread)
	if by != a.ID && c.Current.Set {
		p.AddOnce("currentPassword", domain.CodeUnknownField)
	}
	a.apply(&p, c)
	if by == a.ID && (c.Password.Set || a.UsernameKey != former.UsernameKey || a.Email != former.Email) {
		requireCurrent(&p, c.Current)
	}
	a.touch(former, now)
	return p.Err()
}

// Apply changes the account, except for the password, which it only checks; see SetPassword. It does not check values that
// do not change. The error is Invalid and lists every problem. The account must then not be stored, but it holds the unique
// values that are valid, so that the caller can report at once which of them are taken.
func (a *Account) Apply(c Patch, now time.Time) error {
	former, p := *a, slices.Clone(c.Unread)
	a.apply(&p, c)
	a.touch(former, now)
	return p.Err()
}

// touch sets UpdatedAt if the account differs from the former one.
func (a *Account) touch(former Account, now time.Time) {
	if !domain.Same(*a, former) {
		a.UpdatedAt = now
	}
}

// apply is Apply without the problems of fields that could not be read.
func (a *Account) apply(p *domain.Problems, c Patch) {
	if changes(c.Username, a.Username) {
		former, stored := a.Username, a.UsernameKey
		a.Username, a.UsernameKey = checkUsername(p, c.Username.Value), ""
		if !p.Has("username") && text.Key(a.Username) != text.Key(former) {
			checkNewName(p, a.Username)
		}
		if !p.Has("username") {
			a.UsernameKey = namekey.Of(stored, former, a.Username)
		}
	}
	if changes(c.Email, a.Email) {
		a.Email, a.EmailKey = checkEmail(p, c.Email.Value, c.EmailKey), ""
		a.MailSuspendedAt, a.MailRefusals = time.Time{}, ""
		if !p.Has("email") {
			a.EmailKey = c.EmailKey
		}
	}
	if c.ResumeMail {
		a.resumeMail()
	}
	if c.NoPhone {
		a.Phone = phonePlaceholder(a.ID)
	} else if c.Phone.Set && (c.PhoneE164 != a.Phone || a.Phone == "") {
		a.Phone = checkPhone(p, c)
	}
	if c.Password.Set {
		a.checkPassword(p, c.Password.Value)
	}
	a.Address = p.ChangedText("address", "Address", c.Address, a.Address, maxAddress)
	a.setRole(p, c.RoleID)
	a.IsStaff, a.IsSuperuser = c.IsStaff.Or(a.IsStaff), c.IsSuperuser.Or(a.IsSuperuser)
}

// changes reports whether a field must be checked: it is present, and differs from old or old is empty.
func changes(c domain.Optional[string], old string) bool {
	return c.Set && (c.Value != old || old == "")
}

// setRole sets the role. Whether the role exists is checked by the caller, which asks the store.
func (a *Account) setRole(p *domain.Problems, c domain.Optional[string]) {
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

// AddUnknownRole adds the problem that the role does not exist.
func AddUnknownRole(p *domain.Problems) {
	p.Add("roleId", domain.CodeUnknownRole)
}

// AddTaken adds the problem that another account has the value of a field that must be unique.
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
