package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/domain/access"
)

// asked answers the request of an actor.
type asked = func(*fiber.Ctx, access.Actor) error

// routes lists every endpoint, relative to /api; a slash at the end of a path is optional.
func (a *api) routes(r fiber.Router) {
	r.Post("/auth/login/", unasked, a.login)
	r.Post("/auth/refresh/", unasked, a.refresh)
	r.Post("/auth/verify/", unasked, a.verify)
	r.Post("/auth/logout/", a.as(plain(a.logout)))
	a.reference(r)

	a.collection(r, "/accounts/", a.listAccounts, a.createAccount)
	a.accounts().one(a, r, "/account/:id/")
	r.Post("/account/toggle/:id/", a.as(plain(a.toggleAccount)))
	r.Patch("/account/toggle/:id/", a.as(plain(a.toggleAccount)))
	a.collection(r, "/roles/", paged(a, a.App.Roles.List, a.showRole), a.createRole)
	a.roles().one(a, r, "/role/:id/")
	a.collection(r, "/menus/", plain(a.listMenus), a.createMenu)
	a.menus().one(a, r, "/menu/:id/")

	a.collection(r, "/account/role/mapping/", paged(a, a.App.AccountRoles.List, showAccountRoleEntry), a.assignRole)
	a.accountRoles().one(a, r, "/account/role/mapping/:id/")
	a.collection(r, "/role/menu/permission/mapping/", a.listPermissions, a.assignPermissions)
	a.permissions().one(a, r, "/role/menu/permission/mapping/:id/")
	a.collection(r, "/account/menu/mapping/", paged(a, a.App.Permissions.OfAccounts, a.showAssignment), a.createAssignment)
	a.assignments().one(a, r, "/account/menu/mapping/:id/")

	r.Get("/tickets/notification-logs/", a.as(a.listNotificationLogs))
	r.Get("/tickets/notification-log/:id/", a.as(plain(a.getNotificationLog)))
	r.Get("/tickets/dashboard/", a.as(plain(a.showDashboard)))
	r.Post("/tickets/notification-log/:id/resend/", a.as(plain(a.resendNotification)))
	a.collection(r, "/tickets/", a.listTickets, a.openTicket)
	a.tickets().one(a, r, "/ticket/:id/")
	a.collection(r, "/ticket/:id/comments/", a.listComments, a.writeComment)
	a.comments(r, "/ticket/:ticket/comment/:id/")
	r.Get("/ticket/:id/history/", a.as(a.listHistory))
	r.Get("/ticket/:id/sla/", a.as(plain(a.getServiceLevel)))
	a.statuses().serve(a, r, "/ticket-status/")
	a.priorities().serve(a, r, "/ticket-priority/")
	a.collection(r, "/calendars/", paged(a, a.App.Calendars.List, a.showCalendar), a.createCalendar)
	a.calendars().one(a, r, "/calendar/:id/")
	a.collection(r, "/sla-policies/", paged(a, a.App.Policies.List, a.showPolicy), a.createPolicy)
	a.policies().one(a, r, "/sla-policy/:id/")
	r.Post("/sla-policy/:id/recompute/", a.as(a.recomputePolicy))

	r.Get("/notifications/", a.as(a.listInbox))
	r.Get("/notifications/unread-count/", a.as(plain(a.countUnread)))
	r.Post("/notifications/read-all/", a.as(plain(a.readAllNotifications)))
	r.Post("/notification/:id/read/", a.as(plain(a.readNotification)))
}

// collection serves a path that holds many.
func (a *api) collection(r fiber.Router, path string, list, create asked) {
	r.Get(path, a.as(list))
	r.Post(path, a.as(plain(create)))
}

// single serves a path that holds one.
func (a *api) single(r fiber.Router, path string, get, replace, change, remove asked) {
	r.Get(path, a.as(plain(get)))
	r.Put(path, a.as(plain(replace)))
	r.Patch(path, a.as(plain(change)))
	r.Delete(path, a.as(plain(remove)))
}

// plain is an endpoint that knows no query parameter; the conditions of its requests can be read.
func plain(h asked) asked {
	return func(c *fiber.Ctx, actor access.Actor) error {
		if err := noParameters(c); err != nil {
			return err
		}
		if err := conditional(c); err != nil {
			return err
		}
		return h(c, actor)
	}
}

// unasked is plain for endpoints without an actor.
func unasked(c *fiber.Ctx) error {
	if err := noParameters(c); err != nil {
		return err
	}
	return c.Next()
}
