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
