// Package account holds accounts, the rules of passwords, sign-in sessions and the throttle of
// failed sign-ins. It knows neither how a password is hashed nor how a token is signed.
package account

import (
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

// Draft is what somebody says of a new account.
type Draft struct {
	Username    string
	Email       string
	Phone       string // as it was typed
	PhoneE164   string // its normalised form; "" where it is no valid number
	Password    string // in clear: it is judged here and kept nowhere
	Address     string
	RoleID      domain.ID
	IsStaff     bool
	IsSuperuser bool
}

// New makes an active account that has no password hash yet. Its error, Invalid, lists every problem; the
// account then still holds the unique values that are sound, so that those which are taken can be told at once too.
func New(id domain.ID, d Draft, now time.Time) (Account, error) {
	var p domain.Problems
	a := Account{
		ID: id, RoleID: d.RoleID, IsActive: true, IsStaff: d.IsStaff, IsSuperuser: d.IsSuperuser,
		CreatedAt: now, UpdatedAt: now,
	}
	a.Username = checkUsername(&p, d.Username)
	if !p.Has("username") {
		a.UsernameKey = domain.Fold(a.Username)
	}
	a.Email = checkEmail(&p, d.Email)
	if !p.Has("email") {
		a.EmailKey = domain.Fold(a.Email)
	}
	a.Phone = checkPhone(&p, d.Phone, d.PhoneE164)
	a.checkPassword(&p, d.Password)
	a.Address = p.Text("address", "Address", d.Address, maxAddress)
	return a, p.Err()
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

// AddTaken notes that a value which must be unique, by its field, belongs to another account.
func AddTaken(p *domain.Problems, field string) {
	label := field
	switch field {
	case "username":
		label = "Username"
	case "email":
		label = "Email"
	case "phoneNumber":
		label = "Phone Number"
	}
	p.Add(field, domain.CodeTaken, label+" already exists.")
}
