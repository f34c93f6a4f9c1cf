package bunstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"go.uber.org/zap"

	"tickt/adapters/httpapi"
	"tickt/adapters/httpserver"
	"tickt/adapters/lookalike"
	"tickt/adapters/mail"
	"tickt/adapters/password"
	"tickt/adapters/phone"
	"tickt/adapters/token"
	"tickt/application"
	"tickt/application/identity"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/migrations"
	"tickt/ports"
	"tickt/test/migrated"
)

// countingConn is a connection that counts its statements.
type countingConn struct {
	driver.Conn
	n *atomic.Int64
}

func (c countingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.n.Add(1)
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

func (c countingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.n.Add(1)
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
}

func (c countingConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
}

// countingConnector is a driver.Connector of counting connections.
type countingConnector struct {
	driver driver.Driver
	name   string
	n      *atomic.Int64
}

func (t countingConnector) Connect(context.Context) (driver.Conn, error) {
	c, err := t.driver.Open(t.name)
	return countingConn{c, t.n}, err
}

func (t countingConnector) Driver() driver.Driver { return t.driver }

// openCounting opens a store on SQLite, and returns the number of statements that it has sent so far. The statements
// of both engines are made by the same code.
func openCounting(t *testing.T) (*Store, *atomic.Int64) {
	t.Helper()
	url, n := migrated.File(t), new(atomic.Int64)
	s := openStore(t, Options{URL: url})
	file, _ := migrations.File(url)
	for options, db := range map[string]**bun.DB{writerOptions: &s.engine.writes, readerOptions: &s.engine.reads} {
		counting := sql.OpenDB(countingConnector{(*db).Driver(), file.URI(options), n})
		if err := (*db).Close(); err != nil {
			t.Fatal(err)
		}
		counting.SetMaxOpenConns(1)
		*db = bun.NewDB(counting, sqlitedialect.New(), discardUnknown)
	}
	return s, n
}

// site is the service over HTTP, with a few entries in every list.
type site struct {
	*application.App
	t       *testing.T
	store   *Store
	made    int
	address string
	bearer  string
	ticket  domain.ID
	comment domain.ID // of the ticket
}

func newSite(t *testing.T, store *Store, log *zap.Logger) *site {
	t.Helper()
	s := &site{t: t, store: store}
	book, err := phone.New("NP")
	s.check(err)
	clock := func() time.Time { return noon }
	s.App = application.New(application.Deps{
		Store: s.store, Clock: clock, NewID: s.id, Passwords: password.New(1), Phones: book, Addresses: mail.Addresses{},
		LookAlikes: lookalike.Names{}, Zone: time.UTC,
		Tokens: token.New([]byte("a secret of thirty-two bytes or more"), clock),
	})
	_, err = s.Setup.Seed(t.Context())
	s.check(err)
	_, err = s.Superusers.Create(t.Context(),
		identity.Superuser{Username: "root", Email: "root@example.org", Phone: "9841000001", Password: "seven brown otters"})
	s.check(err)
	in, err := s.Sessions.Login(t.Context(), "root", "seven brown otters", account.Client{Address: "192.0.2.1"})
	s.check(err)
	s.bearer = in.AccessToken
	token, err := s.Sessions.AccessToken(s.bearer)
	s.check(err)
	root, err := s.Sessions.ActorOf(t.Context(), token, access.ViaAPI)
	s.check(err)
	s.fill(root, in.Menus[0])
	metrics := prometheus.NewRegistry()
	server := httpserver.New(httpserver.Options{
		Ready: s.store.Ready, Log: log, Addr: "127.0.0.1:0", Metrics: metrics,
	}, httpapi.Mount(httpapi.Options{App: s.App, Zone: time.UTC, PageSize: 10, Log: log, Metrics: metrics}))
	s.check(server.Start(t.Context()))
	t.Cleanup(func() { _ = server.Stop(context.Background()) })
	s.address = "http://" + server.Address()
	return s
}

// fill adds three accounts with roles and assignments, calendars, policies, and tickets with notifications.
func (s *site) fill(root access.Actor, menu access.Menu) {
	s.t.Helper()
	ctx := s.t.Context()
	for i := range 3 {
		r, err := s.Roles.Create(ctx, root, access.RolePatch{Name: domain.Some(fmt.Sprintf("role %d", i))}, nil)
		s.check(err)
		a, err := s.Accounts.Create(ctx, root, account.Patch{
			Username: domain.Some(fmt.Sprintf("account%d", i)), Email: domain.Some(fmt.Sprintf("a%d@example.org", i)),
			Phone: domain.Some(fmt.Sprintf("984100001%d", i)), Password: domain.Some("seven brown otters"), RoleID: domain.Some(string(r.ID)),
			IsStaff: domain.Some(true),
		}, nil)
		s.check(err)
		_, err = s.Permissions.AssignToRole(ctx, root, access.PermissionSet{
			RoleID: string(r.ID), Menus: []access.PermissionDraft{{MenuID: string(menu.ID), Actions: access.ActionsPatch{View: domain.Some(true)}}},
		}, nil)
		s.check(err)
		_, err = s.Permissions.AssignToAccount(ctx, root, access.AssignmentPatch{
			AccountID: domain.Some(string(a.ID)), MenuID: domain.Some(string(menu.ID)), Actions: access.ActionsPatch{View: domain.Some(true)},
		}, nil)
		s.check(err)
		calendar, err := s.Calendars.Create(ctx, root, sla.CalendarPatch{
			Name: domain.Some(fmt.Sprintf("calendar %d", i)), TimeZone: domain.Some("UTC"),
			Hours: domain.Some(map[string][][]string{"mon": {{"09:00", "17:00"}}}),
		}, nil)
		s.check(err)
		_, err = s.Policies.Create(ctx, root, sla.PolicyPatch{
			Name: domain.Some(fmt.Sprintf("policy %d", i)), MenuIDs: domain.Some([]string{string(menu.ID)}),
			Targets: domain.Some([]sla.TargetDraft{{Metric: "resolution", Minutes: 60, CalendarID: string(calendar.ID)}}),
		}, nil)
		s.check(err)
		v, err := s.Tickets.Open(ctx, root,
			ticket.Patch{
				Title: domain.Some("The printer burns"), Description: domain.Some("Since noon."),
				CreatedFor: domain.Some(string(a.ID)),
			}, nil)
		s.check(err)
		s.ticket = v.ID
		s.check(s.store.Update(ctx, func(tx ports.Tx) error {
			return tx.NotificationLogs.Add(ctx, notification.Log{
				ID: s.id(), Type: notification.TicketAssigned, RecipientID: root.ID, TicketID: v.ID, Title: "t", Message: "m", CreatedAt: noon,
				UpdatedAt: noon,
			})
		}))
	}
	for range 3 {
		c, err := s.Comments.Write(ctx, root, s.ticket, ticket.CommentDraft{Body: domain.Some("It still does.")}, nil)
		s.check(err)
		for i := range 3 {
			_, err = s.Comments.Edit(ctx, root, s.ticket, c.ID, ticket.CommentPatch{Body: domain.Some(fmt.Sprint("It does. ", i))}, nil)
			s.check(err)
		}
		s.comment = c.ID
	}
}

func (s *site) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) id() domain.ID {
	s.made++
	return bulkID(s.made)
}

// ask returns the response to a GET of a path.
func (s *site) ask(path string) (status int, body []byte) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.address+path, nil)
	s.check(err)
	request.Header.Set("Authorization", "Bearer "+s.bearer)
	response, err := http.DefaultClient.Do(request)
	s.check(err)
	defer func() { _ = response.Body.Close() }()
	body, err = io.ReadAll(response.Body)
	s.check(err)
	return response.StatusCode, body
}

// get returns the body of the response to a GET, which must succeed.
func (s *site) get(path string) []byte {
	s.t.Helper()
	status, body := s.ask(path)
	if status != http.StatusOK {
		s.t.Fatalf("%s: %d %s", path, status, body)
	}
	return body
}

// lists returns the path of every list with pages that the API documents.
func (s *site) lists() (paths []string) {
	s.t.Helper()
	var document struct {
		Paths map[string]struct {
			Get *struct {
				Parameters []struct {
					Ref string `json:"$ref"`
				} `json:"parameters"`
			} `json:"get"`
		} `json:"paths"`
	}
	s.check(json.Unmarshal(s.get("/api/openapi.json"), &document))
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		if get := document.Paths[path].Get; get != nil {
			for _, p := range get.Parameters {
				if p.Ref == "#/components/parameters/PageSize" {
					ids := strings.NewReplacer("{id}", string(s.ticket))
					if strings.Contains(path, "{ticket}") {
						ids = strings.NewReplacer("{ticket}", string(s.ticket), "{id}", string(s.comment))
					}
					paths = append(paths, ids.Replace(path))
				}
			}
		}
	}
	return paths
}

func TestListsTakeAtMostThreeStatements(t *testing.T) {
	store, sent := openCounting(t)
	s := newSite(t, store, zap.NewNop())
	get := func(path string) (body []byte, statements int64) {
		before := sent.Load()
		return s.get(path), sent.Load() - before
	}
	all := s.lists()
	if len(all) < 9 {
		t.Fatalf("only %d lists are documented: %v", len(all), all)
	}
	all = append(all, "/api/tickets/?cursor=", "/api/role/menu/permission/mapping/?roleId="+string(s.seededAdmin()))
	for _, list := range all {
		separator := "?"
		if strings.Contains(list, "?") {
			separator = "&"
		}
		one, few := get(list + separator + "pageSize=1")
		many, most := get(list + separator + "pageSize=100")
		limit := int64(3) // one of them reads the actor
		if strings.Contains(list, "/versions/") && most > few {
			few, limit = most, 4 // the last page has the comment itself
		}
		if few < 2 || few > limit || most != few {
			t.Errorf("%s took %d statements for one entry and %d for all, want the same and at most %d", list, few, most, limit)
		}
		if len(many) <= len(one) && !strings.Contains(list, "roleId") {
			t.Errorf("%s has at most one entry, which proves nothing: %s", list, many)
		}
	}
	before := sent.Load()
	s.check(s.store.View(t.Context(), func(tx ports.Tx) error {
		active, err := tx.Policies.Active(t.Context())
		if len(active) != 3 {
			t.Errorf("%d policies are active", len(active))
		}
		return err
	}))
	if n := sent.Load() - before; n != 1 {
		t.Errorf("the active policies took %d statements, want 1", n)
	}
	if _, n := get("/api/tickets/dashboard/"); n != 6 {
		t.Errorf("the dashboard took %d statements, want 5 and one for the actor", n)
	}
	if _, n := get("/api/menus/"); n != 2 {
		t.Errorf("the menu tree took %d statements, want 1 and one for the actor", n)
	}
}

func (s *site) seededAdmin() (id domain.ID) {
	s.check(s.store.View(s.t.Context(), func(tx ports.Tx) error {
		all, _, err := tx.Roles.List(s.t.Context(), ports.Page{Number: 1, Size: 100})
		for _, r := range all {
			if r.Name == "admin" {
				id = r.ID
			}
		}
		return err
	}))
	return id
}
