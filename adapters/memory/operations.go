package memory

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
)

type operations struct{ *tx }

func (s operations) Add(_ context.Context, x sla.Operation) error {
	return s.operations.add(s.log, x.ID, x)
}

func (s operations) Get(_ context.Context, id domain.ID) (sla.Operation, error) {
	return s.operations.get(id)
}

func (s operations) Lock(_ context.Context, id domain.ID) (sla.Operation, error) {
	return s.operations.lock(s.log, id)
}

func (s operations) Save(_ context.Context, x sla.Operation) error {
	return s.operations.save(s.log, x.ID, x)
}

func (s operations) Purge(_ context.Context, before time.Time, limit int) (int, error) {
	return s.operations.removeWhere(s.log, limit, func(x sla.Operation) bool { return x.UpdatedAt.Before(before) })
}
