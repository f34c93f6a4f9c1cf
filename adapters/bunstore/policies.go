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

// policyRow is the row of sla.Policy, with its child rows.
type policyRow struct {
	ID               domain.ID                   `bun:"id,pk"`
	Name             string                      `bun:"name"`
	NameKey          string                      `bun:"name_key"`
	Position         int                         `bun:"position"`
	Priorities       children[policyPriorityRow] `bun:"priorities,scanonly"`
	Menus            children[policyMenuRow]     `bun:"menus,scanonly"`
	Targets          children[policyTargetRow]   `bun:"targets,scanonly"`
	PauseTypes       statusTypes                 `bun:"pause_types"`
	OnReopen         sla.Reopening               `bun:"on_reopen"`
	EscalateOnBreach bool                        `bun:"escalate_on_breach"`
	IsActive         bool                        `bun:"is_active"`
	CreatedAt        time.Time                   `bun:"created_at"`
	UpdatedAt        time.Time                   `bun:"updated_at"`
}

type policyPriorityRow struct {
	PolicyID   domain.ID `bun:"policy_id" group:"parent"`
	PriorityID domain.ID `bun:"priority_id"`
	Place      int       `bun:"place" group:"order"`
}

type policyMenuRow struct {
	PolicyID domain.ID `bun:"policy_id" group:"parent"`
	MenuID   domain.ID `bun:"menu_id"`
	Place    int       `bun:"place" group:"order"`
}

type policyTargetRow struct {
	PolicyID    domain.ID  `bun:"policy_id" group:"parent"`
	Metric      sla.Metric `bun:"metric"`
	Minutes     int        `bun:"minutes"`
	CalendarID  domain.ID  `bun:"calendar_id"`
	WarnPercent int        `bun:"warn_percent"`
	Place       int        `bun:"place" group:"order"`
}

func (r policyTargetRow) target() sla.Target {
	return sla.Target{Metric: r.Metric, Minutes: r.Minutes, CalendarID: r.CalendarID, WarnPercent: r.WarnPercent}
}

var (
	policyTable = newTable(table[policyRow, sla.Policy]{name: "sla_policies", row: policyRowOf, entity: policyRow.policy})

	policyPriorities = childrenOf(tableOf[policyPriorityRow]("sla_policy_priorities"))
	policyMenus      = childrenOf(tableOf[policyMenuRow]("sla_policy_menus"))
	policyTargets    = childrenOf(tableOf[policyTargetRow]("sla_policy_targets"))
)

func policyRowOf(x sla.Policy) policyRow {
	return policyRow{
		ID: x.ID, Name: x.Name, NameKey: x.NameKey, Position: x.Position, PauseTypes: joinStatusTypes(x.PauseTypes), OnReopen: x.OnReopen,
		EscalateOnBreach: x.EscalateOnBreach, IsActive: x.IsActive, CreatedAt: x.CreatedAt, UpdatedAt: x.UpdatedAt,
	}
}

// policyChildren returns the child rows of a policy.
func policyChildren(x sla.Policy) []childRows {
	priorities, menus := make([]policyPriorityRow, len(x.PriorityIDs)), make([]policyMenuRow, len(x.MenuIDs))
	targets := make([]policyTargetRow, len(x.Targets))
	for i, id := range x.PriorityIDs {
		priorities[i] = policyPriorityRow{x.ID, id, i}
	}
	for i, id := range x.MenuIDs {
		menus[i] = policyMenuRow{x.ID, id, i}
	}
	for i, t := range x.Targets {
		targets[i] = policyTargetRow{x.ID, t.Metric, t.Minutes, t.CalendarID, t.WarnPercent, i}
	}
	return []childRows{policyPriorities.with(priorities), policyMenus.with(menus), policyTargets.with(targets)}
}

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
		r.ID, r.Name, r.NameKey, r.Position,
		converted(r.Priorities, func(c policyPriorityRow) domain.ID { return c.PriorityID }),
		converted(r.Menus, func(c policyMenuRow) domain.ID { return c.MenuID }),
		converted(r.Targets, policyTargetRow.target),
		r.PauseTypes.split(), r.OnReopen, r.EscalateOnBreach, r.IsActive, r.CreatedAt, r.UpdatedAt,
	})
}

// statusTypes are status types as a column holds them: separated by commas.
type statusTypes string

func joinStatusTypes(types []lifecycle.StatusType) statusTypes {
	return statusTypes(strings.Join(converted(types, func(t lifecycle.StatusType) string { return string(t) }), ","))
}

func (t statusTypes) split() []lifecycle.StatusType {
	if t == "" {
		return []lifecycle.StatusType{}
	}
	return converted(strings.Split(string(t), ","), func(name string) lifecycle.StatusType { return lifecycle.StatusType(name) })
}

type policyListRow struct {
	policyRow
	Total int `bun:"total"`
}

func (r policyListRow) idAndTotal() (domain.ID, int) { return r.ID, r.Total }

// policyColumns returns the columns of policies p with their child rows; calendar is the expression for the calendar
// of a target x.
func policyColumns(e *engine, join, calendar string) string {
	return policyTable.prefixed("p") + `, ` + policyPriorities.nested(e, `p.id`, ``, nil) + ` AS priorities, ` +
		policyMenus.nested(e, `p.id`, ``, nil) + ` AS menus, ` +
		policyTargets.nested(e, `p.id`, join, map[string]string{"calendar_id": calendar}) + ` AS targets`
}

var (
	selectPolicy = textsOf(func(e *engine) string {
		return `SELECT ` + policyColumns(e, ``, `x.calendar_id`) + ` FROM sla_policies p WHERE p.id = ?`
	})
	activePolicies = textsOf(func(e *engine) string {
		return `SELECT ` + policyColumns(e, ` JOIN calendars c ON c.id = x.calendar_id`, `c.edition_id`) +
			` FROM sla_policies p WHERE p.is_active ORDER BY p.position`
	})

	// One statement selects the page and, beside each row, the total.
	policyPage = textsOf(func(e *engine) string {
		return `SELECT ` + policyColumns(e, ``, `x.calendar_id`) + `, counted.total FROM (SELECT count(*) AS total FROM sla_policies) counted
 LEFT JOIN (SELECT p.* FROM sla_policies p ORDER BY p.position`
	})
)

const selectKnown = `SELECT 'priority' AS kind, id FROM ticket_priorities WHERE id IN (?)
 UNION ALL SELECT 'menu', id FROM menus WHERE id IN (?) UNION ALL SELECT 'calendar', id FROM calendars WHERE id IN (?) ORDER BY id`

type policies struct{ conn }

func (s policies) Add(ctx context.Context, x sla.Policy) error {
	if err := policyTable.add(ctx, s.conn, x); err != nil {
		return err
	}
	for _, c := range policyChildren(x) {
		if err := c.add(ctx, s.conn); err != nil {
			return err
		}
	}
	return nil
}

func (s policies) Get(ctx context.Context, id domain.ID) (sla.Policy, error) {
	r, err := row[policyRow](ctx, s.conn, s.fixed(selectPolicy, id))
	return r.policy(), err
}

// Lock locks the policy first and then reads its children, which no other Update can change anymore.
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
	for _, c := range policyChildren(x) {
		if err := c.replace(ctx, s.conn, x.ID); err != nil {
			return err
		}
	}
	return nil
}

// Remove relies on the foreign keys to remove the child rows.
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
	var nameTaken, positionTaken bool
	for _, o := range others {
		nameTaken, positionTaken = nameTaken || o.NameKey == nameKey, positionTaken || o.Position == position
	}
	return takenFields(uniqueField{"name", nameTaken}, uniqueField{"position", positionTaken}), nil
}

func (s policies) List(ctx context.Context, page ports.Page) ([]sla.Policy, int, error) {
	q := s.fixed(policyPage)
	addLimit(q, page.Size, page.Offset())
	found, err := rows[policyListRow](ctx, s.conn, q.add(`) p ON 1 = 1 ORDER BY p.position`))
	all, total := pageWithTotal(found, policyListRow.idAndTotal, policyListRow.policy)
	return all, total, err
}

func (s policies) LockPositions(ctx context.Context) (last int, err error) {
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
	err := s.scan(ctx, s.bun.NewRaw(selectKnown, bun.List(priorities), bun.List(menus), bun.List(calendars)), &found)
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
	found, err := rows[policyRow](ctx, s.conn, s.fixed(activePolicies))
	return converted(found, policyRow.policy), err
}
