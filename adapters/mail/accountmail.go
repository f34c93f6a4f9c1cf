package mail

import (
	"cmp"
	"net/url"
	"time"

	"tickt/domain/account"
	"tickt/ports"
)

// accountData is the data of the templates of account mails.
type accountData struct {
	Company    string
	Site       string   // SITE_URL
	Recipient  string   // user name, or the address if the recipient must not learn it
	Title      string   // the first line
	Paragraphs []string // the text
	Link       string   // to a page of ours; "" without one
	Action     string   // what to do there; "" without a link
}

// accountText is the text of a kind of account mails, in English. {username} and {time} are replaced.
type accountText struct {
	title      string
	paragraphs []string
	page       string // below /api/pages/; "" without a link

	withoutLink []string // the paragraphs if the site, and so the link, is not known; {token} is replaced too
}

var accountTexts = map[account.MailKind]accountText{
	account.PasswordForgotten: {
		title: "Set a new password", page: "reset-password",
		paragraphs: []string{
			"Somebody asked to set a new password for the account {username}. Open the link to do so.",
			"The link works once, until {time}.",
			"If it was not you, ignore this mail. The password stays as it is.",
		},
		withoutLink: []string{
			"Somebody asked to set a new password for the account {username}. To do so, use this token: {token}",
			"The token works once, until {time}.",
			"If it was not you, ignore this mail. The password stays as it is.",
		},
	},
	account.EmailConfirmation: {
		title: "Confirm your e-mail address", page: "confirm-email",
		paragraphs: []string{
			"This address was entered as the new e-mail address of the account {username}. Open the link to confirm it.",
			"The link works once, until {time}.",
			"If it was not you, ignore this mail. The address of the account stays as it is.",
		},
		withoutLink: []string{
			"This address was entered as the new e-mail address of the account {username}. To confirm it, use this token: {token}",
			"The token works once, until {time}.",
			"If it was not you, ignore this mail. The address of the account stays as it is.",
		},
	},
	account.EmailTaken: {
		title: "This e-mail address is in use already",
		paragraphs: []string{
			"Somebody entered this e-mail address as the new address of another account. An account has it already, so nothing was changed.",
			"If it was you, choose another address, or ask an administrator.",
		},
	},
	account.EmailChanged: {
		title: "Your e-mail address was changed",
		paragraphs: []string{
			"The e-mail address of the account {username} was changed on {time}. This address gets no more mails about it.",
			"If it was not you, tell an administrator at once.",
		},
	},
	account.PasswordChanged: {
		title: "Your password was changed",
		paragraphs: []string{
			"The password of the account {username} was changed on {time}.",
			"If it was not you, tell an administrator at once.",
		},
	},
}

// accountDraft returns the message of an account mail.
func (m *Mailer) accountDraft(x ports.AccountMail) draft {
	said, lang := accountTexts[x.Kind], languageOf(x.Language)
	when := x.At
	if !x.Until.IsZero() {
		when = x.Until
	}
	data := accountData{
		Company: m.o.Company, Site: m.site(), Recipient: cmp.Or(x.Username, x.To), Title: lang.say(said.title),
	}
	paragraphs := said.paragraphs
	if x.Token != "" && m.o.Site == nil {
		paragraphs = said.withoutLink
	}
	for _, p := range paragraphs {
		data.Paragraphs = append(data.Paragraphs,
			lang.say(p, "username", x.Username, "time", lang.time(when, m.zone(x.TimeZone)), "token", x.Token))
	}
	if x.Token != "" && m.o.Site != nil {
		data.Link, data.Action = m.pageLink(said.page, lang.code, x.Token), data.Title
	}
	return draft{
		id: x.ID, to: x.To, name: x.Username, subject: "[" + m.o.Company + "] " + data.Title, at: x.At,
		bodies: m.o.Templates.account[lang.code], data: data,
	}
}

// pageLink returns the URL of a page of the service. The token is in the fragment, which browsers do not send, so that it is
// in no log and no Referer.
func (m *Mailer) pageLink(page, lang, token string) string {
	link := m.o.Site.JoinPath("api", "pages", page, lang, "/")
	link.RawQuery, link.Fragment = "", ""
	return link.String() + "#token=" + url.QueryEscape(token)
}

// zone returns the time zone with a name, or that of the service.
func (m *Mailer) zone(name string) *time.Location {
	if name == "" {
		return m.o.Zone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return m.o.Zone
	}
	return zone
}
