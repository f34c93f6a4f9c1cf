package httpapi

import (
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"go.uber.org/zap"

	"tickt/application"
)

func TestEndpointsAreServedAndRequireToken(t *testing.T) {
	e := run(t, func(_ *api, r fiber.Router) {
		Mount(Options{App: application.New(application.Deps{}), Zone: time.UTC, Log: zap.NewNop()}).Routes(r)
	})
	const one = "0123456789abcdef0123456789abcdef"
	const ticketOne = "/api/ticket/" + one + "/"
	for path, methods := range map[string]string{
		"/api/auth/logout/":                           "POST",
		"/api/me/":                                    "GET PATCH",
		"/api/me/password/":                           "POST",
		"/api/me/sessions/":                           "GET",
		"/api/me/sessions/revoke-others/":             "POST",
		"/api/me/session/" + one + "/":                "DELETE",
		"/api/accounts/":                              "GET POST",
		"/api/account/" + one + "/":                   "GET PUT PATCH DELETE",
		"/api/account/toggle/" + one + "/":            "POST PATCH",
		"/api/account/unlock/" + one + "/":            "POST",
		"/api/roles/":                                 "GET POST",
		"/api/role/" + one + "/":                      "GET PUT PATCH DELETE",
		"/api/menus/":                                 "GET POST",
		"/api/menu/" + one + "/":                      "GET PUT PATCH DELETE",
		accountRolesPath:                              "GET POST",
		accountRolesPath + one + "/":                  "GET PUT PATCH DELETE",
		rolePermissionsPath:                           "GET POST",
		rolePermissionsPath + one + "/":               "GET PUT PATCH DELETE",
		assignmentsPath:                               "GET POST",
		assignmentsPath + one + "/":                   "GET PUT PATCH DELETE",
		notificationLogsPath:                          "GET",
		notificationLogPath + one + "/":               "GET",
		notificationLogPath + one + "/resend/":        "POST",
		"/api/tickets/":                               "GET POST",
		ticketOne:                                     "GET PUT PATCH DELETE",
		ticketOne + "comments/":                       "GET POST",
		ticketOne + "comment/" + one + "/":            "GET PATCH DELETE",
		ticketOne + "comment/" + one + "/versions/":   "GET",
		ticketOne + "history/":                        "GET",
		ticketOne + "sla/":                            "GET",
		ticketOne + "sla/void/":                       "POST",
		"/api/sla-policy/" + one + "/recompute/":      "POST",
		"/api/calendar/" + one + "/holidays/import/":  "POST",
		"/api/operation/" + one + "/":                 "GET",
		"/api/ticket-priority/" + one + "/recompute/": "POST",
		"/api/notifications/":                         "GET",
		"/api/notifications/unread-count/":            "GET",
		"/api/notifications/read-all/":                "POST",
		"/api/notification/" + one + "/read/":         "POST",
		"/api/ticket-status/":                         "GET POST",
		"/api/ticket-status/" + one + "/":             "GET PUT PATCH DELETE",
		"/api/ticket-priority/":                       "GET POST",
		"/api/ticket-priority/" + one + "/":           "GET PUT PATCH DELETE",
	} {
		for method := range strings.FieldsSeq(methods) {
			e.failed(e.ask(method, path, ""), 401, "token_missing", errNoToken.Message)
			e.failed(e.ask(method, strings.TrimSuffix(path, "/"), ""), 401, "token_missing", errNoToken.Message)
		}
	}
	for _, path := range []string{
		"/api/auth/login/", "/api/auth/refresh/", "/api/auth/verify/",
		"/api/me/email/confirm/", "/api/auth/password/forgot/", "/api/auth/password/reset/",
	} {
		e.failed(e.ask("POST", path, ""), 400, "invalid", errBlankBody.Message) // needs no token
		e.failed(e.ask("GET", path, ""), 405, "method_not_allowed", "Method not allowed.")
	}
}
