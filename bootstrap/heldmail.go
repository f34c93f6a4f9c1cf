package bootstrap

import (
	"context"
	"time"

	"tickt/adapters/jobs"
	"tickt/application"
	"tickt/ports"
)

type (
	mailHeld    struct{}
	mailRelease struct{}
	mailDrop    struct{}
)

// Run prints a line for each job that is on hold: number, kind, id of its subject, and when it was added.
func (mailHeld) Run(ctx context.Context, c Console) error {
	return c.withQueue(ctx, func(q *jobs.Queue) error {
		return q.Held(ctx, func(h jobs.Held) error {
			c.printf("%d  %s  %s  %s", h.Number, h.Kind, dash(string(h.ID)), h.CreatedAt.Format(time.RFC3339))
			return nil
		})
	})
}

// Run lets the jobs that are on hold be worked.
func (mailRelease) Run(ctx context.Context, c Console) error {
	return c.withQueue(ctx, func(q *jobs.Queue) error {
		n, err := q.Release(ctx)
		if err == nil {
			c.printf("%s released.", counted(int(n), "mail"))
		}
		return err
	})
}

// dropReason is why a notification log that was dropped is dead.
const dropReason = "It was given up after a backup was restored."

// Run drops the mail that is on hold: its notification logs become dead, and its jobs have nothing left to do.
func (mailDrop) Run(ctx context.Context, c Console) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	var q *jobs.Queue
	var app *application.App
	return c.withParts(ctx, s, nil, func() error {
		err := q.Held(ctx, func(h jobs.Held) error {
			if h.Kind != ports.MailJob {
				return nil
			}
			return app.NotificationLogs.Withdraw(ctx, h.ID, dropReason)
		})
		if err != nil {
			return err
		}
		n, err := q.Release(ctx)
		if err == nil {
			c.printf("%s given up.", counted(int(n), "mail"))
		}
		return err
	}, &q, &app)
}
