package ports

import (
	"context"
	"fmt"
)

// Passwords normalises, hashes and checks passwords. Hash and Verify wait if too many calls are running, and fail as Unavailable
// if ctx ends first.
type Passwords interface {
	// Normalise returns the form of a new password that is hashed (RFC 8265, OpaqueString), so that it does not depend on how
	// it is typed. It fails with a *CharacterError if no password may hold a character of it. Normalising the form again
	// returns it unchanged.
	Normalise(password string) (form string, err error)
	// Hash returns a hash of the normalised form of a password.
	Hash(ctx context.Context, password string) (string, error)
	// Verify reports whether a password matches a hash, normalised or as it was typed. rehash reports that the hash was made of
	// the password as it was typed, or with other parameters than today's, and should be replaced. A hash that cannot be read,
	// including "", matches nothing, and takes as long to check as one that can.
	Verify(ctx context.Context, password, hash string) (ok, rehash bool, err error)
	// Readable reports whether there is a password that Verify could find to match the hash.
	Readable(hash string) bool
}

// CharacterError is the error of a text with a character that it must not hold.
type CharacterError struct {
	Character rune
	Position  int // of the character, counted from 1
}

func (e *CharacterError) Error() string {
	return fmt.Sprintf("character %d, U+%04X, is not allowed", e.Position, e.Character)
}
