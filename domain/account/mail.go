package account

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/text"
)

// How long the links in mails work, from the time at which the mail is sent.
const (
	ResetLifetime   = 30 * time.Minute
	ConfirmLifetime = 24 * time.Hour
)

// MailRetention is how long a mail is kept after its time, so that it can still be sent after an outage.
const MailRetention = 24 * time.Hour

// MailKind is the kind of a Mail.
type MailKind string

// The kinds of mails.
const (
	PasswordForgotten MailKind = "password_forgotten" // holds a link to set a new password
	PasswordChanged   MailKind = "password_changed"
	EmailConfirmation MailKind = "email_confirmation" // to a new address, with a link to confirm it
	EmailChanged      MailKind = "email_changed"      // to the former address
	// EmailTaken is sent in place of EmailConfirmation if another account has the address. It is never stored.
	EmailTaken MailKind = "email_taken"
)

// LinkKinds are the kinds of mails with a link.
var LinkKinds = []MailKind{PasswordForgotten, EmailConfirmation}

// Mail is a mail to a person about its own account. It may hold a link with a token that works once.
type Mail struct {
	ID          domain.ID
	Kind        MailKind
	AccountID   domain.ID // "" until the account of a forgotten password is looked up
	UsernameKey string    // folded user name, see Lookup; "" if EmailKey is set, or if no account can have what was typed
	EmailKey    string    // the same for an e-mail address
	Address     string    // where it goes; "" means the address of the account
	Credentials string    // of the account when a link was asked for or sent: see Account.Credentials; "" before
	TokenHash   string    // hash of the token in the link; "" until it is sent, and without a link
	CreatedAt   time.Time
	ExpiresAt   time.Time // of the link; of a mail that was not sent yet, when to give it up
	SentAt      time.Time // zero until a mail with a link was accepted by the mail server
}

func newMail(id domain.ID, kind MailKind, now time.Time) Mail {
	return Mail{ID: id, Kind: kind, CreatedAt: now, ExpiresAt: now.Add(MailRetention)}
}

// NewForgotten returns the mail for a forgotten password of the account with a folded user name or with the key of an e-mail address.
func NewForgotten(id domain.ID, usernameKey, emailKey string, now time.Time) Mail {
	m := newMail(id, PasswordForgotten, now)
	m.UsernameKey, m.EmailKey = usernameKey, emailKey
	return m
}

// NewConfirmation returns the mail by which an account confirms a new address.
func NewConfirmation(id domain.ID, a Account, address string, now time.Time) Mail {
	m := newMail(id, EmailConfirmation, now)
	m.AccountID, m.Address, m.Credentials = a.ID, address, a.Credentials()
	return m
}

// NewNotice returns a mail without a link, to the present address of an account.
func NewNotice(id domain.ID, kind MailKind, a Account, now time.Time) Mail {
	m := newMail(id, kind, now)
	m.AccountID, m.Address = a.ID, a.Email
	return m
}

// Lookup returns how the account of a forgotten password is found by its user name.
func (m Mail) Lookup() Lookup { return Lookup{text.Key(m.UsernameKey), m.UsernameKey} }

// HasLink reports whether the mail holds a link.
func (m Mail) HasLink() bool { return slices.Contains(LinkKinds, m.Kind) }

// MaySend reports whether the mail is still to be sent to the person of an account.
func (m Mail) MaySend(a Account) bool {
	switch {
	case !a.IsActive || !m.SentAt.IsZero():
		return false
	case m.Address == "":
		return a.HasMailbox()
	case m.Kind == EmailConfirmation:
		return m.Credentials == a.Credentials()
	default:
		return true
	}
}

// Issue adds a link with a new token to the mail. A token that it had no longer works.
func (m *Mail) Issue(a Account, tokenHash string, now time.Time) {
	lifetime := ResetLifetime
	if m.Kind == EmailConfirmation {
		lifetime = ConfirmLifetime
	}
	m.AccountID, m.Credentials = a.ID, a.Credentials()
	m.TokenHash, m.ExpiresAt = tokenHash, now.Add(lifetime)
}

// Sent records that the mail server has accepted the mail with the token of a hash. It reports false, and changes nothing,
// if the mail has another token by now.
func (m *Mail) Sent(tokenHash string, now time.Time) bool {
	if m.TokenHash != tokenHash {
		return false
	}
	m.SentAt = now
	return true
}

// Works reports whether the link with the token of a hash works for an account: the mail is of that kind, the time is not
// over, the account is active, and neither its password nor its e-mail address has changed.
func (m Mail) Works(kind MailKind, tokenHash string, a Account, now time.Time) bool {
	return m.Kind == kind && tokenHash != "" && m.TokenHash == tokenHash && m.AccountID == a.ID && a.ID != "" && a.IsActive &&
		now.Before(m.ExpiresAt) && m.Credentials == a.Credentials()
}

// Credentials returns a hash of what voids the links of an account when it changes: its password and its e-mail address.
func (a Account) Credentials() string {
	sum := sha256.Sum256([]byte(a.EmailKey + "\x00" + a.PasswordHash))
	return hex.EncodeToString(sum[:])
}
