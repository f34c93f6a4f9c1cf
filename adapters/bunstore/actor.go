package bunstore

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// actorRow is access.Actor with the columns that hold it, but for the grants, which come as text: a line for each,
// with the menu's id, the actions as a number, and the menu's URL; "!" before what is the account's own.
type actorRow struct {
	ID        domain.ID    `bun:"id"`
	Username  string       `bun:"username"`
	Session   domain.ID    `bun:"session"`
	RoleID    domain.ID    `bun:"role_id"`
	RoleName  string       `bun:"role_name"`
	Scope     access.Scope `bun:"scope"`
	Superuser bool         `bun:"superuser"`
	Staff     bool         `bun:"staff"`
	Grants    string       `bun:"grants"`
}

// findActor runs on every request: one row, by four primary keys and two short lists. That the account's own grant
// replaces its role's is left to readGrants, since telling them apart here costs as much as reading them.
const findActor = `SELECT a.id, a.username, s.id AS session, a.role_id, r.name AS role_name, COALESCE(r.ticket_scope, 'own') AS scope,
 a.is_superuser AS superuser, a.is_staff AS staff,
 CASE WHEN NOT a.is_superuser THEN (SELECT string_agg(g.own || m.id || ' ' || g.actions || ' ' || m.url, '` + "\n" + `') FROM (
   SELECT '!' AS own, ap.menu_id, ap.actions FROM account_permissions ap WHERE ap.account_id = a.id
   UNION ALL
   SELECT '', rp.menu_id, rp.actions FROM role_permissions rp WHERE rp.role_id = a.role_id
  ) g JOIN menus m ON m.id = g.menu_id) END AS grants
 FROM sessions s JOIN accounts a ON a.id = s.account_id LEFT JOIN roles r ON r.id = a.role_id
 WHERE s.id = ? AND s.revoked_at IS NULL AND s.expires_at > ? AND a.is_active`

func (s sessions) Actor(ctx context.Context, session domain.ID, now time.Time) (access.Actor, error) {
	r, err := row[actorRow](ctx, s.conn, s.statement(findActor, session, now))
	if err != nil {
		return access.Actor{}, err
	}
	grants, err := readGrants(r.Grants)
	return access.Actor{
		ID: r.ID, Username: r.Username, Session: r.Session, RoleID: r.RoleID, RoleName: r.RoleName, Scope: r.Scope,
		Superuser: r.Superuser, Staff: r.Staff, Grants: grants,
	}, err
}

// readGrants gives the effective grants: what an account holds itself replaces what its role holds on the same menu.
func readGrants(text string) (access.Grants, error) {
	if text == "" {
		return nil, nil
	}
	out := make(access.Grants, 0, strings.Count(text, "\n")+1)
	for line := range strings.SplitSeq(text, "\n") {
		line, own := strings.CutPrefix(line, "!")
		grant, err := readGrant(line)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(out, func(g access.Grant) bool { return g.MenuID == grant.MenuID })
		switch {
		case i < 0:
			out = append(out, grant)
		case own:
			out[i] = grant
		}
	}
	return out, nil
}

func readGrant(line string) (access.Grant, error) {
	id, rest, _ := strings.Cut(line, " ")
	number, url, found := strings.Cut(rest, " ")
	actions, err := strconv.ParseUint(number, 10, 8)
	if err != nil || !found {
		return access.Grant{}, fmt.Errorf("an unreadable grant: %q", line)
	}
	return access.Grant{MenuID: domain.ID(id), URL: url, Actions: access.Actions(actions)}, nil
}
