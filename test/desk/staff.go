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

// Member is an account of a desk. Its user name is Name, its password is Password.
type Member struct {
	Name      string
	Role      string // "" for none
	Superuser bool
	Gone      bool // is deactivated
}

// Password is the password of every member.
const Password = "Blue-Kettle-7"

// The members of every desk.
const (
	Root     = "root"     // a superuser
	Admin    = "admin"    // its role permits everything
	Agent    = "agent"    // may do everything with all tickets, and view statuses and priorities
	Agent2   = "agent2"   // like Agent
	Customer = "customer" // may do everything with its own tickets, and view statuses and priorities
	Visitor  = "visitor"  // like Customer
	Watcher  = "watcher"  // a customer whose assignment only lets it view tickets
	Nobody   = "nobody"   // has no role
	Leaver   = "leaver"   // a deactivated agent
	Clerk    = "clerk"    // its role Clerks permits everything except statuses, on all tickets
	Temp     = "temp"     // its role Temps permits nothing; its scope is own tickets
)

// The roles of a desk besides the predefined ones: admin, supervisor, agent and customer.
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

// seed fills an empty store with the seeds of Setup.
func seed(d *Desk) { Check(d.T, Err(d.Setup.Seed(d.ctx()))) }

// staff fills an empty store with the seeds, the roles and the members of Staff.
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
	if last := d.lastID.Load(); last > firstOfStaff {
		d.T.Fatalf("the initial data uses %d ids, too many", last)
	}
}

// forTickets returns the actions that the roles of agents and customers permit on the menu with a URL.
func forTickets(url string) access.Actions {
	switch url {
	case access.TicketsMenu:
		return access.MayEverything
	case access.StatusesMenu, access.PrioritiesMenu:
		return access.MayView
	}
	return access.MayNothing
}

// forClerks returns the actions that the role Clerks permits on the menu with a URL.
func forClerks(url string) access.Actions {
	if url == access.StatusesMenu {
		return access.MayNothing
	}
	return access.MayEverything
}

// firstOfStaff is the number of the id of the first member of Staff. The others follow.
const firstOfStaff = 900

// account returns a new active account with the n-th id and Password.
func (d *Desk) account(n int64, name string) account.Account {
	email := name + "@desk.test"
	return account.Account{
		ID: id(n), Username: name, UsernameKey: domain.FoldCase(name), Email: email, EmailKey: domain.FoldCase(email),
		Phone: fmt.Sprintf("+97798%08d", n), PasswordHash: hashed(Password), IsActive: true, Language: account.English,
		CreatedAt: d.Now(), UpdatedAt: d.Now(),
	}
}

// AddAccount adds an active account with Password, after applying change to it.
func (d *Desk) AddAccount(name string, change ...func(*account.Account)) account.Account {
	d.T.Helper()
	a := d.account(d.lastID.Add(1), name)
	for _, c := range change {
		c(&a)
	}
	d.Update(func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, a) })
	d.added[name] = a.ID
	return a
}

// Superuser makes an account a superuser.
func Superuser(a *account.Account) { a.IsSuperuser = true }

// Inactive deactivates an account.
func Inactive(a *account.Account) { a.IsActive = false }

// InRole sets the role of an account, or removes it if id is "".
func InRole(id domain.ID) func(*account.Account) {
	return func(a *account.Account) { a.RoleID = id }
}

// Edit changes a stored account directly, without the use cases.
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

// Account returns a stored account.
func (d *Desk) Account(id domain.ID) (a account.Account) {
	d.T.Helper()
	d.Update(func(ctx context.Context, tx ports.Tx) (err error) {
		a, err = tx.Accounts.Get(ctx, id)
		return err
	})
	return a
}

// ID returns the account id of a member or of an account that was added by AddAccount.
func (d *Desk) ID(name string) domain.ID {
	d.T.Helper()
	if n := slices.IndexFunc(Staff, func(m Member) bool { return m.Name == name }); n >= 0 {
		return id(firstOfStaff + int64(n))
	}
	found, ok := d.added[name]
	if !ok {
		d.T.Fatalf("there is no account named %s", name)
	}
	return found
}
