package bunstore

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
)

// operationRow is the row of sla.Operation.
type operationRow struct {
	ID         domain.ID          `bun:"id,pk"`
	AccountID  domain.ID          `bun:"account_id"`
	PolicyID   domain.ID          `bun:"policy_id,nullzero"`
	PriorityID domain.ID          `bun:"priority_id,nullzero"`
	State      sla.OperationState `bun:"state"`
	Progress   int                `bun:"progress"`
	Total      int                `bun:"total"`
	After      domain.ID          `bun:"after_id,nullzero"`
	Tickets    int                `bun:"tickets"`
	Moved      int                `bun:"due_times_moved"`
	Added      int                `bun:"breaches_added"`
	Removed    int                `bun:"breaches_removed"`
	CreatedAt  time.Time          `bun:"created_at"`
	UpdatedAt  time.Time          `bun:"updated_at"`
}

var operationTable = newTable(table[operationRow, sla.Operation]{
	name:   "operations",
	row:    func(x sla.Operation) operationRow { return operationRow(x) },
	entity: func(r operationRow) sla.Operation { return sla.Operation(r) },
})

type operations struct{ conn }

func (s operations) Add(ctx context.Context, x sla.Operation) error {
	return operationTable.add(ctx, s.conn, x)
}

func (s operations) Get(ctx context.Context, id domain.ID) (sla.Operation, error) {
	return operationTable.get(ctx, s.conn, "id = ?", id)
}

func (s operations) Lock(ctx context.Context, id domain.ID) (sla.Operation, error) {
	return operationTable.lock(ctx, s.conn, "id = ?", id)
}

func (s operations) Save(ctx context.Context, x sla.Operation) error {
	return operationTable.save(ctx, s.conn, x)
}

func (s operations) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := exec(ctx, s.conn,
		s.statement(`DELETE FROM operations WHERE id IN (SELECT o.id FROM operations o WHERE o.updated_at < ? LIMIT ?`, before, limit).
			add(s.forUpdateSkipLocked("o")+`)`))
	return int(n), err
}
