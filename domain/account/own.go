package account

import (
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/notification"
	"tickt/domain/text"
)

// OwnPatch is what an account sends of itself. It holds nothing that decides what the account may do.
type OwnPatch struct {
	Email       domain.Optional[string] // a new address must be confirmed before it is stored
	EmailKey    string                  // as Patch.EmailKey
	Current     domain.Optional[string] // the current password, in plain text; needed for a new address only
	Phone       domain.Optional[string] // as Patch.Phone
	PhoneRegion string                  // as Patch.PhoneRegion
	PhoneE164   string                  // as Patch.PhoneE164
	Address     domain.Optional[string]
	Language    domain.Optional[string]                       // English by default
	TimeZone    domain.Optional[string]                       // that of the service by default
	Notify      map[notification.Type]domain.Optional[string] // how to be told of each type; both by default
	ResetNotify bool                                          // all of them to the default
	Unread      domain.Problems                               // problems of fields that could not be read; reported with the others
}

// NewEmail returns the new address, trimmed, and whether the patch changes the address of an account.
func (c OwnPatch) NewEmail(a Account) (address string, changes bool) {
	address = strings.TrimSpace(c.Email.Value)
	return address, c.Email.Set && address != a.Email
}

// NewPhone reports whether the patch changes the phone number of an account to another, valid one.
func (c OwnPatch) NewPhone(a Account) bool {
	var p domain.Problems
	former := a.Phone
	a.apply(&p, Patch{Phone: c.Phone, PhoneRegion: c.PhoneRegion, PhoneE164: c.PhoneE164})
	return len(p) == 0 && a.Phone != former
}

// ApplyOwn changes the account, except for its address, which it only checks. The error is as that of Apply.
func (a *Account) ApplyOwn(c OwnPatch, now time.Time) error {
	former, p := *a, slices.Clone(c.Unread)
	if address, changes := c.NewEmail(*a); changes {
		checkEmail(&p, address, c.EmailKey)
		requireCurrent(&p, c.Current)
	}
	a.apply(&p, Patch{Phone: c.Phone, PhoneRegion: c.PhoneRegion, PhoneE164: c.PhoneE164, Address: c.Address})
	if c.Language.Set {
		a.setLanguage(&p, c.Language)
	}
	if c.TimeZone.Set {
		a.setTimeZone(&p, c.TimeZone)
	}
	if c.ResetNotify {
		a.Notify = nil
	}
	if len(c.Notify) > 0 {
		a.Notify = a.Notify.Changed(c.Notify, &p)
	}
	a.touch(former, now)
	return p.Err()
}

func (a *Account) setLanguage(p *domain.Problems, c domain.Optional[string]) {
	if a.Language = Language(c.Value); c.Null {
		a.Language = English
	}
	if !slices.Contains(Languages, a.Language) {
		p.AddOnce("language", domain.CodeOneOf, domain.Params{"choices": domain.Names(Languages)})
	}
}

func (a *Account) setTimeZone(p *domain.Problems, c domain.Optional[string]) {
	name, refused := text.Line.Clean(c.Value)
	if _, ok := domain.TimeZone(name); refused != nil && !p.Has("timeZone") {
		p.AddCharacter("timeZone", "Time zone", refused)
	} else if !ok && !c.Null {
		p.AddOnce("timeZone", domain.CodeTimeZone)
	}
	a.TimeZone = name
}

// PasswordChange is what an account sends to change its own password, in plain text.
type PasswordChange struct {
	Current domain.Optional[string]
	New     domain.Optional[string]
	Unread  domain.Problems // problems of fields that could not be read; reported with the others
}

// Check checks everything about the change except whether the current password is right. The error is Invalid and lists
// every problem.
func (c PasswordChange) Check(a Account) error {
	p := slices.Clone(c.Unread)
	requireCurrent(&p, c.Current)
	a.checkPassword(&p, c.New.Value)
	return p.Err()
}

func requireCurrent(p *domain.Problems, current domain.Optional[string]) {
	if current.Value == "" {
		p.AddOnce("currentPassword", domain.CodeBlank, domain.Params{"label": domain.Term("Current password")})
	}
}

// CheckPassword checks a new password of the account, of which the problems are known already. The error is Invalid and lists
// every problem.
func (a Account) CheckPassword(password string, known domain.Problems) error {
	p := slices.Clone(known)
	a.checkPassword(&p, password)
	return p.Err()
}

// WrongPassword returns the error of a change with a wrong current password.
func WrongPassword() error {
	var p domain.Problems
	p.Add("currentPassword", domain.CodeCurrentPassword)
	return p.Err()
}
