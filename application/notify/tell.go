// Package notify notifies people of what happened to their tickets: in their inbox and by mail.
package notify

import (
	"context"
	"slices"

	"tickt/domain"
	"tickt/domain/notification"
	"tickt/ports"
)

// Teller notifies people of changes of tickets.
type Teller struct {
	NewID  ports.NewID
	Mailer ports.Mailer // nil if mail is off
}

// Tell stores the notifications of all events, in the transaction of the changes. It reads recipients in at most two round trips:
// the accounts that the events name, if they concern others than those who caused them; and those that receive unassigned
// tickets, if an event is for an assignee that there is not.
func (t *Teller) Tell(ctx context.Context, tx ports.Tx, events []notification.Event) error {
	var concerned []domain.ID
	for _, e := range events {
		concerned = append(concerned, e.Concerned()...)
	}
	slices.Sort(concerned)
	var readers []notification.Reader
	var err error
	if concerned = slices.Compact(concerned); len(concerned) > 0 {
		if readers, err = tx.Inbox.Readers(ctx, concerned); err != nil {
			return err
		}
	}
	if readers, err = withReceivers(ctx, tx, events, readers); err != nil {
		return err
	}
	var logs []notification.Log
	for _, e := range events {
		logs = append(logs, e.Logs(readers, t.Mailer != nil, t.NewID)...)
	}
	return t.store(ctx, tx, logs)
}

// withReceivers adds those that receive unassigned tickets to the readers, and the superusers, if an event needs them.
func withReceivers(
	ctx context.Context, tx ports.Tx, events []notification.Event, readers []notification.Reader,
) ([]notification.Reader, error) {
	if !slices.ContainsFunc(events, func(e notification.Event) bool { return e.NeedsReceivers(readers) }) {
		return readers, nil
	}
	receivers, err := tx.Inbox.Receivers(ctx)
	for _, r := range receivers {
		if !slices.ContainsFunc(readers, func(known notification.Reader) bool { return known.ID == r.ID }) {
			readers = append(readers, r)
		}
	}
	return readers, err
}

// store stores new logs and adds a mail job for each that is to be mailed. There may be no logs.
func (t *Teller) store(ctx context.Context, tx ports.Tx, logs []notification.Log) error {
	if len(logs) == 0 {
		return nil
	}
	if err := tx.NotificationLogs.Add(ctx, logs...); err != nil {
		return err
	}
	var jobs []ports.Job
	for _, l := range logs {
		if l.Awaited() {
			jobs = append(jobs, ports.Job{Kind: ports.MailJob, ID: l.ID})
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	return tx.Jobs.Add(ctx, jobs...)
}
