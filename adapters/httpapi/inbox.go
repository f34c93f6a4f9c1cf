package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/ports"
)

func (a *api) listInbox(c *fiber.Ctx, actor access.Actor) error {
	q := queryOf(c)
	isRead := q.Flag("is_read")
	return cursorPageOf(a, c, q, ports.InboxTimeline, a.notificationFor(actor),
		func(before *ports.TimelinePosition, size int) ([]notification.View, *ports.TimelinePosition, error) {
			return a.App.Inbox.List(c.UserContext(), actor, isRead, before, size)
		})
}

func (a *api) countUnread(c *fiber.Ctx, actor access.Actor) error {
	n, err := a.App.Inbox.Unread(c.UserContext(), actor)
	if err != nil {
		return err
	}
	return ok(c, "", struct {
		UnreadCount int `json:"unreadCount"`
	}{n})
}

func (a *api) readNotification(c *fiber.Ctx, actor access.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if err := a.bindNothing(c); err != nil {
		return err
	}
	v, err := a.App.Inbox.Read(c.UserContext(), actor, id)
	if err != nil {
		return err
	}
	return ok(c, "", a.notificationFor(actor)(v))
}

func (a *api) readAllNotifications(c *fiber.Ctx, actor access.Actor) error {
	if err := a.bindNothing(c); err != nil {
		return err
	}
	n, err := a.App.Inbox.ReadAll(c.UserContext(), actor)
	if err != nil {
		return err
	}
	return ok(c, "", struct {
		UpdatedCount int `json:"updatedCount"`
	}{n})
}

// notificationFor returns the function that shows a log to its recipient, without the error of the mail server.
func (a *api) notificationFor(actor access.Actor) func(notification.View) notificationLogView {
	show := a.notificationLogFor(actor)
	return func(v notification.View) notificationLogView {
		shown := show(v)
		shown.LastError = nil
		return shown
	}
}
