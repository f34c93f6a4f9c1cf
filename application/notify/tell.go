// Package notify notifies people of what happened to their tickets: in their inbox and by mail.
package notify

import (
	"context"
	"slices"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/ports"
)

// Teller notifies people of changes of tickets.
type Teller struct {
	NewID  ports.NewID
	Mailer ports.Mailer // nil if mail is off
}

// Tell stores the notifications of all events, in the transaction of the changes. It sets the supervisors of the
// events. If the events concern only those who caused them, it does not read recipients.
func (t *Teller) Tell(ctx context.Context, tx ports.Tx, events []notification.Event) error {
	if err := setSupervisors(ctx, tx, events); err != nil {
		return err
	}
	var concerned []domain.ID
	for _, e := range events {
		concerned = append(concerned, e.Concerned()...)
	}
	slices.Sort(concerned)
	if concerned = slices.Compact(concerned); len(concerned) == 0 {
		return nil
	}
	readers, err := tx.Inbox.Readers(ctx, concerned)
	if err != nil {
		return err
	}
	var logs []notification.Log
	for _, e := range events {
		logs = append(logs, e.Logs(readers, t.NewID)...)
	}
	return t.store(ctx, tx, logs)
}

// setSupervisors sets the supervisors of events with alarms.
func setSupervisors(ctx context.Context, tx ports.Tx, events []notification.Event) error {
	var supervisors []domain.ID
	for i, e := range events {
		if len(e.Alarms) == 0 {
			continue
		}
		if supervisors == nil {
			var err error
			if supervisors, err = tx.Inbox.Holders(ctx, access.SupervisorRole); err != nil {
				return err
			}
		}
		events[i].Supervisors = supervisors
	}
	return nil
}

// store stores new logs and, if mail is on, adds a mail job for each. There may be no logs.
func (t *Teller) store(ctx context.Context, tx ports.Tx, logs []notification.Log) error {
	if len(logs) == 0 {
		return nil
	}
	if t.Mailer == nil {
		return tx.NotificationLogs.Add(ctx, logs...)
	}
	jobs := make([]ports.Job, len(logs))
	for i := range logs {
		logs[i].Queue()
		jobs[i] = ports.Job{Kind: ports.MailJob, ID: logs[i].ID}
	}
	if err := tx.NotificationLogs.Add(ctx, logs...); err != nil {
		return err
	}
	return tx.Jobs.Add(ctx, jobs...)
}
