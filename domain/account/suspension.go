package account

import (
	"strings"
	"time"

	"tickt/domain"
)

// An address that this many different mails were refused for within refusalWindow gets no more mail.
const (
	maxRefusals   = 3
	refusalWindow = 7 * 24 * time.Hour
)

// MailSuspended reports whether no mail is sent to the address of the account.
func (a Account) MailSuspended() bool { return !a.MailSuspendedAt.IsZero() }

// RefuseMail records that the mail server refused an address for good when the mail id was sent to it, and suspends mail to the
// account if that is the third one within a week. It reports whether the account changed. It does not if the address is not the
// present one, or the mail was counted already. UpdatedAt stays, since this is not an edit.
func (a *Account) RefuseMail(id domain.ID, address string, now time.Time) bool {
	if address != a.Email || a.MailSuspended() {
		return false
	}
	var recent []string
	for _, refusal := range strings.Fields(a.MailRefusals) {
		mail, text, _ := strings.Cut(refusal, refusalSeparator)
		at, err := time.Parse(time.RFC3339, text)
		if err != nil || now.Sub(at) >= refusalWindow {
			continue
		}
		if mail == string(id) {
			return false
		}
		recent = append(recent, refusal)
	}
	recent = append(recent, string(id)+refusalSeparator+now.UTC().Format(time.RFC3339))
	a.MailRefusals = strings.Join(recent, " ")
	if len(recent) >= maxRefusals {
		a.MailRefusals, a.MailSuspendedAt = "", now
	}
	return true
}

// refusalSeparator separates the id of a mail from the time at which it was refused, in MailRefusals.
const refusalSeparator = "@"

// resumeMail ends a suspension, and forgets what was refused if there was one.
func (a *Account) resumeMail() {
	if a.MailSuspended() {
		a.MailSuspendedAt, a.MailRefusals = time.Time{}, ""
	}
}
