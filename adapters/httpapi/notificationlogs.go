package httpapi

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/domain/query"
	"tickt/ports"
)

func (a *api) listNotificationLogs(c *fiber.Ctx, actor access.Actor) error {
	filter := func(q *query.Query) notification.Filter { return notification.ReadFilter(q, actor.ID) }
	return filtered(a, c, filter, a.notificationLogFor(actor),
		func(ctx context.Context, f notification.Filter, page ports.Page) (usecase.List[notification.View], error) {
			return a.App.NotificationLogs.List(ctx, actor, f, page)
		})
}

func (a *api) getNotificationLog(c *fiber.Ctx, actor access.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	v, err := a.App.NotificationLogs.Get(c.UserContext(), actor, id)
	if err != nil {
		return err
	}
	return single(c, "", a.notificationLogFor(actor)(v))
}

func (a *api) resendNotification(c *fiber.Ctx, actor access.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if err := a.bindNothing(c); err != nil {
		return err
	}
	v, err := a.App.NotificationLogs.Resend(c.UserContext(), actor, id)
	if err != nil {
		return err
	}
	return ok(c, "The notification will be sent again.", a.notificationLogFor(actor)(v))
}

type notificationLogView struct {
	ReferenceID      domain.ID                  `json:"referenceId"`
	NotificationType notification.Type          `json:"notificationType"`
	RecipientID      domain.ID                  `json:"recipientId"`
	RecipientName    string                     `json:"recipientName"`
	SenderID         *domain.ID                 `json:"senderId"` // null if no account caused it
	SenderName       *string                    `json:"senderName"`
	TicketID         domain.ID                  `json:"ticketId"`
	TicketNumber     string                     `json:"ticketNumber"`
	Title            string                     `json:"title"`
	Message          string                     `json:"message"`
	IsRead           bool                       `json:"isRead"`
	IsSent           bool                       `json:"isSent"`
	SentAt           timestamp                  `json:"sentAt"`
	DeliveryState    notification.DeliveryState `json:"deliveryState"`
	Attempts         int                        `json:"attempts"`
	LastError        *string                    `json:"lastError"`
	ReadAt           timestamp                  `json:"readAt"`
	CreatedAt        timestamp                  `json:"createdAt"`
	UpdatedAt        timestamp                  `json:"updatedAt"`
}

// notificationLogFor returns the function that shows a log to the actor, in its language and zone.
func (a *api) notificationLogFor(actor access.Actor) func(notification.View) notificationLogView {
	zone := a.zoneOf(actor)
	return func(v notification.View) notificationLogView {
		return a.showNotificationLog(v, v.Text(actor.Language, zone))
	}
}

// zoneOf returns the time zone of texts for the actor.
func (a *api) zoneOf(actor access.Actor) *time.Location {
	if zone, ok := domain.TimeZone(actor.TimeZone); ok {
		return zone
	}
	return a.Zone
}

func (a *api) showNotificationLog(v notification.View, text notification.Text) notificationLogView {
	return notificationLogView{
		ReferenceID: v.ID, NotificationType: v.Type, RecipientID: v.RecipientID, RecipientName: v.Recipient,
		SenderID: orNull(v.SenderID), SenderName: orNull(v.Sender), TicketID: v.TicketID, TicketNumber: v.TicketNumber,
		Title: text.Title, Message: text.Message, IsRead: v.IsRead, IsSent: v.IsSent,
		SentAt: a.timestamp(v.SentAt), DeliveryState: v.Delivery, Attempts: v.Attempts, LastError: orNull(v.LastError),
		ReadAt:    a.timestamp(v.ReadAt),
		CreatedAt: a.timestamp(v.CreatedAt), UpdatedAt: a.timestamp(v.UpdatedAt),
	}
}
