package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/application/identity"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
)

func (a *api) getMe(c *fiber.Ctx, actor access.Actor) error {
	p, err := a.App.Me.Get(c.UserContext(), actor)
	if err != nil {
		return err
	}
	return single(c, "", a.showMe(p))
}

func (a *api) changeMe(c *fiber.Ctx, actor access.Actor) error {
	change, err := a.readMe(c)
	if err != nil {
		return err
	}
	p, err := a.App.Me.Update(c.UserContext(), actor, change, matching(c, a.showMe), clientOf(c))
	a.signIns.guessed(c, a.Log, actor.Username, err)
	if err != nil {
		return err
	}
	sentence := "Account updated successfully."
	if p.EmailAsked {
		sentence += " The new e-mail address gets a mail with a link to confirm it."
	}
	return single(c, sentence, a.showMe(p))
}

// meReadOnly are the read-only keys of the actor's own account.
var meReadOnly = append([]string{
	"username", "mailSuspendedAt", "roleId", "isStaff", "isSuperuser", "permissions", "ticketScope",
}, accountReadOnly...)

func (a *api) readMe(c *fiber.Ctx) (account.OwnPatch, error) {
	var body struct {
		Email    domain.Optional[string]                   `json:"email"`
		Current  domain.Optional[string]                   `json:"currentPassword"`
		Phone    domain.Optional[string]                   `json:"phoneNumber"`
		Address  domain.Optional[string]                   `json:"address"`
		Language domain.Optional[string]                   `json:"language"`
		TimeZone domain.Optional[string]                   `json:"timeZone"`
		Notify   objectOf[byType[domain.Optional[string]]] `json:"notify"`
	}
	var unread domain.Problems
	err := take(&unread, a.bind(c, &body, meReadOnly...))
	notify := map[notification.Type]domain.Optional[string]{}
	for i, choice := range body.Notify.Value.all() {
		notify[notification.Types[i]] = *choice
	}
	return account.OwnPatch{
		Notify: notify, ResetNotify: body.Notify.Null,
		Email: body.Email, Current: body.Current,
		Phone: body.Phone, Address: body.Address, Language: body.Language, TimeZone: body.TimeZone, Unread: unread,
	}, err
}

// meView is the JSON form of the actor's own account.
type meView struct {
	accountView
	Permissions []heldView                  `json:"permissions"`
	TicketScope access.Scope                `json:"ticketScope"`
	Language    account.Language            `json:"language"`
	TimeZone    *string                     `json:"timeZone"` // null for the zone of the service
	Notify      byType[notification.Choice] `json:"notify"`
}

// heldView is what an account may effectively do on a menu.
type heldView struct {
	MenuID   domain.ID `json:"menuId"`
	MenuURL  string    `json:"menuUrl"`
	IsView   bool      `json:"isView"`
	IsCreate bool      `json:"isCreate"`
	IsUpdate bool      `json:"isUpdate"`
	IsDelete bool      `json:"isDelete"`
}

func (a *api) showMe(p identity.Profile) any {
	return meView{
		accountView: a.viewAccount(p.AccountView), TicketScope: p.Scope,
		Language: p.Language, TimeZone: orNull(p.TimeZone), Notify: choicesOf(p.Notify),
		Permissions: each(p.Grants, func(g access.Grant) heldView {
			return heldView{
				MenuID: g.MenuID, MenuURL: g.URL, IsView: g.Actions.Has(access.MayView), IsCreate: g.Actions.Has(access.MayCreate),
				IsUpdate: g.Actions.Has(access.MayUpdate), IsDelete: g.Actions.Has(access.MayDelete),
			}
		}),
	}
}

func (a *api) changeMyPassword(c *fiber.Ctx, actor access.Actor) error {
	var body struct {
		Current domain.Optional[string] `json:"currentPassword"`
		New     domain.Optional[string] `json:"password"`
	}
	var unread domain.Problems
	if err := take(&unread, a.bind(c, &body)); err != nil {
		return err
	}
	change := account.PasswordChange{Current: body.Current, New: body.New, Unread: unread}
	err := a.App.Me.ChangePassword(c.UserContext(), actor, change, clientOf(c))
	a.signIns.guessed(c, a.Log, actor.Username, err)
	if err != nil {
		return err
	}
	return ok(c, "Password changed successfully.", nil)
}

func (a *api) confirmEmail(c *fiber.Ctx) error {
	var body struct {
		Token domain.Optional[string] `json:"token"`
	}
	var unread domain.Problems
	if err := take(&unread, a.bind(c, &body)); err != nil {
		return err
	}
	if err := a.App.Me.ConfirmEmail(c.UserContext(), body.Token.Value, unread, clientOf(c).Address); err != nil {
		return err
	}
	return ok(c, "E-mail address confirmed.", nil)
}
