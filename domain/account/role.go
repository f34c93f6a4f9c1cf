package account

import (
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// RoleAssignment is what a client sends to give many accounts one role, all of them or none. Ids are held as the client
// sent them; a text that is not an ID refers to nothing.
type RoleAssignment struct {
	Users  []string
	RoleID string
	Unread domain.Problems // problems of fields that could not be read; reported with the others
}

// IDs returns the distinct ids of the accounts in the assignment.
func (r RoleAssignment) IDs() []domain.ID {
	ids := []domain.ID{}
	seen := map[domain.ID]bool{}
	for _, text := range r.Users {
		if id, ok := domain.ParseID(strings.TrimSpace(text)); ok && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

// Members returns the accounts of the assignment, in its order and each once; all of them must exist and be active. role
// is what RoleID refers to, or nil if it does not exist; found are the accounts of IDs that exist. The error is Invalid and
// lists every problem.
func (r RoleAssignment) Members(role *access.Role, found []Account) ([]Account, error) {
	p := slices.Clone(r.Unread)
	members, unknown := r.resolve(found)
	switch {
	case p.Has("userList"):
	case len(r.Users) == 0:
		p.Add("userList", domain.CodeBlank, domain.Params{"label": domain.TermUserList})
	case unknown != nil:
		addUnknownUsers(&p, unknown)
	}
	checkRole(&p, r.RoleID, role)
	if err := p.Err(); err != nil {
		return nil, err
	}
	return members, nil
}

// resolve returns the active accounts that the assignment names, and the texts that name none, each once.
func (r RoleAssignment) resolve(found []Account) (members []Account, unknown []string) {
	active := make(map[string]Account, len(found))
	for _, a := range found {
		if a.IsActive {
			active[string(a.ID)] = a
		}
	}
	seen := map[string]bool{}
	for _, text := range r.Users {
		name := strings.TrimSpace(text)
		if seen[name] {
			continue
		}
		seen[name] = true
		if a, ok := active[name]; ok {
			members = append(members, a)
		} else {
			unknown = append(unknown, domain.Truncate(text))
		}
	}
	return members, unknown
}

// addUnknownUsers adds a problem that names the first 50 of the unknown or inactive users, and how many more there are.
func addUnknownUsers(p *domain.Problems, unknown []string) {
	const limit = 50
	if more := len(unknown) - limit; more > 0 {
		p.Add("userList", domain.CodeUnknownUsersMore, domain.Params{"users": unknown[:limit], "more": more})
		return
	}
	p.Add("userList", domain.CodeUnknownUsers, domain.Params{"users": unknown})
}

// RolePatch is what a client sends of the role of an account that has one.
type RolePatch struct {
	RoleID domain.Optional[string] // as the client sent it
	Unread domain.Problems         // the problem of a field that could not be read
}

// Replacement returns the patch that PUT applies: an absent role becomes null, which ChangeRole refuses.
func (c RolePatch) Replacement() RolePatch {
	return RolePatch{RoleID: c.RoleID.OrNull(), Unread: c.Unread}
}

// ChangeRole sets the role of the account to the one that the patch refers to. role is that role, or nil if it does not
// exist or the patch has none. The error is Invalid and lists every problem; the account is then unchanged.
func (a *Account) ChangeRole(c RolePatch, role *access.Role, now time.Time) error {
	p := slices.Clone(c.Unread)
	if c.RoleID.Set {
		checkRole(&p, c.RoleID.Value, role)
	}
	if err := p.Err(); err != nil {
		return err
	}
	if role != nil && a.RoleID != role.ID {
		a.RoleID, a.UpdatedAt = role.ID, now
	}
	return nil
}

// LeaveRole takes the role from the account.
func (a *Account) LeaveRole(now time.Time) { a.RoleID, a.UpdatedAt = "", now }

func checkRole(p *domain.Problems, text string, role *access.Role) {
	switch {
	case p.Has("roleId"):
	case strings.TrimSpace(text) == "":
		p.Add("roleId", domain.CodeBlank, domain.Params{"label": domain.TermRoleID})
	case role == nil:
		AddUnknownRole(p)
	}
}

// TakeRole sets the role of the account.
func (a *Account) TakeRole(role domain.ID, now time.Time) { a.RoleID, a.UpdatedAt = role, now }
