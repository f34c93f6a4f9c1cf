package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tickt/application/identity"
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
}

// permit lets a role do something with tickets and with statuses and priorities.
func (d *Desk) permit(role string, tickets, catalogs access.Actions) {
	d.t.Helper()
	id := d.Role(role)
	var set []access.RolePermission
	for url, actions := range map[string]access.Actions{
		access.TicketsMenu: tickets, access.StatusesMenu: catalogs, access.PrioritiesMenu: catalogs,
	} {
		set = append(set, access.NewRolePermission(d.NewID(), id, d.Menu(url).ID, actions, d.Now()))
	}
	d.Update(func(ctx context.Context, tx ports.Tx) error { return tx.RolePermissions.Replace(ctx, id, set) })
}

// hire makes the account of a member, the n-th.
func (d *Desk) hire(n int, m Member) {
	d.t.Helper()
	a := account.Account{
		ID: id(firstOfStaff + int64(n)), Username: m.Name, UsernameKey: domain.Fold(m.Name),
		Email: m.Name + "@desk.test", EmailKey: domain.Fold(m.Name + "@desk.test"), Phone: fmt.Sprintf("+97798000000%02d", n),
		PasswordHash: hashed(Password), IsActive: !m.Gone, IsSuperuser: m.Superuser, IsStaff: m.Superuser,
		CreatedAt: d.Now(), UpdatedAt: d.Now(),
	}
	if m.Role != "" {
		a.RoleID = d.Role(m.Role)
	}
	d.Update(func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, a) })
	if m.Name == Watcher {
		d.Assign(m.Name, access.TicketsMenu, access.MayView)
	}
}

// Assign gives a member an assignment of its own on the menu with a URL.
func (d *Desk) Assign(name, url string, actions access.Actions) {
	d.t.Helper()
	p := access.AccountPermission{
		ID: d.NewID(), AccountID: d.ID(name), MenuID: d.Menu(url).ID, Actions: actions,
		AssignedBy: d.ID(Root), AssignedAt: d.Now(), CreatedAt: d.Now(), UpdatedAt: d.Now(),
	}
	d.Update(func(ctx context.Context, tx ports.Tx) error { return tx.AccountPermissions.Add(ctx, p) })
}

// ID gives a member's account id.
func (d *Desk) ID(name string) domain.ID {
	d.t.Helper()
	n := slices.IndexFunc(Staff, func(m Member) bool { return m.Name == name })
	if n < 0 {
		d.t.Fatalf("nobody is named %s", name)
	}
	return id(firstOfStaff + int64(n))
}

// firstOfStaff is the id of the first of Staff; the others follow.
const firstOfStaff = 900

// Role gives the id of the role with a name.
func (d *Desk) Role(name string) (id domain.ID) {
	d.t.Helper()
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		roles, _, err := tx.Roles.List(ctx, ports.Page{Number: 1, Size: 100})
		for _, r := range roles {
			if r.Name == name {
				id = r.ID
			}
		}
		return err
	})
	if id == "" {
		d.t.Fatalf("no role is named %s", name)
	}
	return id
}

// Deactivate takes the desk from a member.
func (d *Desk) Deactivate(name string) {
	d.t.Helper()
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		a, err := tx.Accounts.Lock(ctx, d.ID(name))
		if err != nil {
			return err
		}
		a.IsActive = false
		return tx.Accounts.Save(ctx, a)
	})
}

// SignIn signs a member in.
func (d *Desk) SignIn(name string) identity.SignIn {
	d.t.Helper()
	in, err := d.Sessions.Login(d.ctx(), name, Password, "192.0.2.1")
	if err != nil {
		d.t.Fatal(err)
	}
	return in
}

// Token signs a member in and gives the access token, which lives for five minutes of the desk's clock.
func (d *Desk) Token(name string) string {
	d.t.Helper()
	return d.SignIn(name).AccessToken
}

// Actor is a member as its next request will be seen.
func (d *Desk) Actor(name string) access.Actor {
	d.t.Helper()
	actor, err := d.Sessions.Actor(d.ctx(), d.Token(name), access.ViaAPI)
	if err != nil {
		d.t.Fatal(err)
	}
	return actor
}

// passwords hash without hiding anything: tests have no time for more.
type passwords struct{}

func hashed(password string) string { return "plain:" + password }

func (passwords) Hash(_ context.Context, password string) (string, error) {
	return hashed(password), nil
}

func (passwords) Verify(_ context.Context, password, hash string) (ok, rehash bool, err error) {
	return hash == hashed(password), false, nil
}

func (passwords) Readable(hash string) bool { return strings.HasPrefix(hash, hashed("")) }

// phones take every number that is written with "+", and those of ten digits as Nepal's.
type phones struct{}

const nepal = "+977"

func (phones) Normalise(number string) (string, bool) {
	number = strings.TrimSpace(number)
	switch {
	case strings.HasPrefix(number, "+"):
		return number, true
	case len(number) == 10 && strings.Trim(number, "0123456789") == "":
		return nepal + number, true
	}
	return "", false
}

func (phones) National(e164 string) string { return strings.TrimPrefix(e164, nepal) }
