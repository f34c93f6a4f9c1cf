package account_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
)

func id(n int) string { return fmt.Sprintf("%032x", n) }

// unknownIDs returns n ids of accounts that do not exist.
func unknownIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = id(100 + i)
	}
	return ids
}

func TestRoleAssignmentDropsDuplicates(t *testing.T) {
	r := account.RoleAssignment{Users: []string{id(2), "x", " " + id(1) + " ", id(2)}, RoleID: role}
	if got := r.IDs(); !slices.Equal(got, []domain.ID{domain.ID(id(2)), domain.ID(id(1))}) {
		t.Errorf("got %q", got)
	}
	r.Users = []string{id(2), " " + id(1) + " ", id(2)}
	found := []account.Account{{ID: domain.ID(id(1)), IsActive: true}, {ID: domain.ID(id(2)), IsActive: true}}
	members, err := r.Members(&access.Role{ID: role}, found)
	if err != nil || len(members) != 2 || members[0].ID != found[1].ID || members[1].ID != found[0].ID {
		t.Errorf("got %+v, %v", members, err)
	}
}

func TestRoleAssignmentReportsEveryProblem(t *testing.T) {
	found := []account.Account{{ID: domain.ID(id(1)), IsActive: true}, {ID: domain.ID(id(2))}}
	long := strings.Repeat("न", 70)
	for name, c := range map[string]struct {
		assignment account.RoleAssignment
		role       *access.Role
		want       []string
	}{
		"nothing":         {account.RoleAssignment{}, nil, []string{"userList: User list cannot be blank.", "roleId: Role ID cannot be blank."}},
		"an unknown role": {account.RoleAssignment{Users: []string{id(1)}, RoleID: "x"}, nil, []string{"roleId: Selected role does not exist."}},
		"unknown and inactive users": {
			account.RoleAssignment{Users: []string{id(3), id(1), id(2), "bob", id(3)}, RoleID: role},
			&access.Role{},
			[]string{"userList: Invalid or inactive users: " + id(3) + ", " + id(2) + ", bob"},
		},
		"a long text": {
			account.RoleAssignment{Users: []string{long}, RoleID: role},
			&access.Role{},
			[]string{"userList: Invalid or inactive users: " + strings.Repeat("न", 64) + "…"},
		},
		"more users than a sentence lists": {account.RoleAssignment{Users: unknownIDs(53), RoleID: role}, &access.Role{}, []string{
			"userList: Invalid or inactive users: " + strings.Join(unknownIDs(50), ", ") + " and 3 more",
		}},
		"unread": {account.RoleAssignment{
			Unread: domain.Problems{{Field: "userList", Code: "Not a list."}, {Field: "roleId", Code: "Not a text."}},
		}, nil, []string{
			"userList: Not a list.", "roleId: Not a text.",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			members, err := c.assignment.Members(c.role, found)
			if got := problems(err); members != nil || !slices.Equal(got, c.want) {
				t.Errorf("got %q for %v, want %q", got, members, c.want)
			}
		})
	}
}

func TestChangeAndLeaveRole(t *testing.T) {
	a := account.Account{RoleID: "old"}
	if err := a.ChangeRole(account.RolePatch{RoleID: domain.Some(role)}, &access.Role{ID: role}, now); err != nil || a.RoleID != role ||
		a.UpdatedAt != now {
		t.Errorf("got %+v, %v", a, err)
	}
	if err := a.ChangeRole(account.RolePatch{}, nil, now); err != nil || a.RoleID != role {
		t.Errorf("an empty patch: %+v, %v", a, err)
	}
	for name, c := range map[string]struct {
		patch account.RolePatch
		want  string
	}{
		"absent in PUT": {account.RolePatch{}.Replacement(), "roleId: Role ID cannot be blank."},
		"null":          {account.RolePatch{RoleID: domain.Null[string]()}, "roleId: Role ID cannot be blank."},
		"unknown":       {account.RolePatch{RoleID: domain.Some("x")}, "roleId: Selected role does not exist."},
		"unread": {
			account.RolePatch{Unread: domain.Problems{{Field: "roleId", Code: "Not a text."}}}.Replacement(), "roleId: Not a text.",
		},
	} {
		before := a
		if got := strings.Join(problems(a.ChangeRole(c.patch, nil, now)), "; "); got != c.want || a != before {
			t.Errorf("%s: got %q, want %q; the account is %+v", name, got, c.want, a)
		}
	}
	if a.LeaveRole(now.AddDate(0, 0, 1)); a.RoleID != "" || !a.UpdatedAt.After(now) {
		t.Errorf("after LeaveRole: %+v", a)
	}
}
