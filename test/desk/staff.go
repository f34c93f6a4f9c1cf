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
	d.AddRole(Clerks, access.ScopeAll)
	d.AddRole(Temps, access.ScopeOwn)
	roles := map[string]domain.ID{"": ""}
	for _, r := range d.roles() {
		roles[r.Name] = r.ID
	}
	menus := d.menus()
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		for name, permits := range map[string]func(string) access.Actions{"agent": forTickets, "customer": forTickets, Clerks: forClerks} {
			var set []access.RolePermission
			for _, m := range menus {
				if actions := permits(m.URL); actions != access.MayNothing {
					set = append(set, access.NewRolePermission(d.NewID(), roles[name], m.ID, actions, d.Now()))
				}
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

// forTickets is what the roles of agents and customers permit on the menu with a URL.
func forTickets(url string) access.Actions {
	switch url {
	case access.TicketsMenu:
		return access.MayEverything
	case access.StatusesMenu, access.PrioritiesMenu:
		return access.MayView
	}
	return access.MayNothing
}

// forClerks is what the role of clerks permits on the menu with a URL.
func forClerks(url string) access.Actions {
	if url == access.StatusesMenu {
		return access.MayNothing
	}
	return access.MayEverything
}

// firstOfStaff is the id of the first of Staff; the others follow.
const firstOfStaff = 900

// account is an active account as it is made now, with the n-th id, that signs in with Password.
func (d *Desk) account(n int64, name string) account.Account {
	email := name + "@desk.test"
	return account.Account{
		ID: id(n), Username: name, UsernameKey: domain.FoldCase(name), Email: email, EmailKey: domain.FoldCase(email),
		Phone: fmt.Sprintf("+97798%08d", n), PasswordHash: hashed(Password), IsActive: true, CreatedAt: d.Now(), UpdatedAt: d.Now(),
	}
}

// AddAccount adds an active account that signs in with Password, once change has altered it.
func (d *Desk) AddAccount(name string, change ...func(*account.Account)) account.Account {
	d.T.Helper()
	a := d.account(d.made.Add(1), name)
	for _, c := range change {
		c(&a)
	}
	d.Update(func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, a) })
	d.added[name] = a.ID
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

// ID returns the account id of a member or of an account that was added.
func (d *Desk) ID(name string) domain.ID {
	d.T.Helper()
	if n := slices.IndexFunc(Staff, func(m Member) bool { return m.Name == name }); n >= 0 {
		return id(firstOfStaff + int64(n))
	}
	found, ok := d.added[name]
	if !ok {
		d.T.Fatalf("nobody is named %s", name)
	}
	return found
}
