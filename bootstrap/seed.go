package bootstrap

import (
	"context"

	"tickt/application"
	"tickt/application/setup"
)

type seed struct {
	Roles bool `help:"Also grant their initial permissions to predefined roles that hold none, and list them."`
}

// Run adds the seeds that are missing and says what it added.
func (x seed) Run(ctx context.Context, c Console) error {
	return c.withApp(ctx, func(app *application.App) error {
		run := app.Setup.Seed
		if x.Roles {
			run = app.Setup.SeedRoles
		}
		added, err := run(ctx)
		if err == nil {
			c.printAdded(added, x.Roles)
		}
		return err
	})
}

// printAdded says what seeding added. It lists the permissions that were granted to roles, and with count says how many they are.
func (c Console) printAdded(a setup.Added, count bool) {
	var parts []string
	for _, kind := range []struct {
		n     int
		thing string
	}{{a.Roles, "role"}, {a.Menus, "menu"}, {a.Statuses, "status"}, {a.Priorities, "priority"}} {
		if kind.n > 0 {
			parts = append(parts, counted(kind.n, kind.thing))
		}
	}
	if len(parts) > 0 {
		c.printf("%s added.", listed(parts))
	}
	if a.AdminMenus > 0 {
		c.printf("The role admin may now do everything on %s.", counted(a.AdminMenus, "more menu"))
	}
	for _, p := range a.Permitted {
		c.printf("%s: %s on %s", p.Role, p.Actions, p.Menu)
	}
	switch {
	case count || len(a.Permitted) > 0:
		c.printf("%s added.", counted(len(a.Permitted), "permission"))
	case len(parts) == 0 && a.AdminMenus == 0:
		c.printf("Nothing was missing.")
	}
}
