package ports

import (
	"context"

	"tickt/domain"
)

// JobKind is the kind of a job.
type JobKind string

// The kinds of jobs, with what the ID of a job names.
const (
	MailJob      JobKind = "mail"      // a delivery of a notification log, to be mailed
	RecomputeJob JobKind = "recompute" // a policy, to be applied to open tickets
)

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
