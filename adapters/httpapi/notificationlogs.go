package httpapi

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/ports"
)

func (a *api) listNotificationLogs(c *fiber.Ctx, actor access.Actor) error {
	filter := func(q *query) notification.Filter { return notificationFilter(q, actor.ID) }
	return filtered(a, c, filter, a.showNotificationLog, func(ctx context.Context, f notification.Filter, page ports.Page) (usecase.List[notification.View], error) {
		return a.App.NotificationLogs.List(ctx, actor, f, page)
	})
}

// notificationFilter reads which logs are wanted; me is who asks.
func notificationFilter(q *query, me domain.ID) notification.Filter {
	return notification.Filter{
		IsRead: q.flag("is_read"), IsSent: q.flag("is_sent"), Types: typesOf(q),
		Tickets: q.ids("ticket_id", ""), Recipients: q.ids("recipient_id", me),
	}
}

// typesOf gives nil where every type is wanted.
func typesOf(q *query) (types []notification.Type) {
	for _, text := range q.list("notification_type") {
		types = append(types, notification.Type(strings.ToLower(text)))
	}
	return types
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
	return single(c, "", a.showNotificationLog(v))
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
	return ok(c, "The notification will be sent again.", a.showNotificationLog(v))
}

type notificationLogView struct {
	ReferenceID      domain.ID                  `json:"referenceId"`
	NotificationType notification.Type          `json:"notificationType"`
	RecipientID      domain.ID                  `json:"recipientId"`
	RecipientName    string                     `json:"recipientName"`
	SenderID         *domain.ID                 `json:"senderId"` // null where nobody caused it
	SenderName       *string                    `json:"senderName"`
	TicketID         domain.ID                  `json:"ticketId"`
	TicketNumber     string                     `json:"ticketNumber"`
	Title            string                     `json:"title"`
	Message          string                     `json:"message"`
	IsRead           bool                       `json:"isRead"`
	IsSent           bool                       `json:"isSent"`
	SentAt           stamp                      `json:"sentAt"`
	DeliveryState    notification.DeliveryState `json:"deliveryState"`
	Attempts         int                        `json:"attempts"`
	LastError        *string                    `json:"lastError"`
	ReadAt           stamp                      `json:"readAt"`
	CreatedAt        stamp                      `json:"createdAt"`
	UpdatedAt        stamp                      `json:"updatedAt"`
}

func (a *api) showNotificationLog(v notification.View) notificationLogView {
	return notificationLogView{
		ReferenceID: v.ID, NotificationType: v.Type, RecipientID: v.RecipientID, RecipientName: v.Recipient,
		SenderID: orNull(v.SenderID), SenderName: orNull(v.Sender), TicketID: v.TicketID, TicketNumber: v.TicketNumber,
		Title: v.Title, Message: v.Message, IsRead: v.IsRead, IsSent: v.IsSent,
		SentAt: a.at(v.SentAt), DeliveryState: v.Delivery, Attempts: v.Attempts, LastError: orNull(v.LastError), ReadAt: a.at(v.ReadAt), CreatedAt: a.at(v.CreatedAt), UpdatedAt: a.at(v.UpdatedAt),
	}
}
