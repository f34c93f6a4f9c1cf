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

// says writes a comment on a ticket, twice under one key.
func (c caller) says(on openapi.ReferenceID, draft openapi.CommentDraft) openapi.Comment {
	c.t.Helper()
	once := &openapi.CreateCommentParams{IdempotencyKey: new("say-" + strings.ReplaceAll(draft.Body, " ", "-"))}
	first, err := c.CreateCommentWithResponse(c.t.Context(), on, once, draft)
	c.wants(http.StatusCreated, first, err)
	again, err := c.CreateCommentWithResponse(c.t.Context(), on, once, draft)
	c.wants(http.StatusCreated, again, err)
	if first.JSON201.Data.ReferenceId != again.JSON201.Data.ReferenceId {
		c.t.Errorf("%s was said twice", draft.Body)
	}
	return first.JSON201.Data
}

// said reads what was said on a ticket, one comment at a time.
func (c caller) said(on openapi.ReferenceID) (bodies []string) {
	c.t.Helper()
	params := &openapi.ListCommentsParams{PageSize: new(1)}
	for more := true; more; {
		listed, err := c.ListCommentsWithResponse(c.t.Context(), on, params)
		c.wants(http.StatusOK, listed, err)
		for _, said := range listed.JSON200.Data.Results {
			bodies = append(bodies, said.Body)
		}
		if more = listed.JSON200.Data.Links.Next != nil; more {
			params.Cursor = new(c.cursorIn(*listed.JSON200.Data.Links.Next))
		}
	}
	return bodies
}

// cursorIn gives the cursor of a link.
func (c caller) cursorIn(link string) string {
	c.t.Helper()
	next, err := url.Parse(link)
	if err != nil {
		c.t.Fatal(err)
	}
	return next.Query().Get("cursor")
}

// talk goes through a conversation on a ticket that the colleague opened, what it leaves on record, and what the
// colleague is told of it.
func (c caller) talk(colleague caller, on openapi.Ticket) {
	c.t.Helper()
	ctx, id := c.t.Context(), on.ReferenceId
	internal := openapi.CommentDraftVisibilityInternal
	first := c.says(id, openapi.CommentDraft{Body: "Is it on?"})
	colleague.says(id, openapi.CommentDraft{Body: "It was."})
	note := c.says(id, openapi.CommentDraft{Body: "Ask the electrician.", Visibility: &internal})

	read, err := c.GetCommentWithResponse(ctx, id, first.ReferenceId, &openapi.GetCommentParams{})
	c.wants(http.StatusOK, read, err)
	edited, err := c.UpdateCommentWithResponse(ctx, id, first.ReferenceId, &openapi.UpdateCommentParams{IfMatch: &read.Headers200.ETag},
		openapi.CommentChange{Body: new("Is it on now?")})
	c.wants(http.StatusOK, edited, err)
	late, err := c.DeleteCommentWithResponse(ctx, id, first.ReferenceId, &openapi.DeleteCommentParams{IfMatch: &read.Headers200.ETag})
	c.wants(http.StatusPreconditionFailed, late, err)
	gone, err := c.DeleteCommentWithResponse(ctx, id, note.ReferenceId, &openapi.DeleteCommentParams{})
	c.wants(http.StatusOK, gone, err)
	if got := colleague.said(id); !slices.Equal(got, []string{"Is it on now?", "It was."}) {
		c.t.Errorf("said was %q", got)
	}

	record, err := colleague.ListTicketHistoryWithResponse(ctx, id, &openapi.ListTicketHistoryParams{PageSize: new(100)})
	c.wants(http.StatusOK, record, err)
	var kinds []string
	for _, entry := range record.JSON200.Data.Results {
		if entry.Kind != openapi.HistoryEntryKindChanged {
			kinds = append(kinds, string(entry.Kind))
		}
	}
	if want := []string{"comment_deleted", "comment_edited", "commented", "commented", "commented", "created"}; !slices.Equal(kinds, want) {
		c.t.Errorf("on record is %q, want %q", kinds, want)
	}
	colleague.catchesUp(id)
}

// catchesUp reads the one notification of a comment on a ticket, then whatever else there is.
func (c caller) catchesUp(about openapi.ReferenceID) {
	c.t.Helper()
	ctx := c.t.Context()
	inbox, err := c.ListNotificationsWithResponse(ctx, &openapi.ListNotificationsParams{IsRead: new(false)})
	c.wants(http.StatusOK, inbox, err)
	told := inbox.JSON200.Data.Results
	if len(told) != 1 || told[0].TicketId != about || told[0].NotificationType != openapi.NotificationTypeCommentAdded {
		c.t.Fatalf("told was %s", inbox.Body)
	}
	read, err := c.ReadNotificationWithResponse(ctx, told[0].ReferenceId)
	c.wants(http.StatusOK, read, err)
	unread, err := c.CountUnreadNotificationsWithResponse(ctx)
	c.wants(http.StatusOK, unread, err)
	rest, err := c.ReadAllNotificationsWithResponse(ctx)
	c.wants(http.StatusOK, rest, err)
	if !read.JSON200.Data.IsRead || unread.JSON200.Data.UnreadCount != 0 || rest.JSON200.Data.UpdatedCount != 0 {
		c.t.Errorf("read %s, then unread %s, then %s", read.Body, unread.Body, rest.Body)
	}
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
		root.talk(gita, last)

		off, err := root.ToggleAccountWithResponse(t.Context(), account, &openapi.ToggleAccountParams{})
		root.wants(http.StatusOK, off, err)
		refused, err := gita.GetTicketWithResponse(t.Context(), last.ReferenceId, &openapi.GetTicketParams{})
		gita.wants(http.StatusUnauthorized, refused, err)
		in, err := s.caller(t, "").LoginWithResponse(t.Context(), openapi.Credentials{Username: "gita", Password: "Green-Lantern-8"})
		gita.wants(http.StatusUnauthorized, in, err)
		s.stop(t)
	})
}
