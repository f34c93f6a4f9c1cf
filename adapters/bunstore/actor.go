package bunstore

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// actorRow is access.Actor as it is selected. Grants are text with one line per grant: the id of the menu, the
// actions as a number, and the URL of the menu.
type actorRow struct {
	ID         domain.ID    `bun:"id"`
	Username   string       `bun:"username"`
	Session    domain.ID    `bun:"session"`
	RoleID     domain.ID    `bun:"role_id"`
	RoleName   string       `bun:"role_name"`
	Scope      access.Scope `bun:"scope"`
	Superuser  bool         `bun:"superuser"`
	Staff      bool         `bun:"staff"`
	OwnGrants  string       `bun:"own_grants"`
	RoleGrants string       `bun:"role_grants"`
	Language   string       `bun:"language"`
	TimeZone   string       `bun:"time_zone"`
}

// scopeOfRole selects the scope of an account; r is its role, if it has one.
const scopeOfRole = `COALESCE(r.ticket_scope, '` + string(access.ScopeOwn) + `') AS scope`

// findActor runs on every request. It reads three rows by their primary keys; triggers keep the grants up to date.
var findActor = textOf(`SELECT a.id, a.username, s.id AS session, a.role_id, r.name AS role_name, ` + scopeOfRole + `,
 a.is_superuser AS superuser, a.is_staff AS staff, a.grants AS own_grants, r.grants AS role_grants,
 a.language, a.time_zone
 FROM sessions s JOIN accounts a ON a.id = s.account_id LEFT JOIN roles r ON r.id = a.role_id
 WHERE s.id = ? AND s.revoked_at IS NULL AND s.expires_at > ? AND a.is_active`)

func (s sessions) Actor(ctx context.Context, session domain.ID, now time.Time) (access.Actor, error) {
	r, err := row[actorRow](ctx, s.conn, s.fixed(findActor, session, now))
	if err != nil {
		return access.Actor{}, err
	}
	actor := access.Actor{
		ID: r.ID, Username: r.Username, Session: r.Session, RoleID: r.RoleID, RoleName: r.RoleName, Scope: r.Scope,
		Superuser: r.Superuser, Staff: r.Staff, Language: r.Language, TimeZone: r.TimeZone,
	}
	if !r.Superuser { // superusers need no grants
		actor.Grants, err = readGrants(r.OwnGrants, r.RoleGrants)
	}
	return actor, s.failed(err, findActor.sqlite)
}

// readGrants returns the effective grants of an account, given its own grants and those of its role as text.
func readGrants(own, role string) (access.Grants, error) {
	ofAccount, ofRole, err := readBoth(own, role)
	return access.Effective(ofAccount, ofRole), err
}

// readBoth returns the grants of an account and those of its role.
func readBoth(own, role string) (ofAccount, ofRole access.Grants, err error) {
	if ofAccount, err = readLines(own); err != nil {
		return nil, nil, err
	}
	ofRole, err = readLines(role)
	return ofAccount, ofRole, err
}

func readLines(text string) (access.Grants, error) {
	if text == "" {
		return nil, nil
	}
	out := make(access.Grants, 0, strings.Count(text, "\n")+1)
	for line := range strings.SplitSeq(text, "\n") {
		grant, err := readGrant(line)
		if err != nil {
			return nil, err
		}
		out = append(out, grant)
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
