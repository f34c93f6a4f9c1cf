package httpapi

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/zap"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/test/browser"
	"tickt/test/desk"
)

// served serves the desk on a free port and returns its address.
func (s *clients) served() string {
	s.t.Helper()
	a := newAPI(Options{App: s.App, Zone: s.Now().Location(), PageSize: 10, Log: zap.NewNop()})
	server := newServer(a.routes)
	desk.Check(s.t, server.Start(context.WithoutCancel(s.t.Context())))
	stopAtEnd(s.t, server)
	return "http://" + server.Address()
}

func TestPasswordIsResetInABrowser(t *testing.T) {
	page := browser.Open(t)
	s, box := newMailClients(t)
	address := s.served()
	for _, language := range []string{"en", "ne"} {
		say := func(name string) string {
			texts := readPageParts().texts
			if text := texts["reset-password"][language][name]; text != "" {
				return text
			}
			return texts["common"][language][name]
		}
		s.ask("", "POST", forgotPath, `{"username":"agent"}`).must(http.StatusOK, linkAsked)
		link := address + "/api/pages/reset-password/" + language + "/"
		page.Visit(link)
		if got := page.Run(`return await until(() => document.getElementById("message")?.textContent)`); got != say("incomplete") {
			t.Errorf("%s: without a token the page says %s", language, got)
		}
		sent := s.deliver(box)
		page.Visit(link + "?again#token=" + sent[len(sent)-1].Token) // after the notice of the round before
		submit := func(first, second string) string {
			return page.Run(`
				const form = await until(() => { const f = document.getElementById("form"); return f && location.hash && !f.hidden && f; });
				const message = document.getElementById("message"), before = ` + text(say("sending")) + `;
				message.textContent = "";
				type(document.getElementById("password"), ` + text(first) + `);
				type(document.getElementById("again"), ` + text(second) + `);
				document.getElementById("send").click();
				return await until(() => message.textContent !== before && message.textContent);`)
		}
		short := say("password-too_short")
		if language == "en" {
			short = "Password must be at least 8 characters."
		}
		for _, c := range []struct{ first, second, says string }{
			{resetTo, "another", say("different")}, {"short", "short", short}, {resetTo, resetTo, say("done")},
		} {
			if got := submit(c.first, c.second); got != c.says {
				t.Errorf("%s: after %q the page says %q, want %q", language, c.first, got, c.says)
			}
		}
		if got := page.Run(`return location.hash + document.getElementById("form").hidden + document.activeElement.id`); got != "truemessage" {
			t.Errorf("%s: afterwards the page has %s", language, got)
		}
	}
	s.ask("", "POST", loginPath, credentials(desk.Agent, resetTo)).must(http.StatusOK, "Ok")
	for _, p := range page.Problems() {
		if !strings.Contains(p, "400 (Bad Request)") { // of the short password
			t.Errorf("the browser reports %s", p)
		}
	}
}

func TestAddressIsConfirmedInABrowser(t *testing.T) {
	page := browser.Open(t)
	s, box := newMailClients(t)
	address := s.served()
	c := account.OwnPatch{Email: domain.Some("fresh@desk.test"), Current: domain.Some(desk.Password)}
	desk.Must(s.Me.Update(t.Context(), s.Actor(desk.Agent), c, nil, desk.Home))(t)
	page.Visit(address + "/api/pages/confirm-email/ne/#token=" + s.deliver(box)[0].Token)
	press := `(await until(() => { const f = document.getElementById("form");
		return f && location.hash && !f.hidden && document.getElementById("send"); }))`
	page.Run(`await ` + press)
	if got := s.Account(s.ID(desk.Agent)).Email; got != "agent@desk.test" {
		t.Errorf("opening the page stored %s", got)
	}
	got := page.Run(`const send = ` + press + `; send.click();
		return await until(() => document.getElementById("form").hidden && document.getElementById("message").textContent)`)
	if want := readPageParts().texts["confirm-email"]["ne"]["done"]; got != want {
		t.Errorf("the page says %q, want %q", got, want)
	}
	if got := s.Account(s.ID(desk.Agent)).Email; got != "fresh@desk.test" {
		t.Errorf("stored %s", got)
	}
	if problems := page.Problems(); len(problems) > 0 {
		t.Errorf("the browser reports:\n%s", strings.Join(problems, "\n"))
	}
}
