package account

import (
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// RoleAssignment puts many accounts into one role, all of them or none. Ids are held as they came; one that is no ID
// names nothing.
type RoleAssignment struct {
	Users  []string
	RoleID string
	Unread domain.Problems // with fields that could not be read at all, to be reported with the others
}

// IDs lists the accounts that the assignment names, each once.
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

// Members gives the accounts that the assignment names, in its order and each once; all of them must be there and
// active. role is what RoleID led to, nil where it led to none, and found are those that there are of IDs. The error
// lists every problem.
func (r RoleAssignment) Members(role *access.Role, found []Account) ([]Account, error) {
	p := slices.Clone(r.Unread)
	members, strangers := r.resolve(found)
	switch {
	case p.Has("userList"):
	case len(r.Users) == 0:
		p.Add("userList", domain.CodeBlank, domain.Params{"label": domain.TermUserList})
	case strangers != nil:
		addStrangers(&p, strangers)
	}
	checkRole(&p, r.RoleID, role)
	if err := p.Err(); err != nil {
		return nil, err
	}
	return members, nil
}

// resolve tells the accounts that can be put into a role from the texts that name none of those, each once.
func (r RoleAssignment) resolve(found []Account) (members []Account, strangers []string) {
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
			strangers = append(strangers, domain.Truncate(text))
		}
	}
	return members, strangers
}

// addStrangers names the first of those who cannot be put into a role, and how many more there are.
func addStrangers(p *domain.Problems, strangers []string) {
	const most = 50
	if more := len(strangers) - most; more > 0 {
		p.Add("userList", domain.CodeUnknownUsersMore, domain.Params{"users": strangers[:most], "more": more})
		return
	}
	p.Add("userList", domain.CodeUnknownUsers, domain.Params{"users": strangers})
}

// RolePatch is what a client says of the role of an account that holds one.
type RolePatch struct {
	RoleID domain.Optional[string] // held as it came
	Unread domain.Problems         // with a field that could not be read at all
}

// Replacement is what PUT means: the role must be there.
func (c RolePatch) Replacement() RolePatch {
	return RolePatch{RoleID: c.RoleID.OrNull(), Unread: c.Unread}
}

// ChangeRole puts the account into another role, which is what the id of c led to, nil where it led to none. The error
// lists every problem; the account is then as it was.
func (a *Account) ChangeRole(c RolePatch, role *access.Role, now time.Time) error {
	p := slices.Clone(c.Unread)
	if c.RoleID.Set {
		checkRole(&p, c.RoleID.Value, role)
	}
	if err := p.Err(); err != nil {
		return err
	}
	if role != nil {
		a.RoleID = role.ID
	}
	a.UpdatedAt = now
	return nil
}

// LeaveRole takes the account out of its role.
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

// TakeRole puts the account into a role.
func (a *Account) TakeRole(role domain.ID, now time.Time) { a.RoleID, a.UpdatedAt = role, now }
