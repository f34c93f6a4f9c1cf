package ports

import "unicode"

// Addresses reads e-mail addresses.
type Addresses interface {
	// Read returns the address that somebody typed; ok is false if it is not one that mail can be sent to.
	Read(typed string) (a Address, ok bool)
}

// Address is an e-mail address that mail can be sent to.
type Address struct {
	Text    string // as it was typed, trimmed and in NFC
	Mailbox string // as mail servers get it, with the domain in ASCII
	Key     string // by which it is compared: two addresses with the same key are the same
}

// IsInternational reports whether the local part has characters that are not ASCII, so that it needs SMTPUTF8 (RFC 6531).
func (a Address) IsInternational() bool {
	for _, r := range a.Mailbox {
		if r > unicode.MaxASCII {
			return true
		}
	}
	return false
}
