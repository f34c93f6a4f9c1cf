package notification

import (
	"strconv"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/text"
)

// DeliveryState is the state of the delivery of a log.
type DeliveryState string

// The states, as clients name them.
const (
	DeliveryQueued DeliveryState = "queued" // waiting to be mailed
	DeliverySent   DeliveryState = "sent"   // delivered: to the inbox, and to the mail server if it is mailed
	DeliveryFailed DeliveryState = "failed" // an attempt to mail it failed; it will be retried
	DeliveryDead   DeliveryState = "dead"   // not mailed, and not retried unless it is resent
)

// MaxAttempts is the maximum number of attempts to mail a log.
const MaxAttempts = 10

// maxReason is the maximum length of LastError, in characters.
const maxReason = 500

// Queue marks a new log as waiting to be mailed; it does not count as sent until it is mailed.
func (l *Log) Queue() {
	l.IsSent, l.SentAt, l.Delivery = false, time.Time{}, DeliveryQueued
}

// resendSeparator separates, in the id of a delivery, the id of the log and the number of resends.
const resendSeparator = "."

// DeliveryID returns the id of the current delivery of the log: the id of the log at first, and another one after each
// Resend.
func (l Log) DeliveryID() domain.ID {
	if l.Resends == 0 {
		return l.ID
	}
	return l.ID + resendSeparator + domain.ID(strconv.Itoa(l.Resends))
}

// LogOf returns the id of the log of a delivery.
func LogOf(delivery domain.ID) domain.ID {
	id, _, _ := strings.Cut(string(delivery), resendSeparator)
	return domain.ID(id)
}

// Awaits reports whether the log is still to be mailed by the delivery. A delivery from before the last Resend is over.
func (l Log) Awaits(delivery domain.ID) bool { return l.Awaited() && l.DeliveryID() == delivery }

// Awaited reports whether the log is still to be mailed.
func (l Log) Awaited() bool { return l.Delivery == DeliveryQueued || l.Delivery == DeliveryFailed }

// Sent records that the mail server accepted the log. It reports whether the log changed. It overrides a failure that a
// concurrent attempt recorded.
func (l *Log) Sent(now time.Time) bool {
	if l.Delivery == DeliverySent {
		return false
	}
	l.IsSent, l.SentAt, l.Delivery, l.UpdatedAt = true, now, DeliverySent, now
	l.Attempts, l.LastError = l.Attempts+1, ""
	return true
}

// Failed records that an attempt to mail the log failed for a reason that may be temporary. After MaxAttempts, the log is
// dead. Failed reports whether the log changed; it does not if the log is no longer to be mailed.
func (l *Log) Failed(reason string, now time.Time) bool {
	if l.Attempts+1 < MaxAttempts {
		return l.recordFailure(DeliveryFailed, 1, reason, now)
	}
	return l.recordFailure(DeliveryDead, 1, reason, now)
}

// Refused records that an attempt to mail the log failed for a permanent reason: the log is dead. It reports whether the
// log changed, as Failed does.
func (l *Log) Refused(reason string, now time.Time) bool {
	return l.recordFailure(DeliveryDead, 1, reason, now)
}

// Drop records that the log will not be mailed, without an attempt: the log is dead. It reports whether the log changed,
// as Failed does.
func (l *Log) Drop(reason string, now time.Time) bool {
	return l.recordFailure(DeliveryDead, 0, reason, now)
}

// recordFailure records a failure. A log that will not be mailed is in the inbox, even if its recipient chose mail only.
func (l *Log) recordFailure(state DeliveryState, attempts int, reason string, now time.Time) bool {
	if !l.Awaited() {
		return false
	}
	l.Delivery, l.Attempts, l.LastError, l.UpdatedAt = state, l.Attempts+attempts, oneLine(reason), now
	if state == DeliveryDead && l.MailOnly {
		l.MailOnly, l.IsRead = false, false
	}
	return true
}

// Resend queues a failed or dead log again, with a new delivery and no attempts yet. The former delivery is over. Resend
// fails as Conflict if the log is queued or sent.
func (l *Log) Resend(now time.Time) error {
	switch l.Delivery {
	case DeliveryFailed, DeliveryDead:
		l.Delivery, l.Attempts, l.LastError, l.UpdatedAt = DeliveryQueued, 0, "", now
		l.Resends++
		return nil
	case DeliveryQueued:
		return domain.Fail(domain.Conflict, "The notification is already waiting to be sent.")
	default:
		return domain.Fail(domain.Conflict, "The notification has already been sent.")
	}
}

// oneLine returns a reason as a line may hold it, shortened to maxReason: a mail server may reply with any bytes.
func oneLine(reason string) string {
	return shorten(text.Line.Repair(strings.Join(strings.Fields(reason), " ")), maxReason)
}
