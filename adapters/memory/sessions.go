package memory

import (
	"context"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

type sessions struct{ *tx }

func (s sessions) Add(_ context.Context, x account.Session) error {
	return s.sessions.add(s.log, x.ID, x)
}

func (s sessions) Get(_ context.Context, id domain.ID) (account.Session, error) {
	return s.sessions.get(id)
}

func (s sessions) Lock(_ context.Context, id domain.ID) (account.Session, error) {
	return s.sessions.lock(s.log, id)
}

func (s sessions) Save(_ context.Context, x account.Session) error {
	return s.sessions.save(s.log, x.ID, x)
}

func (s sessions) Actor(_ context.Context, session domain.ID, now time.Time) (access.Actor, error) {
	x, err := s.sessions.get(session)
	if err != nil || !x.Alive(now) {
		return access.Actor{}, domain.ErrNotFound
	}
	a, err := s.accounts.get(x.AccountID)
	if err != nil || !a.IsActive {
		return access.Actor{}, domain.ErrNotFound
	}
	actor := access.Actor{
		ID: a.ID, Username: a.Username, Session: x.ID, Scope: access.ScopeOwn,
		Superuser: a.IsSuperuser, Staff: a.IsStaff, Grants: s.grants(a),
		Language: string(a.Language), TimeZone: a.TimeZone,
	}
	if role, ok := s.roles.rows[a.RoleID]; ok {
		actor.RoleID, actor.RoleName, actor.Scope = role.ID, role.Name, role.TicketScope
	}
	return actor, nil
}

// grants returns the effective grants of an account.
func (t *tx) grants(a account.Account) access.Grants {
	h := t.holding(a)
	return access.Effective(h.Own, h.Role)
}

func (t *tx) holding(a account.Account) access.Holding {
	h := access.Holding{Scope: access.ScopeOwn}
	if role, ok := t.roles.rows[a.RoleID]; ok {
		h.Scope = role.TicketScope
	}
	for _, p := range t.rolePermissions.rows {
		if a.RoleID != "" && p.RoleID == a.RoleID {
			h.Role = append(h.Role, t.grant(p.MenuID, p.Actions))
		}
	}
	for _, p := range t.accountPermissions.rows {
		if p.AccountID == a.ID {
			h.Own = append(h.Own, t.grant(p.MenuID, p.Actions))
		}
	}
	return h
}

func (t *tx) grant(menu domain.ID, actions access.Actions) access.Grant {
	return access.Grant{MenuID: menu, URL: t.menus.rows[menu].URL, Actions: actions}
}

func (s sessions) ListOf(_ context.Context, holder domain.ID, now time.Time, page ports.Page) ([]account.Session, int, error) {
	live := s.sessions.where(func(x account.Session) bool { return x.AccountID == holder && x.Alive(now) })
	slices.SortFunc(live, func(a, b account.Session) int { return newestFirst(a.CreatedAt, b.CreatedAt, a.ID, b.ID) })
	return slices.Clone(pageOf(live, page)), len(live), nil
}

func (s sessions) RevokeOf(_ context.Context, id, kept domain.ID, now time.Time) error {
	_, err := s.revoke(now, func(x account.Session) bool { return x.AccountID == id && x.ID != kept })
	return err
}

func (s sessions) RevokeOldest(_ context.Context, holder domain.ID, keep, limit int, now time.Time) error {
	live := s.sessions.where(func(x account.Session) bool { return x.AccountID == holder && x.Alive(now) })
	slices.SortFunc(live, func(a, b account.Session) int { return newestFirst(a.CreatedAt, b.CreatedAt, a.ID, b.ID) })
	excess := live[min(keep, len(live)):]
	excess = excess[:min(limit, len(excess))]
	_, err := s.revoke(now, func(x account.Session) bool {
		return slices.ContainsFunc(excess, func(y account.Session) bool { return x.ID == y.ID })
	})
	return err
}

func (s sessions) RevokeAll(_ context.Context, now time.Time) (int, error) {
	return s.revoke(now, func(account.Session) bool { return true })
}

// revoke revokes the sessions that match and are alive, and returns how many.
func (s sessions) revoke(now time.Time, match func(account.Session) bool) (int, error) {
	ended := s.sessions.where(func(x account.Session) bool { return x.Alive(now) && match(x) })
	for _, x := range ended {
		x.Revoke(now)
		if err := s.sessions.save(s.log, x.ID, x); err != nil {
			return 0, err
		}
	}
	return len(ended), s.log.writable()
}

func (s sessions) Purge(_ context.Context, before time.Time, limit int) (int, error) {
	return s.sessions.removeWhere(s.log, limit, func(x account.Session) bool {
		return x.ExpiresAt.Before(before) || !x.RevokedAt.IsZero() && x.RevokedAt.Before(before)
	})
}
