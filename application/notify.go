package application

import (
	"context"

	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
)

// tell keeps what those concerned are told of a change, in the change's own transaction. Where it concerns nobody but
// the one who caused it, nothing is asked of the store.
func (d Deps) tell(ctx context.Context, tx ports.Tx, c changed) error {
	e := c.event()
	concerned := e.Concerned()
	if len(concerned) == 0 {
		return nil
	}
	readers, err := tx.Inbox.Readers(ctx, concerned)
	if err != nil {
		return err
	}
	return d.send(ctx, tx, e.Logs(readers, d.NewID))
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

// event is the change as those concerned see it. A comment that was changed or taken back is no news, but for a note
// that can be read by more than before.
func (c changed) event() notification.Event {
	e := notification.Event{Before: c.before, After: c.after, By: c.cause.Actor, ByName: c.actor.Username, At: c.cause.At}
	if c.comment != nil && (c.kind == ticket.EntryCommented || c.published) {
		e.Comment = &c.comment.Comment
	}
	return e
}
