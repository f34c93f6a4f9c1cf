package httpapi

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"tickt/adapters/httpserver"
	"tickt/application/identity"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
)

var errBadBasic = domain.FailFor(domain.ReasonCredentialsInvalid, "Basic credentials could not be read.")

// sessionMinutes is the lifetime of an access token in minutes, with one decimal place, as in 5.0.
var sessionMinutes = json.Number(strconv.FormatFloat(account.AccessLifetime.Minutes(), 'f', 1, 64))

type signIn struct {
	AccessToken          string      `json:"accessToken"`
	RefreshToken         string      `json:"refreshToken"`
	Username             string      `json:"username"`
	Designation          string      `json:"designation"` // "superadmin" or the name of the role
	SessionTimeInMinutes json.Number `json:"sessionTimeInMinutes"`
	Menu                 []menuEntry `json:"menu"`
}

// menuEntry is a menu in the response to a sign-in, with what the account may do on it.
type menuEntry struct {
	ID        domain.ID   `json:"id"`
	Name      string      `json:"name"`
	URL       string      `json:"url"`
	Icon      string      `json:"icon"`
	CreateURL string      `json:"createUrl"`
	ListURL   string      `json:"listUrl"`
	IsView    bool        `json:"isView"`
	IsCreate  bool        `json:"isCreate"`
	IsUpdate  bool        `json:"isUpdate"`
	IsDelete  bool        `json:"isDelete"`
	SubMenus  []menuEntry `json:"subMenus"` // null for a leaf
}

func (a *api) login(c *fiber.Ctx) error {
	username, password, err := a.credentials(c)
	if err != nil {
		return err
	}
	in, err := a.App.Sessions.Login(c.UserContext(), username, password, clientOf(c))
	a.signIns.finished(c, a.Log, in.Account.LoggedName(), err)
	if err != nil {
		return err
	}
	httpserver.RequestOf(c).Account = in.Account.ID
	return ok(c, "", signIn{
		AccessToken: in.AccessToken, RefreshToken: in.RefreshToken,
		Username: in.Account.Username, Designation: designation(in),
		SessionTimeInMinutes: sessionMinutes,
		Menu:                 menuEntries(access.VisibleTree(in.Menus, in.Account.IsSuperuser, in.Grants)),
	})
}

// clientOf returns the client of a request.
func clientOf(c *fiber.Ctx) account.Client {
	client := account.Client{UserAgent: strings.Clone(c.Get(fiber.HeaderUserAgent))} // the header's memory is used again
	if address := httpserver.RequestOf(c).Address; address.IsValid() {
		client.Address = address.String()
	}
	return client
}

func designation(in identity.SignIn) string {
	if in.Account.IsSuperuser {
		return "superadmin"
	}
	return in.Role
}

func menuEntries(nodes []access.MenuNode) []menuEntry {
	if nodes == nil {
		return nil
	}
	return each(nodes, func(n access.MenuNode) menuEntry {
		return menuEntry{
			ID: n.ID, Name: n.Name, URL: n.URL, Icon: n.Icon, CreateURL: n.CreateURL, ListURL: n.ListURL,
			IsView: n.Actions.Has(access.MayView), IsCreate: n.Actions.Has(access.MayCreate),
			IsUpdate: n.Actions.Has(access.MayUpdate), IsDelete: n.Actions.Has(access.MayDelete),
			SubMenus: menuEntries(n.Children),
		}
	})
}

// credentials reads a user name and a password from the body or, without a body, from Basic credentials.
func (a *api) credentials(c *fiber.Ctx) (username, password string, err error) {
	header, err := authorization(c)
	if err != nil {
		return "", "", err
	}
	if text, found := basic(header); found && len(bytes.TrimSpace(c.Request().Body())) == 0 {
		return parseBasic(text)
	}
	var body struct {
		Username domain.Optional[string] `json:"username"`
		Password domain.Optional[string] `json:"password"`
	}
	err = a.bind(c, &body)
	return body.Username.Value, body.Password.Value, err
}

func basic(header string) (credentials string, found bool) {
	scheme, credentials, _ := strings.Cut(header, " ")
	return strings.TrimSpace(credentials), strings.EqualFold(scheme, "Basic")
}

// parseBasic decodes Basic credentials (RFC 7617). They must be UTF-8.
func parseBasic(credentials string) (username, password string, err error) {
	text, err := base64.StdEncoding.DecodeString(credentials)
	if err != nil || !utf8.Valid(text) {
		return "", "", errBadBasic
	}
	username, password, found := strings.Cut(string(text), ":")
	if !found {
		return "", "", errBadBasic
	}
	return username, password, nil
}

func (a *api) refresh(c *fiber.Ctx) error {
	var body struct {
		RefreshToken domain.Optional[string] `json:"refreshToken"`
		Refresh      domain.Optional[string] `json:"refresh"` // another name
	}
	if err := a.bind(c, &body); err != nil {
		return err
	}
	token := strings.TrimSpace(body.RefreshToken.Value)
	if token == "" {
		token = strings.TrimSpace(body.Refresh.Value)
	}
	accessToken, refreshToken, err := a.App.Sessions.Refresh(c.UserContext(), token, clientOf(c))
	if err != nil {
		return err
	}
	return ok(c, "", struct {
		AccessToken          string      `json:"accessToken"`
		RefreshToken         string      `json:"refreshToken"`
		SessionTimeInMinutes json.Number `json:"sessionTimeInMinutes"`
	}{accessToken, refreshToken, sessionMinutes})
}

func (a *api) verify(c *fiber.Ctx) error {
	var body struct {
		Token domain.Optional[string] `json:"token"`
	}
	if err := a.bind(c, &body); err != nil {
		return err
	}
	token, err := a.App.Sessions.Verify(c.UserContext(), strings.TrimSpace(body.Token.Value))
	if err != nil {
		return err
	}
	return ok(c, "", struct {
		TokenType string    `json:"tokenType"`
		ExpiresAt timestamp `json:"expiresAt"`
	}{string(token.Type), a.timestamp(token.ExpiresAt)})
}

func (a *api) logout(c *fiber.Ctx, actor access.Actor) error {
	var body struct {
		RefreshToken domain.Optional[string] `json:"refreshToken"`
	}
	if err := a.bind(c, &body); err != nil && !errors.Is(err, errBlankBody) { // a missing body is a missing token
		return err
	}
	if err := a.App.Sessions.Logout(c.UserContext(), actor, strings.TrimSpace(body.RefreshToken.Value)); err != nil {
		return err
	}
	return ok(c, "You have been successfully logged out from this system.", nil)
}
