package memory

import (
	"context"

	"tickt/ports"
)

// queue is what is to be done, the oldest first. It changes through a journal only, as tables do.
type queue struct{ waiting []ports.Job }

func (q *queue) set(log *journal, waiting []ports.Job) {
	old := q.waiting
	log.note(func() { q.waiting = old })
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

// Work does what is queued, and what that leaves to be done, the oldest first, and gives how many jobs it did. It ends
// with the first that fails, which stays the next one to be done. Nobody else works meanwhile.
func (s *Store) Work(ctx context.Context, do func(context.Context, ports.Job) error) (int, error) {
	for n := 0; ; n++ {
		job, there, err := s.next(ctx)
		if err != nil || !there {
			return n, err
		}
		if err := do(ctx, job); err != nil {
			return n, err
		}
		if err := s.dequeue(ctx); err != nil {
			return n, err
		}
	}
}

// next gives the oldest job, if there is one.
func (s *Store) next(ctx context.Context) (job ports.Job, there bool, err error) {
	err = s.View(ctx, func(ports.Tx) error {
		if there = len(s.data.queue.waiting) > 0; there {
			job = s.data.queue.waiting[0]
		}
		return nil
	})
	return job, there, err
}

// dequeue forgets the oldest job.
func (s *Store) dequeue(ctx context.Context) error {
	if err := s.wait(ctx, allTurns); err != nil {
		return err
	}
	defer s.turns.Release(allTurns)
	s.data.queue.set(&journal{}, s.data.queue.waiting[1:])
	return nil
}
