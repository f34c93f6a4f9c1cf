package bootstrap

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/domain/ticket"
)

// restored is an installation with n queued mails whose database was replaced by a backup of itself.
func (o *installation) restored(t *testing.T, n int, address string, flags ...string) (printed string) {
	t.Helper()
	o.environ = append(o.environ, mailSettings(address)...)
	o.environ = append(o.environ, "PATH="+os.Getenv("PATH"))
	var app *application.App
	o.withParts(t, func() error { return openTickets(t.Context(), app, n) }, &app)
	file := filepath.Join(t.TempDir(), "backup")
	o.want(t, exitOK, "backup", file)
	printed, _ = o.want(t, exitOK, append([]string{"restore", "--yes", file}, flags...)...)
	return printed
}

func TestQueuedMailIsHeldAfterARestoreUntilItIsReleased(t *testing.T) {
	const n = 3
	onEachEngine(t, func(t *testing.T, o installation) {
		s := &sink{}
		printed := o.restored(t, n, s.open(t, ""))
		if !strings.Contains(printed, "3 mails are held: tickt mail held lists them") {
			t.Errorf("printed %q", printed)
		}
		var app *application.App
		o.withParts(t, func() error {
			w := o.start(t, nil, "work")
			sent := func() int { return o.deliveryStates(t, app)[notification.DeliverySent] }
			// a new mail shows that the worker works, and takes no held one
			assignNew(t, app)
			until(t, "the new mail is sent", func() bool { return sent() == 1 })
			if all, _ := s.accepted(); all != 1 {
				t.Errorf("accepted %d mails, want the new one only", all)
			}
			if out, _ := o.want(t, exitOK, "mail", "held"); strings.Count(out, "  mail  ") != n || strings.Count(out, "\n") != n {
				t.Errorf("held: %s", out)
			}
			if out, _ := o.want(t, exitOK, "mail", "release"); out != "3 mails released.\n" {
				t.Errorf("release: %s", out)
			}
			until(t, "the held mails are sent", func() bool { return sent() == n+1 })
			if out, _ := o.want(t, exitOK, "mail", "held"); out != "" {
				t.Errorf("held: %s", out)
			}
			w.end(t)
			return nil
		}, &app)
	})
}

func TestHeldMailCanBeDropped(t *testing.T) {
	const n = 3
	onEachEngine(t, func(t *testing.T, o installation) {
		s := &sink{}
		o.restored(t, n, s.open(t, ""))
		if out, _ := o.want(t, exitOK, "mail", "drop"); out != "3 mails given up.\n" {
			t.Errorf("drop: %s", out)
		}
		var app *application.App
		o.withParts(t, func() error {
			if got := o.deliveryStates(t, app); got[notification.DeliveryDead] != n {
				t.Errorf("after: %v", got)
			}
			w := o.start(t, nil, "work")
			assignNew(t, app)
			until(t, "the new mail is sent", func() bool { return o.deliveryStates(t, app)[notification.DeliverySent] == 1 })
			w.end(t)
			return nil
		}, &app)
		if all, _ := s.accepted(); all != 1 {
			t.Errorf("accepted %d mails, want the new one only", all)
		}
	})
}

func TestQueuedMailIsSentAfterARestoreIfThatIsAsked(t *testing.T) {
	const n = 3
	onEachEngine(t, func(t *testing.T, o installation) {
		s := &sink{}
		if printed := o.restored(t, n, s.open(t, ""), "--send-mail"); strings.Contains(printed, "held") {
			t.Errorf("printed %q", printed)
		}
		var app *application.App
		o.withParts(t, func() error {
			w := o.start(t, nil, "work")
			until(t, "the mails are sent", func() bool { return o.deliveryStates(t, app)[notification.DeliverySent] == n })
			w.end(t)
			return nil
		}, &app)
	})
}

// assignNew opens a ticket like the others of openTickets, whose assignee is told of it by mail.
func assignNew(t *testing.T, app *application.App) {
	t.Helper()
	page, err := app.Tickets.List(t.Context(), access.Actor{Superuser: true}, ticket.Query{Order: ticket.ByCreated, Number: 1, Size: 1})
	if err != nil || len(page.Tickets) != 1 {
		t.Fatalf("%v, %v", page, err)
	}
	like := page.Tickets[0]
	ram := access.Actor{ID: like.CreatedBy, Username: "ram", Superuser: true, Via: access.ViaAPI}
	_, err = app.Tickets.Open(t.Context(), ram, ticket.Patch{
		Title: domain.Some("New"), Description: domain.Some("It burns."), AssignedTo: domain.Some(string(like.AssignedTo)),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
}
