package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/adapters/httpserver"
	"tickt/domain/access"
)

// authenticatedHandler handles the request of an actor.
type authenticatedHandler = func(*fiber.Ctx, access.Actor) error

// routes registers every endpoint, relative to /api. The slash at the end of a path is optional.
func (a *api) routes(r fiber.Router) {
	r.Post("/auth/login/", anonymous, a.login)
	r.Post("/auth/refresh/", anonymous, a.refresh)
	r.Post("/auth/verify/", anonymous, a.verify)
	r.Post("/auth/logout/", a.authenticated(withoutQuery(a.logout)))
	r.Post("/auth/password/forgot/", anonymous, a.forgotPassword)
	r.Post("/auth/password/reset/", anonymous, a.resetPassword)
	r.Post("/me/email/confirm/", anonymous, a.confirmEmail)
	linkPageRoutes(r)
	a.docs(r)
	r.Get("/me/", a.authenticated(withoutQuery(a.getMe)))
	r.Patch("/me/", a.authenticated(withoutQuery(a.changeMe)))
	r.Post("/me/password/", a.authenticated(withoutQuery(a.changeMyPassword)))
	r.Get("/me/sessions/", a.authenticated(a.listMySessions))
	r.Post("/me/sessions/revoke-others/", a.authenticated(withoutQuery(a.endMyOtherSessions)))
	r.Delete("/me/session/:id/", a.authenticated(withoutQuery(a.endMySession)))

	a.listRoutes(r, "/accounts/", a.listAccounts, a.createAccount)
	a.accounts().routes(a, r, "/account/:id/")
	r.Post("/account/toggle/:id/", a.authenticated(withoutQuery(a.toggleAccount)))
	r.Patch("/account/toggle/:id/", a.authenticated(withoutQuery(a.toggleAccount)))
	r.Post("/account/unlock/:id/", a.authenticated(withoutQuery(a.unlockAccount)))
	a.listRoutes(r, "/roles/", paged(a, a.App.Roles.List, a.showRole), a.createRole)
	a.roles().routes(a, r, "/role/:id/")
	a.listRoutes(r, "/menus/", withoutQuery(a.listMenus), a.createMenu)
	a.menus().routes(a, r, "/menu/:id/")

	a.listRoutes(r, "/account/role/mapping/", paged(a, a.App.AccountRoles.List, showAccountRoleEntry), a.assignRole)
	a.accountRoles().routes(a, r, "/account/role/mapping/:id/")
	a.listRoutes(r, "/role/menu/permission/mapping/", a.listPermissions, a.assignPermissions)
	a.permissions().routes(a, r, "/role/menu/permission/mapping/:id/")
	a.listRoutes(r, "/account/menu/mapping/", paged(a, a.App.Permissions.ListForAccounts, a.showAssignment), a.createAssignment)
	a.assignments().routes(a, r, "/account/menu/mapping/:id/")

	r.Get("/tickets/notification-logs/", a.authenticated(a.listNotificationLogs))
	r.Get("/tickets/notification-log/:id/", a.authenticated(withoutQuery(a.getNotificationLog)))
	r.Get("/tickets/dashboard/", a.authenticated(withoutQuery(a.showDashboard)))
	r.Post("/tickets/notification-log/:id/resend/", a.authenticated(withoutQuery(a.resendNotification)))
	a.listRoutes(r, "/tickets/", a.listTickets, a.openTicket)
	a.tickets().routes(a, r, "/ticket/:id/")
	a.listRoutes(r, "/ticket/:id/comments/", a.listComments, a.writeComment)
	a.comments(r, "/ticket/:ticket/comment/:id/")
	r.Get("/ticket/:ticket/comment/:id/versions/", a.authenticated(a.listCommentVersions))
	r.Get("/ticket/:id/history/", a.authenticated(a.listHistory))
	r.Get("/ticket/:id/sla/", a.authenticated(withoutQuery(a.getServiceLevel)))
	r.Get("/people/", a.authenticated(a.listPeople))
	r.Get("/ticket-menus/", a.authenticated(withoutQuery(a.listTicketMenus)))
	r.Post("/ticket/:id/sla/void/", a.authenticated(withoutQuery(a.voidBreach)))
	a.statuses().serve(a, r, "/ticket-status/")
	a.priorities().serve(a, r, "/ticket-priority/")
	r.Post("/ticket-priority/:id/recompute/", a.authenticated(a.recomputePriority))
	a.listRoutes(r, "/calendars/", paged(a, a.App.Calendars.List, a.showCalendar), a.createCalendar)
	a.calendars().routes(a, r, "/calendar/:id/")
	r.Post("/calendar/:id/holidays/import/", a.authenticated(withoutQuery(a.importHolidays)))
	a.listRoutes(r, "/sla-policies/", paged(a, a.App.Policies.List, a.showPolicy), a.createPolicy)
	a.policies().routes(a, r, "/sla-policy/:id/")
	r.Post("/sla-policy/:id/recompute/", a.authenticated(a.recomputePolicy))
	r.Get("/operation/:id/", a.authenticated(withoutQuery(a.getOperation)))

	r.Get("/notifications/", a.authenticated(a.listInbox))
	r.Get("/notifications/unread-count/", a.authenticated(withoutQuery(a.countUnread)))
	r.Post("/notifications/read-all/", a.authenticated(withoutQuery(a.readAllNotifications)))
	r.Post("/notification/:id/read/", a.authenticated(withoutQuery(a.readNotification)))
}

// listRoutes registers the routes of a list.
func (a *api) listRoutes(r fiber.Router, path string, list, create authenticatedHandler) {
	r.Get(path, a.authenticated(list))
	r.Post(path, a.authenticated(withoutQuery(create)))
}

// resourceRoutes registers the routes of a single resource.
func (a *api) resourceRoutes(r fiber.Router, path string, get, replace, change, remove authenticatedHandler) {
	r.Get(path, a.authenticated(withoutQuery(get)))
	r.Put(path, a.authenticated(withoutQuery(replace)))
	r.Patch(path, a.authenticated(withoutQuery(change)))
	r.Delete(path, a.authenticated(withoutQuery(remove)))
}

// withoutQuery returns h for an endpoint without query parameters. It refuses requests that have some, and requests with
// malformed conditions.
func withoutQuery(h authenticatedHandler) authenticatedHandler {
	return func(c *fiber.Ctx, actor access.Actor) error {
		if err := noParameters(c); err != nil {
			return err
		}
		if err := checkConditions(c); err != nil {
			return err
		}
		return h(c, actor)
	}
}

// maxAnonymousBody is the limit of bodies that strangers send, in bytes.
const maxAnonymousBody = 8 << 10

// anonymous refuses query parameters and reads a small body, for endpoints without authentication.
func anonymous(c *fiber.Ctx) error {
	if err := noParameters(c); err != nil {
		return err
	}
	if err := httpserver.ReadBody(c, maxAnonymousBody); err != nil {
		return err
	}
	return c.Next()
}
