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

// Waiting gives the jobs that are to be done, the oldest first.
func (s *Store) Waiting(ctx context.Context) (all []ports.Job, err error) {
	err = s.View(ctx, func(ports.Tx) error {
		all = append([]ports.Job{}, s.data.queue.waiting...)
		return nil
	})
	return all, err
}

// Work does the jobs that wait, and those that they leave, the oldest first, and gives how many it did. It ends with the
// first that fails, which stays the next one to be done. It must not be called again while it works.
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

// dequeue forgets the oldest job.
func (s *Store) dequeue(ctx context.Context) error {
	if err := s.wait(ctx, allTurns); err != nil {
		return err
	}
	defer s.turns.Release(allTurns)
	s.data.queue.waiting = s.data.queue.waiting[1:]
	return nil
}
