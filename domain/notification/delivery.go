package notification

import (
	"strconv"
	"strings"
	"time"

	"tickt/domain"
)

// DeliveryState says how far a log has come on its way to the recipient.
type DeliveryState string

// The states, as clients name them.
const (
	DeliveryQueued DeliveryState = "queued" // waits to be mailed
	DeliverySent   DeliveryState = "sent"   // was delivered: to the inbox alone, or to the mail server too
	DeliveryFailed DeliveryState = "failed" // could not be mailed, and will be tried again
	DeliveryDead   DeliveryState = "dead"   // could not be mailed, and will not be tried again by itself
)

// MaxAttempts is how often it is tried to mail a log.
const MaxAttempts = 10

// maxReason is how much of a reason is kept, in characters.
const maxReason = 500

// Queue makes a new log one that is to be mailed, and is not delivered before that.
func (l *Log) Queue() {
	l.IsSent, l.SentAt, l.Delivery = false, time.Time{}, DeliveryQueued
}

// resent stands in the id of a delivery between the log and the count of its resends.
const resent = "."

// DeliveryID names the delivery that the log awaits or has had: its own ID at first, and another one after each Resend.
func (l Log) DeliveryID() domain.ID {
	if l.Resends == 0 {
		return l.ID
	}
	return l.ID + resent + domain.ID(strconv.Itoa(l.Resends))
}

// LogOf gives the ID of the log that a delivery is of.
func LogOf(delivery domain.ID) domain.ID {
	id, _, _ := strings.Cut(string(delivery), resent)
	return domain.ID(id)
}

// Awaits says whether the log is still to be mailed by a delivery: one that came before the last Resend is over.
func (l Log) Awaits(delivery domain.ID) bool { return l.Awaited() && l.DeliveryID() == delivery }

// Awaited says whether the log is still to be mailed.
func (l Log) Awaited() bool { return l.Delivery == DeliveryQueued || l.Delivery == DeliveryFailed }

// Sent notes that the mail server has accepted the log, and says whether that is news. It holds against whatever was
// noted of another attempt at the same time.
func (l *Log) Sent(now time.Time) bool {
	if l.Delivery == DeliverySent {
		return false
	}
	l.IsSent, l.SentAt, l.Delivery, l.UpdatedAt = true, now, DeliverySent, now
	l.Attempts, l.LastError = l.Attempts+1, ""
	return true
}

// Failed notes that an attempt to mail the log has failed for a reason that may pass; the last of MaxAttempts ends it. It
// says whether the log was still awaited.
func (l *Log) Failed(reason string, now time.Time) bool {
	if l.Attempts+1 < MaxAttempts {
		return l.missed(DeliveryFailed, 1, reason, now)
	}
	return l.missed(DeliveryDead, 1, reason, now)
}

// Refused notes that an attempt to mail the log has failed for a reason that will not pass, and says whether the log was
// still awaited.
func (l *Log) Refused(reason string, now time.Time) bool {
	return l.missed(DeliveryDead, 1, reason, now)
}

// Drop notes that the log is not mailed, without an attempt, and says whether it was still awaited.
func (l *Log) Drop(reason string, now time.Time) bool {
	return l.missed(DeliveryDead, 0, reason, now)
}

func (l *Log) missed(state DeliveryState, attempts int, reason string, now time.Time) bool {
	if !l.Awaited() {
		return false
	}
	l.Delivery, l.Attempts, l.LastError, l.UpdatedAt = state, l.Attempts+attempts, line(reason), now
	return true
}

// Resend lets a log that could not be mailed be tried anew, as if it never had been, by a delivery of its own. The one
// before counts no more.
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

// line puts a reason into one line.
func line(reason string) string {
	return cut(strings.Join(strings.Fields(strings.ToValidUTF8(reason, "\uFFFD")), " "), maxReason)
}
