package journey

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"testing"

	openapi "tickt/test/client"
)

// caller is somebody who uses the client that is generated from the OpenAPI document.
type caller struct {
	*openapi.ClientWithResponses
	t *testing.T
}

// signIn gives a caller that is signed in.
func (s *service) signIn(t *testing.T, name, secret string) caller {
	t.Helper()
	stranger := s.caller(t, "")
	in, err := stranger.LoginWithResponse(t.Context(), openapi.Credentials{Username: name, Password: secret})
	stranger.wants(http.StatusOK, in, err)
	return s.caller(t, in.JSON200.Data.AccessToken)
}

// caller gives a caller who shows a token with every request.
func (s *service) caller(t *testing.T, token string) caller {
	t.Helper()
	c, err := openapi.NewClientWithResponses(s.url, openapi.WithHTTPClient(client),
		openapi.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", "Bearer "+token)
			return nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	return caller{c, t}
}

// wants checks the status of a call.
func (c caller) wants(status int, got interface{ StatusCode() int }, err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
	if got.StatusCode() != status {
		c.t.Fatalf("status %d, want %d: %+v", got.StatusCode(), status, got)
	}
}

// menu gives the id of the menu with a URL.
func (c caller) menu(at string) openapi.ReferenceID {
	c.t.Helper()
	listed, err := c.ListMenusWithResponse(c.t.Context())
	c.wants(http.StatusOK, listed, err)
	branches := listed.JSON200.Data.Menus
	for i := 0; i < len(branches); i++ { // it grows by what is below
		if branches[i].MenuUrl == at {
			return branches[i].ReferenceId
		}
		if below := branches[i].SubMenus; below != nil {
			branches = append(branches, *below...)
		}
	}
	c.t.Fatalf("no menu has the URL %s", at)
	return ""
}

// hired makes a role that may work on tickets, and an account that holds it.
func (c caller) hired(name, secret string) (account openapi.ReferenceID) {
	c.t.Helper()
	ctx, all := c.t.Context(), openapi.RoleDraftTicketScopeAll
	role, err := c.CreateRoleWithResponse(ctx, &openapi.CreateRoleParams{}, openapi.RoleDraft{Name: "field engineers", TicketScope: &all})
	c.wants(http.StatusCreated, role, err)
	granted, err := c.AssignRolePermissionsWithResponse(ctx, &openapi.AssignRolePermissionsParams{}, openapi.PermissionSet{
		RoleId:      role.JSON201.Data.ReferenceId,
		MenuDetails: []openapi.MenuPermissionDraft{{MenuId: c.menu("/tickets/"), IsCreate: new(true), IsUpdate: new(true)}},
	})
	c.wants(http.StatusOK, granted, err)
	made, err := c.CreateAccountWithResponse(ctx, &openapi.CreateAccountParams{}, openapi.AccountDraft{
		Username: name, Email: "gita@example.com", PhoneNumber: "+9779841234567", Password: secret, RoleId: &role.JSON201.Data.ReferenceId,
	})
	c.wants(http.StatusCreated, made, err)
	return made.JSON201.Data.ReferenceId
}

// opens opens a ticket, twice under one key as a client does that lost the answer.
func (c caller) opens(title string) openapi.Ticket {
	c.t.Helper()
	draft := openapi.TicketDraft{Title: title, Description: "Again."}
	once := &openapi.CreateTicketParams{IdempotencyKey: &title}
	first, err := c.CreateTicketWithResponse(c.t.Context(), once, draft)
	c.wants(http.StatusCreated, first, err)
	again, err := c.CreateTicketWithResponse(c.t.Context(), once, draft)
	c.wants(http.StatusCreated, again, err)
	if first.JSON201.Data.ReferenceId != again.JSON201.Data.ReferenceId || again.Headers201.IdempotentReplayed == nil {
		c.t.Errorf("%s was opened twice: %s, %s", title, first.Body, again.Body)
	}
	draft.Description = "Something else."
	other, err := c.CreateTicketWithResponse(c.t.Context(), once, draft)
	c.wants(http.StatusUnprocessableEntity, other, err)
	return first.JSON201.Data
}

// byPage and byCursor read the numbers of all tickets, the newest first, two at a time.
func (c caller) byPage() (numbers []string) {
	c.t.Helper()
	order, size := openapi.ListTicketsParamsOrderByCreated, 2
	for page, pages := 1, 1; page <= pages; page++ {
		listed, err := c.ListTicketsWithResponse(c.t.Context(), &openapi.ListTicketsParams{OrderBy: &order, Page: &page, PageSize: &size})
		c.wants(http.StatusOK, listed, err)
		found, err := listed.JSON200.Data.AsTicketPage()
		if err != nil {
			c.t.Fatal(err)
		}
		pages = found.TotalPages
		numbers = append(numbers, numbersOf(found.Results)...)
	}
	return numbers
}

func (c caller) byCursor() (numbers []string) {
	c.t.Helper()
	order, size := openapi.ListTicketsParamsOrderByCreated, 2
	for cursor, more := "", true; more; {
		listed, err := c.ListTicketsWithResponse(c.t.Context(), &openapi.ListTicketsParams{OrderBy: &order, Cursor: &cursor, PageSize: &size})
		c.wants(http.StatusOK, listed, err)
		found, err := listed.JSON200.Data.AsTicketStretch()
		if err != nil {
			c.t.Fatal(err)
		}
		numbers = append(numbers, numbersOf(found.Results)...)
		if more = found.Links.Next != nil; more {
			next, err := url.Parse(*found.Links.Next)
			if err != nil {
				c.t.Fatal(err)
			}
			cursor = next.Query().Get("cursor")
		}
	}
	return numbers
}

func numbersOf(tickets []openapi.Ticket) (numbers []string) {
	for _, x := range tickets {
		numbers = append(numbers, x.TicketNumber)
	}
	return numbers
}

// corrects changes a ticket as it was read; a second change on what was read before is refused.
func (c caller) corrects(id openapi.ReferenceID) {
	c.t.Helper()
	ctx := c.t.Context()
	read, err := c.GetTicketWithResponse(ctx, id, &openapi.GetTicketParams{})
	c.wants(http.StatusOK, read, err)
	seen := &openapi.UpdateTicketParams{IfMatch: &read.Headers200.ETag}
	changed, err := c.UpdateTicketWithResponse(ctx, id, seen, openapi.TicketChange{Title: new("It only smokes")})
	c.wants(http.StatusOK, changed, err)
	if changed.JSON200.Data.Title != "It only smokes" || changed.Headers200.ETag == read.Headers200.ETag {
		c.t.Errorf("changed to %s", changed.Body)
	}
	late, err := c.UpdateTicketWithResponse(ctx, id, seen, openapi.TicketChange{Title: new("It burns")})
	c.wants(http.StatusPreconditionFailed, late, err)
}

func TestAGeneratedClientRunsADesk(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		s := d.serve(t)
		root := s.signIn(t, username, password)
		account := root.hired("gita", "Green-Lantern-8")
		gita := s.signIn(t, "gita", "Green-Lantern-8")
		var opened []string
		var last openapi.Ticket
		for _, title := range []string{"It-burns", "It-smokes", "It-rattles"} {
			last = gita.opens(title)
			opened = append(opened, last.TicketNumber)
		}
		slices.Reverse(opened)
		if paged, read := gita.byPage(), gita.byCursor(); !slices.Equal(paged, opened) || !slices.Equal(read, opened) {
			t.Errorf("by page %v, by cursor %v, want %v", paged, read, opened)
		}
		gita.corrects(last.ReferenceId)

		off, err := root.ToggleAccountWithResponse(t.Context(), account, &openapi.ToggleAccountParams{})
		root.wants(http.StatusOK, off, err)
		refused, err := gita.GetTicketWithResponse(t.Context(), last.ReferenceId, &openapi.GetTicketParams{})
		gita.wants(http.StatusUnauthorized, refused, err)
		in, err := s.caller(t, "").LoginWithResponse(t.Context(), openapi.Credentials{Username: "gita", Password: "Green-Lantern-8"})
		gita.wants(http.StatusUnauthorized, in, err)
		s.stop(t)
	})
}
