package ports

import (
	"context"

	"tickt/domain"
)

// JobKind says what is to be done.
type JobKind string

// The kinds, with what the ID of a job names.
const (
	MailJob      JobKind = "mail"      // a delivery of a notification log, which is to be mailed
	RecomputeJob JobKind = "recompute" // a policy that is to be applied to open tickets
)

// Job is work that a change leaves to be done later.
type Job struct {
	Kind JobKind
	ID   domain.ID
}

// Jobs is the queue of what is to be done.
type Jobs interface {
	// Add leaves jobs to be done once this Update has been committed, at least once each; where it is not, nothing is
	// left. No jobs are fine.
	Add(ctx context.Context, jobs ...Job) error
}
