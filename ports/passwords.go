package ports

import "context"

// Passwords hashes and checks passwords. Hash and Verify wait if too many calls are running, and fail as Unavailable if
// ctx ends first.
type Passwords interface {
	Hash(ctx context.Context, password string) (string, error)
	// Verify reports whether a password matches a hash. rehash reports that the hash was made with other parameters than
	// today's and should be replaced. A hash that cannot be read, including "", matches nothing, and takes as long to
	// check as one that can.
	Verify(ctx context.Context, password, hash string) (ok, rehash bool, err error)
	// Readable reports whether there is a password that Verify could find to match the hash.
	Readable(hash string) bool
}
