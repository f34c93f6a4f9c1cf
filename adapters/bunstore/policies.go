package bunstore

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tickt/domain"
	"tickt/domain/lifecycle"
	"tickt/domain/sla"
	"tickt/ports"
)

// policyRow is sla.Policy with the columns that hold it; what it has several of stands in tables of its own.
type policyRow struct {
	ID               domain.ID     `bun:"id,pk"`
	Name             string        `bun:"name"`
	NameKey          string        `bun:"name_key"`
	Position         int           `bun:"position"`
	PriorityIDs      []domain.ID   `bun:"-"`
	MenuIDs          []domain.ID   `bun:"-"`
	Targets          []sla.Target  `bun:"-"`
	PauseTypes       statusTypes   `bun:"pause_types"`
	OnReopen         sla.Reopening `bun:"on_reopen"`
	EscalateOnBreach bool          `bun:"escalate_on_breach"`
	IsActive         bool          `bun:"is_active"`
	CreatedAt        time.Time     `bun:"created_at"`
	UpdatedAt        time.Time     `bun:"updated_at"`
}

var policyTable = newTable(table[policyRow, sla.Policy]{
	name: "sla_policies",
	row: func(x sla.Policy) policyRow {
		return policyRow{
			x.ID, x.Name, x.NameKey, x.Position, x.PriorityIDs, x.MenuIDs, x.Targets, joined(x.PauseTypes), x.OnReopen,
			x.EscalateOnBreach, x.IsActive, x.CreatedAt, x.UpdatedAt,
		}
	},
	entity: policyRow.policy,
})

func (r policyRow) policy() sla.Policy {
	return sla.Policy(struct {
		ID               domain.ID
		Name             string
		NameKey          string
		Position         int
		PriorityIDs      []domain.ID
		MenuIDs          []domain.ID
		Targets          []sla.Target
		PauseTypes       []lifecycle.StatusType
		OnReopen         sla.Reopening
		EscalateOnBreach bool
		IsActive         bool
		CreatedAt        time.Time
		UpdatedAt        time.Time
	}{
		r.ID, r.Name, r.NameKey, r.Position, r.PriorityIDs, r.MenuIDs, r.Targets, r.PauseTypes.split(), r.OnReopen,
		r.EscalateOnBreach, r.IsActive, r.CreatedAt, r.UpdatedAt,
	})
}

// statusTypes are types of statuses as a column holds them: with commas between them.
type statusTypes string

func joined(types []lifecycle.StatusType) statusTypes {
	return statusTypes(strings.Join(converted(types, func(t lifecycle.StatusType) string { return string(t) }), ","))
}

func (t statusTypes) split() []lifecycle.StatusType {
	if t == "" {
		return []lifecycle.StatusType{}
	}
	return converted(strings.Split(string(t), ","), func(name string) lifecycle.StatusType { return lifecycle.StatusType(name) })
}

// policyPartRow is a policy beside one of the things that it has several of.
type policyPartRow struct {
	policyRow
	Part        string     `bun:"part"`
	Names       domain.ID  `bun:"names"` // a priority, a menu, a calendar or its edition
	Metric      sla.Metric `bun:"metric"`
	Minutes     int        `bun:"minutes"`
	WarnPercent int        `bun:"warn_percent"`
	Total       int        `bun:"total"` // of a list
}

const (
	policyColumns = `p.id, p.name, p.name_key, p.position, p.pause_types, p.on_reopen, p.escalate_on_breach, p.is_active, p.created_at, p.updated_at,
 x.part, x.names, x.metric, x.minutes, x.warn_percent`

	// What policies p have several of, in one statement: a row for each, ordered by policiesInOrder. Policies are few.
	policyPartsBefore = ` LEFT JOIN (
 SELECT policy_id, place, 'priority' AS part, priority_id AS names, '' AS metric, 0 AS minutes, 0 AS warn_percent FROM sla_policy_priorities
 UNION ALL SELECT policy_id, place, 'menu', menu_id, '', 0, 0 FROM sla_policy_menus
 UNION ALL SELECT t.policy_id, t.place, 'target', `
	policyPartsAfter = `, t.metric, t.minutes, t.warn_percent FROM sla_policy_targets t JOIN calendars c ON c.id = t.calendar_id) x ON x.policy_id = p.id`

	policyParts        = policyPartsBefore + `t.calendar_id` + policyPartsAfter
	policyPartsInForce = policyPartsBefore + `c.edition_id` + policyPartsAfter

	policiesInOrder = ` ORDER BY p.position, x.part, x.place`

	selectPolicy   = `SELECT ` + policyColumns + ` FROM sla_policies p` + policyParts + ` WHERE p.id = ?` + policiesInOrder
	activePolicies = `SELECT ` + policyColumns + ` FROM sla_policies p` + policyPartsInForce + ` WHERE p.is_active` + policiesInOrder

	knownToPolicies = `SELECT 'priority' AS kind, id FROM ticket_priorities WHERE id IN (?)
 UNION ALL SELECT 'menu', id FROM menus WHERE id IN (?) UNION ALL SELECT 'calendar', id FROM calendars WHERE id IN (?) ORDER BY id`

	// The page and, beside it, the number of all: one statement.
	policyPage = `SELECT ` + policyColumns + `, counted.total FROM (SELECT count(*) AS total FROM sla_policies) counted
 LEFT JOIN (SELECT p.* FROM sla_policies p ORDER BY p.position`
)

// whole puts policies together from rows that are in the order of policiesInOrder. It is never nil.
func whole(parts []policyPartRow) []sla.Policy {
	found := []policyRow{}
	for _, r := range parts {
		if r.ID == "" { // the only row of a page that is empty
			continue
		}
		if n := len(found); n == 0 || found[n-1].ID != r.ID {
			r.PriorityIDs, r.MenuIDs, r.Targets = []domain.ID{}, []domain.ID{}, []sla.Target{}
			found = append(found, r.policyRow)
		}
		p := &found[len(found)-1]
		switch r.Part {
		case "priority":
			p.PriorityIDs = append(p.PriorityIDs, r.Names)
		case "menu":
			p.MenuIDs = append(p.MenuIDs, r.Names)
		case "target":
			p.Targets = append(p.Targets, sla.Target{Metric: r.Metric, Minutes: r.Minutes, CalendarID: r.Names, WarnPercent: r.WarnPercent})
		}
	}
	return converted(found, policyRow.policy)
}

type policies struct{ conn }

func (s policies) Add(ctx context.Context, x sla.Policy) error {
	if err := policyTable.add(ctx, s.conn, x); err != nil {
		return err
	}
	return s.addParts(ctx, x)
}

// partRow names what a policy is for, or is a target of it, with its place among those of its kind.
type partRow struct {
	PolicyID    domain.ID  `bun:"policy_id"`
	PriorityID  domain.ID  `bun:"priority_id"`
	MenuID      domain.ID  `bun:"menu_id"`
	Metric      sla.Metric `bun:"metric"`
	Minutes     int        `bun:"minutes"`
	CalendarID  domain.ID  `bun:"calendar_id"`
	WarnPercent int        `bun:"warn_percent"`
	Place       int        `bun:"place"`
}

func (s policies) addParts(ctx context.Context, x sla.Policy) error {
	var priorities, menus, targets []partRow
	for i, id := range x.PriorityIDs {
		priorities = append(priorities, partRow{PolicyID: x.ID, PriorityID: id, Place: i})
	}
	for i, id := range x.MenuIDs {
		menus = append(menus, partRow{PolicyID: x.ID, MenuID: id, Place: i})
	}
	for i, t := range x.Targets {
		targets = append(targets, partRow{
			PolicyID: x.ID, Metric: t.Metric, Minutes: t.Minutes, CalendarID: t.CalendarID, WarnPercent: t.WarnPercent, Place: i,
		})
	}
	for _, part := range []struct {
		table   string
		rows    []partRow
		columns []string
	}{
		{"sla_policy_priorities", priorities, []string{"policy_id", "priority_id", "place"}},
		{"sla_policy_menus", menus, []string{"policy_id", "menu_id", "place"}},
		{"sla_policy_targets", targets, []string{"policy_id", "metric", "minutes", "calendar_id", "warn_percent", "place"}},
	} {
		if len(part.rows) == 0 {
			continue
		}
		q := s.bun.NewInsert().Model(&part.rows).ModelTableExpr(part.table + " AS ?TableAlias").Column(part.columns...).Returning("NULL")
		if err := s.run(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

func (s policies) Get(ctx context.Context, id domain.ID) (sla.Policy, error) {
	found, err := rows[policyPartRow](ctx, s.conn, s.statement(selectPolicy, id))
	if err != nil {
		return sla.Policy{}, err
	}
	if len(found) == 0 {
		return sla.Policy{}, domain.ErrNotFound
	}
	return whole(found)[0], nil
}

// Lock reads what the policy has several of when nobody else can change it any more.
func (s policies) Lock(ctx context.Context, id domain.ID) (sla.Policy, error) {
	if _, err := policyTable.lock(ctx, s.conn, "id = ?", id); err != nil {
		return sla.Policy{}, err
	}
	return s.Get(ctx, id)
}

func (s policies) Save(ctx context.Context, x sla.Policy) error {
	if err := policyTable.save(ctx, s.conn, x); err != nil {
		return err
	}
	for _, table := range []string{"sla_policy_priorities", "sla_policy_menus", "sla_policy_targets"} {
		if err := s.run(ctx, s.bun.NewDelete().Table(table).Where("policy_id = ?", x.ID)); err != nil {
			return err
		}
	}
	return s.addParts(ctx, x)
}

// Remove leaves what the policy has several of to the foreign keys, which take it along.
func (s policies) Remove(ctx context.Context, id domain.ID) error {
	return policyTable.remove(ctx, s.conn, id)
}

func (s policies) Taken(ctx context.Context, nameKey string, position int, except domain.ID) ([]string, error) {
	var others []struct {
		NameKey  string `bun:"name_key"`
		Position int    `bun:"position"`
	}
	err := s.scan(ctx, s.bun.NewSelect().Table(policyTable.name).Column("name_key", "position").Where("id <> ?", except).
		Where("name_key = ? OR position = ?", nameKey, position), &others)
	if err != nil {
		return nil, err
	}
	var name, place bool
	for _, o := range others {
		name, place = name || o.NameKey == nameKey, place || o.Position == position
	}
	return named(field{"name", name}, field{"position", place}), nil
}

func (s policies) List(ctx context.Context, page ports.Page) ([]sla.Policy, int, error) {
	q := s.statement(policyPage)
	cut(q, page.Size, page.Offset())
	found, err := rows[policyPartRow](ctx, s.conn, q.add(`) p ON 1 = 1`+policyParts+policiesInOrder))
	if err != nil {
		return nil, 0, err
	}
	return whole(found), found[0].Total, nil // there is a row even where the page is empty
}

func (s policies) LockPlaces(ctx context.Context) (last int, err error) {
	if err := s.lockName(ctx, policyTable.name); err != nil {
		return 0, err
	}
	r, err := row[struct {
		Last int `bun:"last"`
	}](ctx, s.conn, s.statement(`SELECT COALESCE(MAX(position), 0) AS last FROM sla_policies`))
	return r.Last, err
}

func (s policies) Known(ctx context.Context, priorities, menus, calendars []domain.ID) (sla.Known, error) {
	known := sla.Known{Priorities: []domain.ID{}, Menus: []domain.ID{}, Calendars: []domain.ID{}}
	var found []struct {
		Kind string    `bun:"kind"`
		ID   domain.ID `bun:"id"`
	}
	err := s.scan(ctx, s.bun.NewRaw(knownToPolicies, bun.List(priorities), bun.List(menus), bun.List(calendars)), &found)
	for _, f := range found {
		switch f.Kind {
		case "priority":
			known.Priorities = append(known.Priorities, f.ID)
		case "menu":
			known.Menus = append(known.Menus, f.ID)
		case "calendar":
			known.Calendars = append(known.Calendars, f.ID)
		}
	}
	return known, err
}

func (s policies) Active(ctx context.Context) ([]sla.Policy, error) {
	found, err := rows[policyPartRow](ctx, s.conn, s.statement(activePolicies))
	return whole(found), err
}
