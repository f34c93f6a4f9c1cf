package httpapi

import (
	"context"
	"errors"

	"github.com/gofiber/fiber/v2"
	"go.uber.org/zap"

	"tickt/adapters/httpserver"
	"tickt/application/identity"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// accounts are the endpoints of one account.
func (a *api) accounts() resource[ports.AccountView, account.Patch] {
	use := a.App.Accounts
	return resource[ports.AccountView, account.Patch]{
		name: "Account", get: use.Get, put: use.Replace, patch: use.Update, remove: use.Delete,
		read: a.readAccount, show: a.showAccount,
		edited: func(c *fiber.Ctx, actor access.Actor, err error) { a.signIns.guessed(c, a.Log, actor.Username, err) },
	}
}

func (a *api) listAccounts(c *fiber.Ctx, actor access.Actor) error {
	return filtered(a, c, ports.ReadAccountFilter, a.showAccount,
		func(ctx context.Context, f ports.AccountFilter, page ports.Page) (usecase.List[ports.AccountView], error) {
			return a.App.Accounts.List(ctx, actor, f, page)
		})
}

func (a *api) createAccount(c *fiber.Ctx, actor access.Actor) error {
	change, err := a.readAccount(c)
	if err != nil {
		return err
	}
	return idempotent(c, func(request *usecase.Idempotency) (ports.AccountView, error) {
		return a.App.Accounts.Create(c.UserContext(), actor, change, request)
	}, func(v ports.AccountView) creation {
		return creation{sentence: "Account created successfully.", location: "/api/account/" + string(v.ID) + "/", data: a.showAccount(v)}
	})
}

func (a *api) toggleAccount(c *fiber.Ctx, actor access.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	var body struct {
		To domain.Optional[string] `json:"handOverTo"`
	}
	var handOver identity.HandOver
	if err := a.bind(c, &body); !errors.Is(err, errBlankBody) {
		if err := take(&handOver.Unread, err); err != nil {
			return err
		}
	}
	handOver.To = body.To
	v, err := a.App.Accounts.Toggle(c.UserContext(), actor, id, handOver, matching(c, a.showAccount))
	if err != nil {
		return err
	}
	sentence := "Account is deactivated successfully."
	if v.IsActive {
		sentence = "Account is activated successfully."
	}
	shown := a.viewAccount(v.AccountView)
	if err := ok(c, sentence, toggledView{shown, v.OpenTickets}); err != nil {
		return err
	}
	representation, err := httpserver.AppendJSON(nil, shown) // the account as it is read, without openTickets
	if err != nil {
		return err
	}
	setTag(c, tagOf(representation))
	return nil
}

// toggledView is the JSON form of an account that was activated or deactivated.
type toggledView struct {
	accountView
	OpenTickets int `json:"openTickets"`
}

func (a *api) unlockAccount(c *fiber.Ctx, actor access.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if err := a.bindNothing(c); err != nil {
		return err
	}
	if err := a.App.Accounts.Unlock(c.UserContext(), actor, id); err != nil {
		return err
	}
	a.Log.Info("account unlocked",
		zap.String("account", string(id)), zap.String("actor", string(actor.ID)), zap.String("request_id", httpserver.RequestOf(c).ID))
	return ok(c, "Account unlocked successfully.", nil)
}

// accountBody is the JSON form of account.Patch.
type accountBody struct {
	Username    domain.Optional[string] `json:"username"`
	Email       domain.Optional[string] `json:"email"`
	Phone       domain.Optional[string] `json:"phoneNumber"`
	Password    domain.Optional[string] `json:"password"`
	Current     domain.Optional[string] `json:"currentPassword"`
	Address     domain.Optional[string] `json:"address"`
	RoleID      domain.Optional[string] `json:"roleId"`
	IsStaff     domain.Optional[bool]   `json:"isStaff"`
	IsSuperuser domain.Optional[bool]   `json:"isSuperuser"`

	MailSuspendedAt cleared `json:"mailSuspendedAt"`
}

// accountReadOnly are the read-only keys of an account.
var accountReadOnly = append([]string{"role", "roleName", "isActive", "lastLogin"}, readOnly...)

func (a *api) readAccount(c *fiber.Ctx) (account.Patch, error) {
	var body accountBody
	var unread domain.Problems
	err := take(&unread, a.bind(c, &body, accountReadOnly...))
	return account.Patch{
		Username: body.Username, Email: body.Email, Phone: body.Phone, Password: body.Password, Address: body.Address,
		RoleID: body.RoleID, IsStaff: body.IsStaff, IsSuperuser: body.IsSuperuser, ResumeMail: bool(body.MailSuspendedAt), Unread: unread,
		Current: body.Current, Client: clientOf(c),
	}, err
}

// accountView is the JSON form of an account.
type accountView struct {
	ReferenceID domain.ID  `json:"referenceId"`
	Username    string     `json:"username"`
	Email       string     `json:"email"`
	SuspendedAt timestamp  `json:"mailSuspendedAt"`
	PhoneNumber string     `json:"phoneNumber"`
	Address     *string    `json:"address"`
	Role        string     `json:"role"` // "" without one
	RoleID      *domain.ID `json:"roleId"`
	IsActive    bool       `json:"isActive"`
	IsStaff     bool       `json:"isStaff"`
	IsSuperuser bool       `json:"isSuperuser"`
	LastLogin   timestamp  `json:"lastLogin"`
	CreatedAt   timestamp  `json:"createdAt"`
	UpdatedAt   timestamp  `json:"updatedAt"`
}

func (a *api) showAccount(v ports.AccountView) any { return a.viewAccount(v) }

func (a *api) viewAccount(v ports.AccountView) accountView {
	return accountView{
		ReferenceID: v.ID, Username: v.Username, Email: v.Email, SuspendedAt: a.timestamp(v.MailSuspendedAt),
		PhoneNumber: identity.ShownPhone(a.App.Accounts.Phones, v.Account),
		Address:     orNull(v.Address), Role: v.Role, RoleID: orNull(v.RoleID),
		IsActive: v.IsActive, IsStaff: v.IsStaff, IsSuperuser: v.IsSuperuser,
		LastLogin: a.timestamp(v.LastLogin), CreatedAt: a.timestamp(v.CreatedAt), UpdatedAt: a.timestamp(v.UpdatedAt),
	}
}
