package bunstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

// statusRow is the row of ticket.Status.
type statusRow struct {
	ID          domain.ID         `bun:"id,pk"`
	Name        string            `bun:"name"`
	NameKey     string            `bun:"name_key"`
	Code        string            `bun:"code"`
	Description string            `bun:"description"`
	Weight      int               `bun:"weight"`
	StatusType  ticket.StatusType `bun:"status_type"`
	OnReply     ticket.OnReply    `bun:"on_requester_reply,nullzero"`

	AutoCloseDays int       `bun:"auto_close_days,nullzero"`
	IsDefault     bool      `bun:"is_default"`
	CreatedAt     time.Time `bun:"created_at"`
	UpdatedAt     time.Time `bun:"updated_at"`
}

// status returns the status. One that an earlier release wrote does on a reply what its type does by default.
func (r statusRow) status() ticket.Status {
	if r.OnReply == "" {
		r.OnReply = ticket.DefaultOnReply(r.StatusType)
	}
	return ticket.Status(r)
}

// priorityRow is the row of ticket.Priority.
type priorityRow struct {
	ID          domain.ID `bun:"id,pk"`
	Name        string    `bun:"name"`
	NameKey     string    `bun:"name_key"`
	Code        string    `bun:"code"`
	Description string    `bun:"description"`
	Weight      int       `bun:"weight"`
	Color       string    `bun:"color"`
	SLAHours    int       `bun:"sla_hours"`
	IsDefault   bool      `bun:"is_default"`
	CreatedAt   time.Time `bun:"created_at"`
	UpdatedAt   time.Time `bun:"updated_at"`
}

var statusTable = newTable(table[statusRow, ticket.Status]{
	name:   "ticket_statuses",
	row:    func(s ticket.Status) statusRow { return statusRow(s) },
	entity: statusRow.status,
})

var priorityTable = newTable(table[priorityRow, ticket.Priority]{
	name:   "ticket_priorities",
	row:    func(p ticket.Priority) priorityRow { return priorityRow(p) },
	entity: func(r priorityRow) ticket.Priority { return ticket.Priority(r) },
})

func statuses(c conn) ports.Catalog[ticket.Status] {
	return catalog[statusRow, ticket.Status]{c, statusTable, "weight, name_key, id", "status_id"}
}

func priorities(c conn) ports.Catalog[ticket.Priority] {
	return catalog[priorityRow, ticket.Priority]{c, priorityTable, "weight DESC, name_key, id", "priority_id"}
}

// catalog is the store of statuses or of priorities.
type catalog[R, E any] struct {
	conn
	table        *table[R, E]
	order        string
	ticketColumn string // the column of tickets that refers to an entry
}

func (s catalog[R, E]) Add(ctx context.Context, x E) error { return s.table.add(ctx, s.conn, x) }

func (s catalog[R, E]) Get(ctx context.Context, id domain.ID) (E, error) {
	return s.table.get(ctx, s.conn, "id = ?", id)
}

func (s catalog[R, E]) Lock(ctx context.Context, id domain.ID) (E, error) {
	return s.table.lock(ctx, s.conn, "id = ?", id)
}

func (s catalog[R, E]) LockDefault(ctx context.Context) (E, error) {
	if err := s.lockName(ctx, s.table.name); err != nil {
		var none E
		return none, err
	}
	return s.table.lock(ctx, s.conn, "is_default")
}

func (s catalog[R, E]) Save(ctx context.Context, x E) error { return s.table.save(ctx, s.conn, x) }

func (s catalog[R, E]) Remove(ctx context.Context, id domain.ID) error {
	return s.table.remove(ctx, s.conn, id)
}

func (s catalog[R, E]) Used(ctx context.Context, id domain.ID) (bool, error) {
	return s.exists(ctx, s.bun.NewSelect().Table("tickets").Where("? = ?", bun.Ident(s.ticketColumn), id))
}

func (s catalog[R, E]) Taken(ctx context.Context, nameKey, code string, except domain.ID) ([]string, error) {
	var others []struct {
		NameKey string `bun:"name_key"`
		Code    string `bun:"code"`
	}
	err := s.scan(ctx, s.bun.NewSelect().Table(s.table.name).Column("name_key", "code").Where("id <> ?", except).
		Where("name_key = ? OR code = ?", nameKey, code), &others)
	if err != nil {
		return nil, err
	}
	var nameTaken, codeTaken bool
	for _, o := range others {
		nameTaken, codeTaken = nameTaken || o.NameKey == nameKey, codeTaken || o.Code == code
	}
	return takenFields(uniqueField{"name", nameTaken}, uniqueField{"code", codeTaken}), nil
}

func (s catalog[R, E]) List(ctx context.Context, page ports.Page) ([]E, int, error) {
	return s.table.page(ctx, s.conn, s.order, page)
}
