package journey

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"tickt/test/browser"
)

func TestRequestsCanBeTriedOnTheReferencePage(t *testing.T) {
	page := browser.Open(t)
	d := newDesk(t)
	d.setUp(t)
	s := d.serve(t)
	signedIn := s.login(t)
	s.want(t, http.StatusCreated, http.MethodPost, "/api/tickets/", signedIn.AccessToken, aTicket)
	token, err := json.Marshal(signedIn.AccessToken)
	if err != nil {
		t.Fatal(err)
	}

	page.Visit(s.url + "/api/docs/")
	if n := page.Run(`await seen(".opblock"); return document.querySelectorAll(".opblock").length`); n == "0" {
		t.Fatalf("the page shows %s operations", n)
	}
	response := page.Run(`
		(await seen(".auth-wrapper .authorize")).click();
		type(await seen(".auth-container input[type=text]"), ` + string(token) + `);
		(await seen(".auth-container button.authorize")).click();
		(await seen(".auth-container button.btn-done")).click();
		(await seen("[id$=-listTickets] .opblock-summary-control")).click();
		await until(() => ui.specSelectors.specResolvedSubtree(["paths", "/api/tickets/", "get"]));
		(await seen("[id$=-listTickets] .execute")).click();
		const status = await seen("[id$=-listTickets] .live-responses-table tbody .response-col_status");
		const body = await seen("[id$=-listTickets] .live-responses-table .highlight-code");
		return status.textContent.trim() + " " + body.textContent;`)
	if !strings.HasPrefix(response, "200") || !strings.Contains(response, `"title": "The printer is on fire"`) {
		t.Errorf("the page shows the response %q", response)
	}
	if problems := page.Problems(); len(problems) > 0 {
		t.Errorf("the browser reports:\n%s", strings.Join(problems, "\n"))
	}
}
