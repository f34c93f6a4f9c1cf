package ports

import (
	"context"

	"tickt/domain"
)

// JobKind is the kind of a job.
type JobKind string

// The kinds of jobs, with what the ID of a job names.
const (
	MailJob        JobKind = "mail"         // a delivery of a notification log, to be mailed
	AccountMailJob JobKind = "account_mail" // a mail to a person about its own account, to be sent
	RecomputeJob   JobKind = "recompute"    // a policy, to be applied to open tickets

	AutoCloseJob         JobKind = "auto_close"         // a status, whose days until tickets are closed were changed
	HandOverJob          JobKind = "hand_over"          // a ticket.HandOver, to be done
	RecomputePriorityJob JobKind = "recompute_priority" // a priority, whose hours are to be applied to open tickets
	ForecastJob          JobKind = "forecast"           // an operation, whose forecast is to be completed
)

// JobQueue is a queue of jobs. Each has workers of its own, so that jobs that hang or pile up in one delay no job of another.
type JobQueue string

// The queues.
const (
	DefaultQueue JobQueue = "default" // work on the database only
	MailQueue    JobQueue = "mail"    // work that talks to the mail server
)

// jobQueues names the queue of each kind. A kind that talks to something outside of the database gets a queue for that.
var jobQueues = map[JobKind]JobQueue{
	MailJob:        MailQueue,
	AccountMailJob: MailQueue,
	RecomputeJob:   DefaultQueue,

	AutoCloseJob:         DefaultQueue,
	HandOverJob:          DefaultQueue,
	RecomputePriorityJob: DefaultQueue,
	ForecastJob:          DefaultQueue,
}

// Queue returns the queue of the jobs of a kind: DefaultQueue for a kind that is not known.
func (k JobKind) Queue() JobQueue {
	if q, known := jobQueues[k]; known {
		return q
	}
	return DefaultQueue
}

// Job is work to be done after a change.
type Job struct {
	Kind JobKind
	ID   domain.ID
}

// Jobs is the job queue.
type Jobs interface {
	// Add adds jobs to the queue when this Update commits, and none if it does not. There may be none. Each job is run
	// at least once.
	Add(ctx context.Context, jobs ...Job) error
}
