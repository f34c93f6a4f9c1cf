// Package account holds accounts, the rules for passwords, sessions, and the throttle of failed sign-ins. How passwords
// are hashed and tokens signed is decided elsewhere.
package account

import (
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/notification"
)

// Account is a person or a program that can sign in.
type Account struct {
	ID           domain.ID
	Username     string
	UsernameKey  string // key of Username, unique; "" until it is derived from a name that an earlier release wrote
	Email        string
	EmailKey     string // key of Email, unique
	Phone        string // E.164, unique; see HasPhone
	PasswordHash string // "" if no password was ever set; the account cannot sign in then
	Address      string
	RoleID       domain.ID // "" without a role
	IsActive     bool
	IsStaff      bool
	IsSuperuser  bool
	Language     Language
	Notify       *notification.Choices
	TimeZone     string    // name in the IANA database; "" for the zone of the service
	LastLogin    time.Time // zero: never

	MailSuspendedAt time.Time // since when no mail is sent to Email, because it was refused too often; zero: it is
	MailRefusals    string    // the mails for which Email was refused of late; see RefuseMail

	CreatedAt time.Time
	UpdatedAt time.Time
}

// Language is the language in which the service writes to an account, as a primary language subtag (BCP 47).
type Language string

// The languages.
const (
	English Language = "en"
	Nepali  Language = "ne"
)

// Languages are all languages.
var Languages = []Language{English, Nepali}

// SetPassword sets the hash of a new password, which Apply must have accepted.
func (a *Account) SetPassword(hash string, now time.Time) { a.PasswordHash, a.UpdatedAt = hash, now }

// MarkLogin records a sign-in. If hash is not "", it replaces PasswordHash: it is the hash of the same password with newer
// parameters. UpdatedAt does not change, since a sign-in is not an edit.
func (a *Account) MarkLogin(now time.Time, hash string) {
	a.LastLogin = now
	if hash != "" {
		a.PasswordHash = hash
	}
}

// MaySignIn reports whether the account may sign in with a password that matched hash: the account must be active, and
// hash must still be its hash.
func (a Account) MaySignIn(hash string) bool {
	return a.IsActive && hash != "" && a.PasswordHash == hash
}

// Toggle deactivates an active account, and activates any other.
func (a *Account) Toggle(now time.Time) { a.IsActive, a.UpdatedAt = !a.IsActive, now }

// HasMailbox reports whether the account has an address to which mail can be sent. Placeholders end in the reserved domain
// ".invalid" (RFC 2606 §2).
func (a Account) HasMailbox() bool {
	return a.Email != "" && !strings.HasSuffix(strings.ToLower(a.Email), ".invalid")
}

// SetKey sets the key of the user name to one that was derived again.
func (a *Account) SetKey(key string) { a.UsernameKey = key }
