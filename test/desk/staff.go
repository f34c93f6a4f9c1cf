package desk

import (
	"context"
	"fmt"
	"slices"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// Member is an account of a desk. Its user name is its name, its password Password.
type Member struct {
	Name      string
	Role      string // "" without one
	Superuser bool
	Gone      bool // deactivated
}

// Password is everybody's.
const Password = "Blue-Kettle-7"

// The members of every desk.
const (
	Root     = "root"     // a superuser
	Admin    = "admin"    // may do everything by role
	Agent    = "agent"    // everything on all tickets; sees statuses and priorities
	Agent2   = "agent2"   // as Agent
	Customer = "customer" // everything on its own tickets; sees statuses and priorities
	Visitor  = "visitor"  // as Customer
	Watcher  = "watcher"  // a customer whose own assignment lets it only view tickets
	Nobody   = "nobody"   // without a role
	Leaver   = "leaver"   // a deactivated agent
	Clerk    = "clerk"    // may do everything by Clerks, except with statuses; sees all tickets
	Temp     = "temp"     // may do nothing by Temps; sees its own tickets
)

// The roles of a desk beside the predefined ones, which are admin, supervisor, agent and customer.
const (
	Clerks = "clerks"
	Temps  = "temps"
)

// Staff lists the members of every desk.
var Staff = []Member{
	{Name: Root, Superuser: true},
	{Name: Admin, Role: "admin"},
	{Name: Agent, Role: "agent"},
	{Name: Agent2, Role: "agent"},
	{Name: Customer, Role: "customer"},
	{Name: Visitor, Role: "customer"},
	{Name: Watcher, Role: "customer"},
	{Name: Nobody},
	{Name: Leaver, Role: "agent", Gone: true},
	{Name: Clerk, Role: Clerks},
	{Name: Temp, Role: Temps},
}

// seed fills an empty store with what Setup adds.
func seed(d *Desk) { Check(d.T, d.Setup.Seed(d.ctx())) }

// staff fills an empty store with the seeds, the roles and the members.
func staff(d *Desk) {
	seed(d)
	menus := map[string]domain.ID{}
	allButStatuses := map[string]access.Actions{}
	for _, m := range d.menus() {
		menus[m.URL] = m.ID
		if m.URL != access.StatusesMenu {
			allButStatuses[m.URL] = access.MayEverything
		}
	}
	d.AddRole(Clerks, access.ScopeAll)
	d.AddRole(Temps, access.ScopeOwn)
	tickets := map[string]access.Actions{
		access.TicketsMenu: access.MayEverything, access.StatusesMenu: access.MayView, access.PrioritiesMenu: access.MayView,
	}
	roles := map[string]domain.ID{"": ""}
	for _, r := range d.roles() {
		roles[r.Name] = r.ID
	}
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		for name, permitted := range map[string]map[string]access.Actions{"agent": tickets, "customer": tickets, Clerks: allButStatuses} {
			var set []access.RolePermission
			for url, actions := range permitted {
				set = append(set, access.NewRolePermission(d.NewID(), roles[name], menus[url], actions, d.Now()))
			}
			if err := tx.RolePermissions.Replace(ctx, roles[name], set); err != nil {
				return err
			}
		}
		for i, m := range Staff {
			a := d.account(firstOfStaff+int64(i), m.Name)
			a.Phone = fmt.Sprintf("+97798%08d", i)
			a.RoleID, a.IsActive, a.IsSuperuser, a.IsStaff = roles[m.Role], !m.Gone, m.Superuser, m.Superuser
			if err := tx.Accounts.Add(ctx, a); err != nil {
				return err
			}
		}
		return nil
	})
	d.Assign(Watcher, access.TicketsMenu, access.MayView)
	if made := d.made.Load(); made > firstOfStaff {
		d.T.Fatalf("a desk begins with %d ids", made)
	}
}

// firstOfStaff is the id of the first of Staff; the others follow.
const firstOfStaff = 900

// account is an active account as it is made now, with the n-th id, that signs in with Password.
func (d *Desk) account(n int64, name string) account.Account {
	email := name + "@desk.test"
	return account.Account{
		ID: id(n), Username: name, UsernameKey: domain.Fold(name), Email: email, EmailKey: domain.Fold(email),
		Phone: fmt.Sprintf("+97798%08d", n), PasswordHash: hashed(Password), IsActive: true, CreatedAt: d.Now(), UpdatedAt: d.Now(),
	}
}

// Hire adds an active account that signs in with Password, once change has altered it.
func (d *Desk) Hire(name string, change ...func(*account.Account)) account.Account {
	d.T.Helper()
	a := d.account(d.made.Add(1), name)
	for _, c := range change {
		c(&a)
	}
	d.Update(func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, a) })
	d.hired[name] = a.ID
	return a
}

// Superuser makes an account that of a superuser.
func Superuser(a *account.Account) { a.IsSuperuser = true }

// Inactive deactivates an account.
func Inactive(a *account.Account) { a.IsActive = false }

// InRole puts an account into a role, or, with "", into none.
func InRole(id domain.ID) func(*account.Account) {
	return func(a *account.Account) { a.RoleID = id }
}

// Edit changes a stored account, past the use cases.
func (d *Desk) Edit(id domain.ID, change func(*account.Account)) {
	d.T.Helper()
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		a, err := tx.Accounts.Lock(ctx, id)
		if err != nil {
			return err
		}
		change(&a)
		return tx.Accounts.Save(ctx, a)
	})
}

// Deactivate deactivates a member.
func (d *Desk) Deactivate(name string) {
	d.T.Helper()
	d.Edit(d.ID(name), Inactive)
}

// Account returns an account as it is stored.
func (d *Desk) Account(id domain.ID) (a account.Account) {
	d.T.Helper()
	d.Update(func(ctx context.Context, tx ports.Tx) (err error) {
		a, err = tx.Accounts.Get(ctx, id)
		return err
	})
	return a
}

// ID returns the account id of a member or of somebody who was hired.
func (d *Desk) ID(name string) domain.ID {
	d.T.Helper()
	if n := slices.IndexFunc(Staff, func(m Member) bool { return m.Name == name }); n >= 0 {
		return id(firstOfStaff + int64(n))
	}
	found, ok := d.hired[name]
	if !ok {
		d.T.Fatalf("nobody is named %s", name)
	}
	return found
}

// AddRole adds a role that permits nothing.
func (d *Desk) AddRole(name string, scope access.Scope) domain.ID {
	d.T.Helper()
	r := access.Role{ID: d.NewID(), Name: name, TicketScope: scope, CreatedAt: d.Now(), UpdatedAt: d.Now()}
	d.Update(func(ctx context.Context, tx ports.Tx) error { return tx.Roles.Add(ctx, r) })
	return r.ID
}

// AddMenu adds a menu at a URL, which is its name too.
func (d *Desk) AddMenu(url string) access.Menu {
	d.T.Helper()
	m := Must(access.NewMenu(d.NewID(), access.MenuChange{Name: domain.To(url), URL: domain.To(url)}, nil, d.Now()))(d.T)
	d.Update(func(ctx context.Context, tx ports.Tx) error { return tx.Menus.Add(ctx, m) })
	return m
}

// Permit lets the role with a name do the actions on the menus with the URLs, and nothing else.
func (d *Desk) Permit(role string, actions access.Actions, urls ...string) {
	d.T.Helper()
	id := d.Role(role)
	var set []access.RolePermission
	for _, url := range urls {
		set = append(set, access.NewRolePermission(d.NewID(), id, d.Menu(url).ID, actions, d.Now()))
	}
	d.Update(func(ctx context.Context, tx ports.Tx) error { return tx.RolePermissions.Replace(ctx, id, set) })
}

// Permitted returns what the role with a name permits.
func (d *Desk) Permitted(role string) (all []ports.RolePermissionView) {
	d.T.Helper()
	id := d.Role(role)
	d.Update(func(ctx context.Context, tx ports.Tx) (err error) {
		all, err = tx.RolePermissions.Of(ctx, []domain.ID{id})
		return err
	})
	return all
}

// Assign gives a member an assignment of its own on the menu with a URL.
func (d *Desk) Assign(name, url string, actions access.Actions) {
	d.T.Helper()
	p := access.AccountPermission{
		ID: d.NewID(), AccountID: d.ID(name), MenuID: d.Menu(url).ID, Actions: actions,
		AssignedBy: d.ID(Root), AssignedAt: d.Now(), CreatedAt: d.Now(), UpdatedAt: d.Now(),
	}
	d.Update(func(ctx context.Context, tx ports.Tx) error { return tx.AccountPermissions.Add(ctx, p) })
}
