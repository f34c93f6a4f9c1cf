package httpapi

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"tickt/application"
	"tickt/ports"
)

var _ ports.Server = (*Server)(nil)

func TestEveryEndpointOfTheContractIsServedAndGuarded(t *testing.T) {
	s := New(Options{
		App: application.New(application.Deps{}), Ready: func(context.Context) error { return nil },
		Log: zap.NewNop(), Addr: "127.0.0.1:0", Zone: time.UTC, Metrics: prometheus.NewRegistry(),
	})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	e := &edgeRun{Server: s, t: t}
	const one = "0123456789abcdef0123456789abcdef"
	const ticketOne = "/api/ticket/" + one + "/"
	for path, methods := range map[string]string{
		"/api/auth/logout/":                      "POST",
		"/api/accounts/":                         "GET POST",
		"/api/account/" + one + "/":              "GET PUT PATCH DELETE",
		"/api/account/toggle/" + one + "/":       "POST PATCH",
		"/api/roles/":                            "GET POST",
		"/api/role/" + one + "/":                 "GET PUT PATCH DELETE",
		"/api/menus/":                            "GET POST",
		"/api/menu/" + one + "/":                 "GET PUT PATCH DELETE",
		accountRolesPath:                         "GET POST",
		accountRolesPath + one + "/":             "GET PUT PATCH DELETE",
		rolePermissionsPath:                      "GET POST",
		rolePermissionsPath + one + "/":          "GET PUT PATCH DELETE",
		assignmentsPath:                          "GET POST",
		assignmentsPath + one + "/":              "GET PUT PATCH DELETE",
		notificationLogsPath:                     "GET",
		notificationLogPath + one + "/":          "GET",
		notificationLogPath + one + "/resend/":   "POST",
		"/api/tickets/":                          "GET POST",
		ticketOne:                                "GET PUT PATCH DELETE",
		ticketOne + "comments/":                  "GET POST",
		ticketOne + "comment/" + one + "/":       "GET PATCH DELETE",
		ticketOne + "history/":                   "GET",
		ticketOne + "sla/":                       "GET",
		"/api/sla-policy/" + one + "/recompute/": "POST",
		"/api/notifications/":                    "GET",
		"/api/notifications/unread-count/":       "GET",
		"/api/notifications/read-all/":           "POST",
		"/api/notification/" + one + "/read/":    "POST",
		"/api/ticket-status/":                    "GET POST",
		"/api/ticket-status/" + one + "/":        "GET PUT PATCH DELETE",
		"/api/ticket-priority/":                  "GET POST",
		"/api/ticket-priority/" + one + "/":      "GET PUT PATCH DELETE",
	} {
		for method := range strings.FieldsSeq(methods) {
			e.failed(e.ask(method, path, ""), 401, errNoToken.Message)
			e.failed(e.ask(method, strings.TrimSuffix(path, "/"), ""), 401, errNoToken.Message)
		}
	}
	for _, path := range []string{"/api/auth/login/", "/api/auth/refresh/", "/api/auth/verify/"} {
		e.failed(e.ask("POST", path, ""), 400, errBlankBody.Message) // no token asked for
		e.failed(e.ask("GET", path, ""), 405, "Method not allowed.")
	}
}
