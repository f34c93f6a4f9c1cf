package application

import (
	"context"
	"slices"

	"tickt/domain"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
)

// tell keeps what those concerned are told of changes, in the changes' own transaction and all at once. Where they concern
// nobody but those who caused them, nothing is asked of the store.
func (d Deps) tell(ctx context.Context, tx ports.Tx, all []changed) error {
	events, err := eventsOf(ctx, tx, all)
	if err != nil {
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
		logs = append(logs, e.Logs(readers, d.NewID)...)
	}
	return d.send(ctx, tx, logs)
}

// send keeps new logs and, where mail is on, leaves it to a job for each to mail it; no logs are fine.
func (d Deps) send(ctx context.Context, tx ports.Tx, logs []notification.Log) error {
	if len(logs) == 0 {
		return nil
	}
	if d.Mailer == nil {
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

// eventsOf gives the changes as those concerned see them.
func eventsOf(ctx context.Context, tx ports.Tx, all []changed) (events []notification.Event, err error) {
	var supervisors []domain.ID
	for _, c := range all {
		e := c.event()
		if len(e.Alarms) > 0 && supervisors == nil {
			if supervisors, err = tx.Inbox.Holders(ctx, supervisorRole); err != nil {
				return nil, err
			}
		}
		e.Supervisors = supervisors
		events = append(events, e)
	}
	return events, nil
}

// event is the change as those concerned see it. A comment that was changed or taken back is no news, but for a
// note that can be read by more than before.
func (c changed) event() notification.Event {
	e := notification.Event{
		Before: c.before, After: c.after, By: c.cause.Actor, ByName: c.actor.Username, At: c.cause.At, Alarms: c.alarms(), DueSoon: c.remind,
	}
	if c.comment != nil && (c.kind == ticket.EntryCommented || c.published) {
		e.Comment = &c.comment.Comment
	}
	return e
}
