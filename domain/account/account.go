// Package account holds accounts, the rules of passwords, sign-in sessions and the throttle of
// failed sign-ins. It knows neither how a password is hashed nor how a token is signed.
package account

import (
	"strings"
	"time"

	"tickt/domain"
)

// Account is somebody who can sign in.
type Account struct {
	ID           domain.ID
	Username     string
	UsernameKey  string // folded, unique
	Email        string
	EmailKey     string // folded, unique
	Phone        string // E.164, unique
	PasswordHash string // "" where none was ever set: nobody can sign in with it
	Address      string
	RoleID       domain.ID // "" without a role
	IsActive     bool
	IsStaff      bool
	IsSuperuser  bool
	LastLogin    time.Time // zero: never
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// SetPassword keeps the hash of a password that was judged before.
func (a *Account) SetPassword(hash string, now time.Time) { a.PasswordHash, a.UpdatedAt = hash, now }

// MarkLogin notes a sign-in. A hash that is not "" takes the place of the kept one: the same password,
// hashed with newer parameters. UpdatedAt stays, since nobody edited the account.
func (a *Account) MarkLogin(now time.Time, hash string) {
	a.LastLogin = now
	if hash != "" {
		a.PasswordHash = hash
	}
}

// MaySignIn says whether a password that matches hash, the one it was checked against, still opens the account.
func (a Account) MaySignIn(hash string) bool {
	return a.IsActive && hash != "" && a.PasswordHash == hash
}

// Toggle deactivates an active account, and activates any other.
func (a *Account) Toggle(now time.Time) { a.IsActive, a.UpdatedAt = !a.IsActive, now }

// HasMailbox says whether mail can reach the account: a placeholder's domain is nobody's (RFC 2606 §2).
func (a Account) HasMailbox() bool {
	return a.Email != "" && !strings.HasSuffix(strings.ToLower(a.Email), ".invalid")
}

// SearchText is what a store searches an account in: the words of its name and address, and its number with and
// without its country.
func (a Account) SearchText() string {
	const longestCountry = 3 // digits (ITU-T E.164 §6.2.1)
	digits := strings.TrimPrefix(a.Phone, "+")
	text := a.Username + " " + a.Email + " " + digits
	for n := 1; n <= longestCountry && n < len(digits); n++ {
		text += " " + digits[n:]
	}
	return strings.Join(domain.Words(text), " ")
}
