package contract

import (
	"errors"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

var persistedRoles = persisted[access.Role]{
	fixed: []string{"ID"},
	adds: []addition[access.Role]{
		{method: "Roles.Add", add: each(func(c call, r access.Role) error { return c.Roles.Add(c, r) })},
		{method: "Imports.Add", add: func(c call, all []access.Role) error {
			return c.Imports.Add(c, ports.ImportBatch{Roles: all})
		}},
	},
	changes: []change[access.Role]{
		{method: "Roles.Save", change: each(func(c call, r access.Role) error { return c.Roles.Save(c, r) })},
	},
	reads: []reading[access.Role]{
		{"Roles.Get", func(c call, r access.Role) (access.Role, error) {
			v, err := c.Roles.Get(c, r.ID)
			return v.Role, err
		}},
		{"Roles.Lock", func(c call, r access.Role) (access.Role, error) { return c.Roles.Lock(c, r.ID) }},
		{"Roles.List", func(c call, r access.Role) (access.Role, error) {
			all, _, err := c.Roles.List(c, hugePage)
			v, err := findIn(all, err, func(v ports.RoleView) bool { return v.ID == r.ID })
			return v.Role, err
		}},
	},
}

var persistedMenus = persisted[access.Menu]{
	given: func(r *referents, _ int) Fields {
		return Fields{"ParentID": r.menu()}
	},
	fixed: []string{"ID"},
	adds: []addition[access.Menu]{
		{method: "Menus.Add", add: each(func(c call, m access.Menu) error { return c.Menus.Add(c, m) })},
		{method: "Imports.Add", add: func(c call, all []access.Menu) error {
			return c.Imports.Add(c, ports.ImportBatch{Menus: all})
		}},
	},
	changes: []change[access.Menu]{
		{method: "Menus.Save", change: each(func(c call, m access.Menu) error { return c.Menus.Save(c, m) })},
	},
	reads: []reading[access.Menu]{
		{"Menus.All", func(c call, m access.Menu) (access.Menu, error) {
			all, err := c.Menus.All(c)
			return findIn(all, err, func(x access.Menu) bool { return x.ID == m.ID })
		}},
		{"Menus.LockAll", func(c call, m access.Menu) (access.Menu, error) {
			all, err := c.Menus.LockAll(c)
			return findIn(all, err, func(x access.Menu) bool { return x.ID == m.ID })
		}},
	},
}

var persistedRolePermissions = persisted[access.RolePermission]{
	given: func(r *referents, _ int) Fields {
		return Fields{"RoleID": r.role(), "MenuID": r.menu()}
	},
	fixed: []string{"ID"},
	adds: []addition[access.RolePermission]{
		{method: "RolePermissions.Replace", add: each(func(c call, p access.RolePermission) error {
			return c.RolePermissions.Replace(c, p.RoleID, []access.RolePermission{p})
		})},
		{method: "Imports.Add", add: func(c call, all []access.RolePermission) error {
			return c.Imports.Add(c, ports.ImportBatch{RolePermissions: all})
		}},
	},
	changes: []change[access.RolePermission]{
		{method: "RolePermissions.Save", change: each(func(c call, p access.RolePermission) error {
			return c.RolePermissions.Save(c, p)
		})},
	},
	reads: []reading[access.RolePermission]{
		{"RolePermissions.Get", func(c call, p access.RolePermission) (access.RolePermission, error) {
			v, err := c.RolePermissions.Get(c, p.ID)
			return v.RolePermission, err
		}},
		{"RolePermissions.Lock", func(c call, p access.RolePermission) (access.RolePermission, error) {
			v, err := c.RolePermissions.Lock(c, p.ID)
			return v.RolePermission, err
		}},
		{"RolePermissions.Of", func(c call, p access.RolePermission) (access.RolePermission, error) {
			all, err := c.RolePermissions.Of(c, []domain.ID{p.RoleID})
			v, err := findIn(all, err, func(v ports.RolePermissionView) bool { return v.ID == p.ID })
			return v.RolePermission, err
		}},
	},
}

var persistedAccountPermissions = persisted[access.AccountPermission]{
	given: func(r *referents, _ int) Fields {
		return Fields{"AccountID": r.account().ID, "MenuID": r.menu(), "AssignedBy": r.account().ID}
	},
	fixed: []string{"ID"},
	adds: []addition[access.AccountPermission]{
		{method: "AccountPermissions.Add", add: each(func(c call, p access.AccountPermission) error {
			return c.AccountPermissions.Add(c, p)
		})},
		{method: "Imports.Add", add: func(c call, all []access.AccountPermission) error {
			return c.Imports.Add(c, ports.ImportBatch{AccountPermissions: all})
		}},
	},
	changes: []change[access.AccountPermission]{
		{method: "AccountPermissions.Save", change: each(func(c call, p access.AccountPermission) error {
			return c.AccountPermissions.Save(c, p)
		})},
	},
	reads: []reading[access.AccountPermission]{
		{"AccountPermissions.Get", func(c call, p access.AccountPermission) (access.AccountPermission, error) {
			v, err := c.AccountPermissions.Get(c, p.ID)
			return v.AccountPermission, err
		}},
		{"AccountPermissions.Lock", func(c call, p access.AccountPermission) (access.AccountPermission, error) {
			v, err := c.AccountPermissions.Lock(c, p.ID)
			return v.AccountPermission, err
		}},
		{"AccountPermissions.List", func(c call, p access.AccountPermission) (access.AccountPermission, error) {
			all, _, err := c.AccountPermissions.List(c, hugePage)
			v, err := findIn(all, err, func(v ports.AccountPermissionView) bool { return v.ID == p.ID })
			return v.AccountPermission, err
		}},
	},
}

var persistedAccounts = persisted[account.Account]{
	given: func(r *referents, _ int) Fields {
		return Fields{"RoleID": r.role()}
	},
	fixed: []string{"ID"},
	adds: []addition[account.Account]{
		{method: "Accounts.Add", add: each(func(c call, a account.Account) error { return c.Accounts.Add(c, a) })},
		{method: "Imports.Add", add: func(c call, all []account.Account) error {
			return c.Imports.Add(c, ports.ImportBatch{Accounts: all})
		}},
	},
	changes: []change[account.Account]{
		{method: "Accounts.Save", change: each(func(c call, a account.Account) error {
			return c.Accounts.Save(c, a)
		})},
		{
			method: "AccountRoles.Give",
			take:   func(to *account.Account, from account.Account) { to.TakeRole(from.RoleID, from.UpdatedAt) },
			change: each(func(c call, a account.Account) error {
				return c.AccountRoles.Give(c, []domain.ID{a.ID}, a.RoleID, a.UpdatedAt)
			}),
		},
	},
	reads: []reading[account.Account]{
		{"Accounts.Get", func(c call, a account.Account) (account.Account, error) {
			return c.Accounts.Get(c, a.ID)
		}},
		{"Accounts.Lock", func(c call, a account.Account) (account.Account, error) {
			return c.Accounts.Lock(c, a.ID)
		}},
		{"Accounts.Named", func(c call, a account.Account) (account.Account, error) {
			return c.Accounts.Named(c, lookup(a.Username))
		}},
		{"Accounts.View", func(c call, a account.Account) (account.Account, error) {
			v, err := c.Accounts.View(c, a.ID)
			return v.Account, err
		}},
		{"Accounts.List by role", func(c call, a account.Account) (account.Account, error) {
			return listedAccount(c, a, ports.AccountFilter{Role: a.RoleID})
		}},
		{"Accounts.List by words", func(c call, a account.Account) (account.Account, error) {
			return listedAccount(c, a, ports.AccountFilter{Search: accountSearch(a.Username)})
		}},
		{"AccountRoles.Lock", func(c call, a account.Account) (account.Account, error) {
			all, err := c.AccountRoles.Lock(c, []domain.ID{a.ID})
			return findIn(all, err, func(account.Account) bool { return true })
		}},
	},
}

func listedAccount(c call, a account.Account, f ports.AccountFilter) (account.Account, error) {
	all, _, err := c.Accounts.List(c, f, hugePage)
	v, err := findIn(all, err, func(v ports.AccountView) bool { return v.ID == a.ID })
	return v.Account, err
}

var persistedAddresses = persisted[account.KnownAddress]{
	given: func(r *referents, round int) Fields {
		return Fields{"AccountID": r.account().ID, "SignedInAt": noon.Add(time.Duration(round) * time.Hour)} // only forward
	},
	fixed: []string{"AccountID", "Address"},
	adds: []addition[account.KnownAddress]{
		{method: "KnownAddresses.Save", add: each(func(c call, k account.KnownAddress) error { return c.KnownAddresses.Save(c, k) })},
	},
	changes: []change[account.KnownAddress]{
		{method: "KnownAddresses.Save", change: each(func(c call, k account.KnownAddress) error { return c.KnownAddresses.Save(c, k) })},
	},
	reads: []reading[account.KnownAddress]{
		{"Throttle.Counts", func(c call, k account.KnownAddress) (account.KnownAddress, error) {
			_, known, err := c.Throttle.Counts(c, nil, noon, k.AccountID, k.Address)
			return known, err
		}},
	},
}

var persistedSessions = persisted[account.Session]{
	given: func(r *referents, _ int) Fields {
		return Fields{"AccountID": r.account().ID}
	},
	fixed: []string{"ID"},
	adds: []addition[account.Session]{
		{method: "Sessions.Add", add: each(func(c call, s account.Session) error { return c.Sessions.Add(c, s) })},
	},
	changes: []change[account.Session]{
		{method: "Sessions.Save", change: each(func(c call, s account.Session) error {
			return c.Sessions.Save(c, s)
		})},
		{
			method: "Sessions.RevokeOf",
			take:   func(to *account.Session, from account.Session) { to.RevokedAt = from.RevokedAt },
			change: func(c call, all []account.Session) error {
				for i := range all {
					all[i].ExpiresAt = all[i].RevokedAt.Add(time.Hour)
					living := all[i]
					living.RevokedAt = time.Time{}
					err := errors.Join(c.Sessions.Save(c, living), c.Sessions.RevokeOf(c, living.AccountID, "", all[i].RevokedAt))
					if err != nil {
						return err
					}
				}
				return nil
			},
		},
	},
	reads: []reading[account.Session]{
		{"Sessions.Get", func(c call, s account.Session) (account.Session, error) {
			return c.Sessions.Get(c, s.ID)
		}},
		{"Sessions.Lock", func(c call, s account.Session) (account.Session, error) {
			return c.Sessions.Lock(c, s.ID)
		}},
	},
}
