package bunstore

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tickt/domain"
	"tickt/domain/namekey"
	"tickt/ports"
)

// nameColumns are where the names of a kind are, and their keys.
type nameColumns struct{ table, name, key string }

var nameTables = map[ports.DerivedKind]nameColumns{
	ports.UserNames:     {"accounts", "username", "canonical_username"},
	ports.RoleNames:     {"roles", "name", "canonical_name"},
	ports.MenuNames:     {"menus", "name", "name_key"},
	ports.StatusNames:   {"ticket_statuses", "name", "name_key"},
	ports.PriorityNames: {"ticket_priorities", "name", "name_key"},
	ports.CalendarNames: {"calendars", "name", "name_key"},
	ports.PolicyNames:   {"sla_policies", "name", "name_key"},
	ports.UserLooks:     {"accounts", "username", "skeleton"},
}

// nameRow is the row of namekey.Row.
type nameRow struct {
	Name      string    `bun:"name"`
	Key       string    `bun:"key"`
	ID        domain.ID `bun:"id"`
	CreatedAt time.Time `bun:"created_at"`
}

type nameKeys struct{ conn }

func (s nameKeys) IDs(ctx context.Context, kind ports.DerivedKind, after domain.ID, limit int) ([]domain.ID, error) {
	found, err := rows[idRow](ctx, s.conn,
		s.statement(`SELECT x.id FROM `+nameTables[kind].table+` x WHERE x.id > ? ORDER BY x.id LIMIT ?`, after, limit))
	return converted(found, func(r idRow) domain.ID { return r.ID }), err
}

func (s nameKeys) CountAfter(ctx context.Context, kind ports.DerivedKind, after domain.ID) (int, error) {
	return s.count(ctx, s.bun.NewSelect().Table(nameTables[kind].table).Where("id > ?", after))
}

// query selects namekey.Rows.
func (s nameKeys) query(kind ports.DerivedKind) *bun.SelectQuery {
	t := nameTables[kind]
	return s.bun.NewSelect().Table(t.table).OrderExpr("id").
		ColumnExpr("? AS name, COALESCE(?, '') AS key, id, created_at", bun.Ident(t.name), bun.Ident(t.key))
}

func (s nameKeys) read(ctx context.Context, q *bun.SelectQuery) ([]namekey.Row, error) {
	var found []nameRow
	err := s.scan(ctx, q, &found)
	return converted(found, func(r nameRow) namekey.Row { return namekey.Row(r) }), err
}

func (s nameKeys) Lock(ctx context.Context, kind ports.DerivedKind, ids []domain.ID) ([]namekey.Row, error) {
	if len(ids) == 0 {
		return []namekey.Row{}, nil
	}
	return s.read(ctx, s.query(kind).Where("id IN (?)", bun.List(ids)).Apply(s.locking))
}

func (s nameKeys) holders(kind ports.DerivedKind, keys []string) *bun.SelectQuery {
	return s.query(kind).Where("? IN (?)", bun.Ident(nameTables[kind].key), bun.List(keys))
}

func (s nameKeys) LockHolders(ctx context.Context, kind ports.DerivedKind, keys []string) ([]namekey.Row, error) {
	if len(keys) == 0 {
		return []namekey.Row{}, nil
	}
	return s.read(ctx, s.holders(kind, keys).Apply(s.locking))
}

func (s nameKeys) Holders(ctx context.Context, kind ports.DerivedKind, keys []string) ([]namekey.Row, error) {
	if len(keys) == 0 {
		return []namekey.Row{}, nil
	}
	return s.read(ctx, s.holders(kind, keys))
}

func (s nameKeys) Set(ctx context.Context, kind ports.DerivedKind, rows []namekey.Row) error {
	if len(rows) == 0 {
		return nil
	}
	values, args := strings.Repeat(`(?, ?), `, len(rows)-1)+`(?, ?)`, make([]any, 0, 2*len(rows))
	for _, r := range rows {
		args = append(args, string(r.ID), r.Key)
	}
	t := nameTables[kind]
	err := s.run(ctx, s.bun.NewRaw(`WITH d (id, key) AS (VALUES `+values+`)
 UPDATE `+t.table+` AS x SET `+t.key+` = d.key FROM d WHERE x.id = d.id`, args...))
	if err != nil || kind != ports.UserLooks {
		return err
	}
	// A trigger marks every new name, also that of this transaction.
	ids := converted(rows, func(r namekey.Row) domain.ID { return r.ID })
	return s.run(ctx, s.bun.NewDelete().Table("derived_due").Where("kind = ? AND id IN (?)", string(kind), bun.List(ids)))
}

func (s nameKeys) Reserve(ctx context.Context, kind ports.DerivedKind, key string) error {
	return s.lockName(ctx, string(kind)+" "+key)
}

func (s nameKeys) Aside(ctx context.Context, kind ports.DerivedKind, after domain.ID, limit int) ([]namekey.Row, error) {
	least, _ := namekey.AsideRange("")
	key := bun.Ident(nameTables[kind].key)
	return s.read(ctx, s.query(kind).Where("id > ? AND ? LIKE ?", after, key, "%"+least+"%").Limit(int64(limit)))
}
