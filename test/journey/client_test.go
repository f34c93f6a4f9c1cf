package journey

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	openapi "tickt/test/client"
)

// caller is an account that uses the client generated from the OpenAPI document.
type caller struct {
	*openapi.ClientWithResponses
	t *testing.T
}

// signIn signs an account in and returns it as a caller.
func (s *service) signIn(t *testing.T, name, secret string) caller {
	t.Helper()
	anonymous := s.caller(t, "")
	in, err := anonymous.LoginWithResponse(t.Context(), openapi.Credentials{Username: name, Password: secret})
	anonymous.wantStatus(http.StatusOK, in, err)
	return s.caller(t, in.JSON200.Data.AccessToken)
}

// caller returns a caller that sends a token with every request.
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

// wantStatus ends the test unless a call succeeded with a status.
func (c caller) wantStatus(status int, got interface{ StatusCode() int }, err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
	if got.StatusCode() != status {
		c.t.Fatalf("status %d, want %d: %+v", got.StatusCode(), status, got)
	}
}

// menu returns the id of the menu with a URL.
func (c caller) menu(url string) openapi.ReferenceID {
	c.t.Helper()
	listed, err := c.ListMenusWithResponse(c.t.Context())
	c.wantStatus(http.StatusOK, listed, err)
	branches := listed.JSON200.Data.Menus
	for i := 0; i < len(branches); i++ { // grows by the submenus
		if branches[i].MenuUrl == url {
			return branches[i].ReferenceId
		}
		if children := branches[i].SubMenus; children != nil {
			branches = append(branches, *children...)
		}
	}
	c.t.Fatalf("no menu has the URL %s", url)
	return ""
}

// createAgent creates a role that may work on tickets and an account with it, and returns the account.
func (c caller) createAgent(name, secret string) (account openapi.ReferenceID) {
	c.t.Helper()
	ctx, all := c.t.Context(), openapi.RoleDraftTicketScopeAll
	role, err := c.CreateRoleWithResponse(ctx, &openapi.CreateRoleParams{}, openapi.RoleDraft{Name: "field engineers", TicketScope: &all})
	c.wantStatus(http.StatusCreated, role, err)
	granted, err := c.AssignRolePermissionsWithResponse(ctx, &openapi.AssignRolePermissionsParams{}, openapi.PermissionSet{
		RoleId:      role.JSON201.Data.ReferenceId,
		MenuDetails: []openapi.MenuPermissionDraft{{MenuId: c.menu("/tickets/"), IsCreate: new(true), IsUpdate: new(true)}},
	})
	c.wantStatus(http.StatusOK, granted, err)
	made, err := c.CreateAccountWithResponse(ctx, &openapi.CreateAccountParams{}, openapi.AccountDraft{
		Username: name, Email: "gita@example.com", PhoneNumber: "+9779841234567", Password: secret, RoleId: &role.JSON201.Data.ReferenceId,
	})
	c.wantStatus(http.StatusCreated, made, err)
	return made.JSON201.Data.ReferenceId
}

// openTicket opens a ticket. It sends the request twice with one key, as a client does that did not get the response, and
// once more with another body, which must fail.
func (c caller) openTicket(title string) openapi.Ticket {
	c.t.Helper()
	draft := openapi.TicketDraft{Title: title, Description: "Again."}
	once := &openapi.CreateTicketParams{IdempotencyKey: &title}
	first, err := c.CreateTicketWithResponse(c.t.Context(), once, draft)
	c.wantStatus(http.StatusCreated, first, err)
	again, err := c.CreateTicketWithResponse(c.t.Context(), once, draft)
	c.wantStatus(http.StatusCreated, again, err)
	if first.JSON201.Data.ReferenceId != again.JSON201.Data.ReferenceId || again.Headers201.IdempotentReplayed == nil {
		c.t.Errorf("%s was opened twice: %s, %s", title, first.Body, again.Body)
	}
	draft.Description = "Something else."
	other, err := c.CreateTicketWithResponse(c.t.Context(), once, draft)
	c.wantStatus(http.StatusUnprocessableEntity, other, err)
	return first.JSON201.Data
}

// byPage lists the numbers of all tickets, the newest first, by numbered pages of two.
func (c caller) byPage() (numbers []string) {
	c.t.Helper()
	order, size := openapi.ListTicketsParamsOrderByCreated, 2
	for page, pages := 1, 1; page <= pages; page++ {
		listed, err := c.ListTicketsWithResponse(c.t.Context(), &openapi.ListTicketsParams{OrderBy: &order, Page: &page, PageSize: &size})
		c.wantStatus(http.StatusOK, listed, err)
		found, err := listed.JSON200.Data.AsTicketPage()
		if err != nil {
			c.t.Fatal(err)
		}
		pages = found.TotalPages
		numbers = append(numbers, numbersOf(found.Results)...)
	}
	return numbers
}

// byCursor lists the numbers of all tickets, the newest first, by cursor pages of two.
func (c caller) byCursor() (numbers []string) {
	c.t.Helper()
	order, size := openapi.ListTicketsParamsOrderByCreated, 2
	for cursor, more := "", true; more; {
		listed, err := c.ListTicketsWithResponse(c.t.Context(), &openapi.ListTicketsParams{OrderBy: &order, Cursor: &cursor, PageSize: &size})
		c.wantStatus(http.StatusOK, listed, err)
		found, err := listed.JSON200.Data.AsTicketCursorPage()
		if err != nil {
			c.t.Fatal(err)
		}
		numbers = append(numbers, numbersOf(found.Results)...)
		if more = found.Links.Next != nil; more {
			cursor = c.cursorIn(*found.Links.Next)
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

// editTicket reads a ticket and changes it on the condition that it is unchanged. A second change with the same ETag must
// be refused.
func (c caller) editTicket(id openapi.ReferenceID) {
	c.t.Helper()
	ctx := c.t.Context()
	read, err := c.GetTicketWithResponse(ctx, id, &openapi.GetTicketParams{})
	c.wantStatus(http.StatusOK, read, err)
	seen := &openapi.UpdateTicketParams{IfMatch: &read.Headers200.ETag}
	changed, err := c.UpdateTicketWithResponse(ctx, id, seen, openapi.TicketChange{Title: new("It only smokes")})
	c.wantStatus(http.StatusOK, changed, err)
	if changed.JSON200.Data.Title != "It only smokes" || changed.Headers200.ETag == read.Headers200.ETag {
		c.t.Errorf("changed to %s", changed.Body)
	}
	late, err := c.UpdateTicketWithResponse(ctx, id, seen, openapi.TicketChange{Title: new("It burns")})
	c.wantStatus(http.StatusPreconditionFailed, late, err)
}

// comment writes a comment on a ticket. It sends the request twice with one key.
func (c caller) comment(on openapi.ReferenceID, draft openapi.CommentDraft) openapi.Comment {
	c.t.Helper()
	once := &openapi.CreateCommentParams{IdempotencyKey: new("say-" + strings.ReplaceAll(draft.Body, " ", "-"))}
	first, err := c.CreateCommentWithResponse(c.t.Context(), on, once, draft)
	c.wantStatus(http.StatusCreated, first, err)
	again, err := c.CreateCommentWithResponse(c.t.Context(), on, once, draft)
	c.wantStatus(http.StatusCreated, again, err)
	if first.JSON201.Data.ReferenceId != again.JSON201.Data.ReferenceId {
		c.t.Errorf("comment %q was added twice", draft.Body)
	}
	return first.JSON201.Data
}

// comments lists the comments on a ticket, one per page.
func (c caller) comments(on openapi.ReferenceID) (bodies []string) {
	c.t.Helper()
	params := &openapi.ListCommentsParams{PageSize: new(1)}
	for more := true; more; {
		listed, err := c.ListCommentsWithResponse(c.t.Context(), on, params)
		c.wantStatus(http.StatusOK, listed, err)
		for _, comment := range listed.JSON200.Data.Results {
			bodies = append(bodies, comment.Body)
		}
		if more = listed.JSON200.Data.Links.Next != nil; more {
			params.Cursor = new(c.cursorIn(*listed.JSON200.Data.Links.Next))
		}
	}
	return bodies
}

// cursorIn returns the cursor in a link.
func (c caller) cursorIn(link string) string {
	c.t.Helper()
	next, err := url.Parse(link)
	if err != nil {
		c.t.Fatal(err)
	}
	return next.Query().Get("cursor")
}

// converse writes, edits and deletes comments on a ticket that colleague opened, and checks the ticket's history and the
// notifications of colleague.
func (c caller) converse(colleague caller, on openapi.Ticket) {
	c.t.Helper()
	ctx, id := c.t.Context(), on.ReferenceId
	internal := openapi.CommentDraftVisibilityInternal
	first := c.comment(id, openapi.CommentDraft{Body: "Is it on?"})
	colleague.comment(id, openapi.CommentDraft{Body: "It was."})
	note := c.comment(id, openapi.CommentDraft{Body: "Ask the electrician.", Visibility: &internal})

	read, err := c.GetCommentWithResponse(ctx, id, first.ReferenceId, &openapi.GetCommentParams{})
	c.wantStatus(http.StatusOK, read, err)
	edited, err := c.UpdateCommentWithResponse(ctx, id, first.ReferenceId, &openapi.UpdateCommentParams{IfMatch: &read.Headers200.ETag},
		openapi.CommentChange{Body: new("Is it on now?")})
	c.wantStatus(http.StatusOK, edited, err)
	late, err := c.DeleteCommentWithResponse(ctx, id, first.ReferenceId, &openapi.DeleteCommentParams{IfMatch: &read.Headers200.ETag})
	c.wantStatus(http.StatusPreconditionFailed, late, err)
	gone, err := c.DeleteCommentWithResponse(ctx, id, note.ReferenceId, &openapi.DeleteCommentParams{})
	c.wantStatus(http.StatusOK, gone, err)
	if got := colleague.comments(id); !slices.Equal(got, []string{"Is it on now?", "It was."}) {
		c.t.Errorf("the comments are %q", got)
	}

	record, err := colleague.ListTicketHistoryWithResponse(ctx, id, &openapi.ListTicketHistoryParams{PageSize: new(100)})
	c.wantStatus(http.StatusOK, record, err)
	var kinds []string
	for _, entry := range record.JSON200.Data.Results {
		if entry.Kind != openapi.HistoryEntryKindChanged {
			kinds = append(kinds, string(entry.Kind))
		}
	}
	if want := []string{"comment_deleted", "comment_edited", "commented", "commented", "commented", "created"}; !slices.Equal(kinds, want) {
		c.t.Errorf("the history is %q, want %q", kinds, want)
	}
	colleague.readNotifications(id)
}

// readNotifications checks that exactly one notification is unread, about a comment on a ticket, and reads it.
func (c caller) readNotifications(about openapi.ReferenceID) {
	c.t.Helper()
	ctx := c.t.Context()
	inbox, err := c.ListNotificationsWithResponse(ctx, &openapi.ListNotificationsParams{IsRead: new(false)})
	c.wantStatus(http.StatusOK, inbox, err)
	notifications := inbox.JSON200.Data.Results
	if len(notifications) != 1 || notifications[0].TicketId != about ||
		notifications[0].NotificationType != openapi.NotificationTypeCommentAdded {
		c.t.Fatalf("the notifications are %s", inbox.Body)
	}
	read, err := c.ReadNotificationWithResponse(ctx, notifications[0].ReferenceId)
	c.wantStatus(http.StatusOK, read, err)
	unread, err := c.CountUnreadNotificationsWithResponse(ctx)
	c.wantStatus(http.StatusOK, unread, err)
	rest, err := c.ReadAllNotificationsWithResponse(ctx)
	c.wantStatus(http.StatusOK, rest, err)
	if !read.JSON200.Data.IsRead || unread.JSON200.Data.UnreadCount != 0 || rest.JSON200.Data.UpdatedCount != 0 {
		c.t.Errorf("read %s, then unread %s, then %s", read.Body, unread.Body, rest.Body)
	}
}

func TestGeneratedClientCoversTheMainTasks(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		s := d.serve(t)
		root := s.signIn(t, username, password)
		account := root.createAgent("gita", "Green-Lantern-8")
		gita := s.signIn(t, "gita", "Green-Lantern-8")
		var opened []string
		var last openapi.Ticket
		for _, title := range []string{"It-burns", "It-smokes", "It-rattles"} {
			last = gita.openTicket(title)
			opened = append(opened, last.TicketNumber)
		}
		slices.Reverse(opened)
		if paged, read := gita.byPage(), gita.byCursor(); !slices.Equal(paged, opened) || !slices.Equal(read, opened) {
			t.Errorf("by page %v, by cursor %v, want %v", paged, read, opened)
		}
		gita.editTicket(last.ReferenceId)
		root.converse(gita, last)

		off, err := root.ToggleAccountWithResponse(t.Context(), account, &openapi.ToggleAccountParams{}, openapi.ToggleAccountJSONRequestBody{})
		root.wantStatus(http.StatusOK, off, err)
		refused, err := gita.GetTicketWithResponse(t.Context(), last.ReferenceId, &openapi.GetTicketParams{})
		gita.wantStatus(http.StatusUnauthorized, refused, err)
		in, err := s.caller(t, "").LoginWithResponse(t.Context(), openapi.Credentials{Username: "gita", Password: "Green-Lantern-8"})
		gita.wantStatus(http.StatusUnauthorized, in, err)
		s.stop(t)
	})
}
