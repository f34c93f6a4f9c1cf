package memory

import (
	"context"

	"tickt/ports"
)

// queue holds the jobs to do, the oldest first. Like a table, it is only changed through a journal, except by
// dequeue.
type queue struct{ waiting []ports.Job }

func (q *queue) set(log *journal, waiting []ports.Job) {
	old := q.waiting
	log.record(func() { q.waiting = old })
	q.waiting = waiting
}

type jobs struct{ *tx }

func (s jobs) Add(_ context.Context, all ...ports.Job) error {
	if err := s.log.writable(); err != nil {
		return err
	}
	s.queue.set(s.log, append(s.queue.waiting, all...))
	return nil
}

// Waiting returns the jobs to do, the oldest first.
func (s *Store) Waiting(ctx context.Context) (all []ports.Job, err error) {
	err = s.View(ctx, func(ports.Tx) error {
		all = append([]ports.Job{}, s.data.queue.waiting...)
		return nil
	})
	return all, err
}

// Work does all jobs, including those that they add, the oldest first, and returns how many it did. It stops at the
// first job that fails, which stays in the queue. It must not be called concurrently.
func (s *Store) Work(ctx context.Context, do func(context.Context, ports.Job) error) (int, error) {
	for n := 0; ; n++ {
		waiting, err := s.Waiting(ctx)
		if err != nil || len(waiting) == 0 {
			return n, err
		}
		if err := do(ctx, waiting[0]); err != nil {
			return n, err
		}
		if err := s.dequeue(ctx); err != nil {
			return n, err
		}
	}
}

// dequeue removes the oldest job.
func (s *Store) dequeue(ctx context.Context) error {
	if err := s.acquire(ctx, allSlots); err != nil {
		return err
	}
	defer s.slots.Release(allSlots)
	s.data.queue.waiting = s.data.queue.waiting[1:]
	return nil
}
