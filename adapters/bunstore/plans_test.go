package bunstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tickt/test/migrated"
)

// PostgreSQL may keep a plan for a prepared statement that does not look at the values. It may be used if it reads at most
// tolerance times as many pages as the plan for the very values, or at most fewPages more.
const (
	tolerance = 10
	fewPages  = 90
)

// TestPlansOfPreparedStatementsDoNotDependOnTheirValues executes every statement of the package that PostgreSQL prepares on a skewed
// database, for common and for rare values, with the plan that PostgreSQL makes for the values and with the one that it may keep
// for all values. One whose plans differ must be sent with statement.unprepared, or be written so that they do not.
func TestPlansOfPreparedStatementsDoNotDependOnTheirValues(t *testing.T) {
	url := migrated.Postgres(t)
	store := skewed(t, url)
	spy := recordAll(t, store)
	server, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close(context.WithoutCancel(t.Context())) }()
	worst := map[string]string{}
	for _, s := range spy.prepared {
		custom, generic := pagesRead(t, server, "force_custom_plan", s), pagesRead(t, server, "force_generic_plan", s)
		if generic > tolerance*custom && generic > custom+fewPages {
			worst[s.Text] = fmt.Sprintf("%s reads %d pages, and %d with a plan for any values, such as %v:\n%s", s.name, custom, generic,
				s.Args, s.Text)
		}
	}
	for _, text := range worst {
		t.Error(text)
	}
	t.Logf("%d prepared statements were tried, %d are not prepared", len(spy.prepared), spy.unprepared)
	for _, name := range statementMakers(t) {
		if !spy.calls[name] && !slices.Contains(untried, name) {
			t.Errorf("no statement of %s was tried: add a call to tried, or the name to untried", name)
		}
	}
}

// untried are functions whose statements are not tried: those of commands and background work that run rarely, those that insert or
// remove rows by their keys, and those of SQLite only.
var untried = []string{
	"Store.reserveNumbers", "inspection.walk", "inspection.Tickets", "inspection.Structure", "inspection.CountTickets",
	"inspection.LedgersSince", "inspection.LastNumbers", "setup.Lock", "setup.SetSeeds", "setup.KeyChecks", "setup.SetKeyChecks",
	"tickets.Add", "conn.writeDocument", "table.remove", "conn.unmarkWritten", "conn.addSQLiteComment",
	"conn.rewriteMarked", "Store.write",
	"Store.NextNumber", "conn.inspectLedgers", "conn.inspectClocks", "conn.inspectHistory", "calendars.addVersion",
	"accounts.underivedHas", "nameKeys.IDs", "conn.markTicket",
}

// spy is a connection that records the prepared statements that are sent through it.
type spy struct {
	inner interface {
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	}
	name       string // of the call that sends them
	prepared   []recorded
	unprepared int
	calls      map[string]bool // functions of the package that have sent a statement, or that such a function calls
}

type recorded struct {
	Statement
	name string
}

func (s *spy) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	s.record(text, args)
	return s.inner.QueryContext(ctx, text, args...)
}

func (s *spy) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	s.record(text, args)
	return s.inner.ExecContext(ctx, text, args...)
}

func (s *spy) record(text string, args []any) {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		if _, name, found := strings.Cut(f.Function, "bunstore."); found {
			s.calls[functionName(name)] = true
		}
	}
	if len(args) > 0 && args[0] == pgx.QueryExecModeCacheStatement {
		s.prepared = append(s.prepared, recorded{Statement{text, args[1:]}, s.name})
	} else {
		s.unprepared++
	}
}

// functionName returns the name of a function of the package, with its type: "tickets.List" for "tickets.List.func1", "(*T).f" or
// "T[...].f".
func functionName(symbol string) string {
	symbol = strings.NewReplacer("(*", "", ")", "", "[...]", "").Replace(symbol)
	parts := strings.Split(symbol, ".")
	if len(parts) > 1 && !strings.HasPrefix(parts[1], "func") {
		return parts[0] + "." + parts[1]
	}
	return parts[0]
}

// recordAll makes every call with common and with rare values, and returns what it sent.
func recordAll(t *testing.T, store *Store) *spy {
	t.Helper()
	s := &spy{calls: map[string]bool{}}
	for _, call := range tried() {
		for name, v := range map[string]chosen{"common": common, "rare": rare} {
			s.name = call.name + ", " + name
			err := do(t.Context(), store, func(c conn) error {
				s.inner = c.raw
				c.raw = s
				return call.with(t.Context(), stores(c), v)
			})
			if err != nil {
				t.Errorf("%s: %v", s.name, err)
			}
		}
	}
	key := func(x recorded) string { return x.Text + fmt.Sprint(x.Args) }
	slices.SortStableFunc(s.prepared, func(a, b recorded) int { return strings.Compare(key(a), key(b)) })
	s.prepared = slices.CompactFunc(s.prepared, func(a, b recorded) bool { return key(a) == key(b) })
	return s
}

// pagesRead executes a statement with a kind of plan, undoes it, and returns how many pages it read.
func pagesRead(t *testing.T, server *pgx.Conn, mode string, s recorded) int {
	t.Helper()
	arguments := ""
	if len(s.Args) > 0 {
		literals := make([]string, len(s.Args))
		for i, a := range s.Args {
			literals[i] = literalOf(a)
		}
		arguments = "(" + strings.Join(literals, ", ") + ")"
	}
	results, err := server.PgConn().Exec(t.Context(), "BEGIN; SET LOCAL plan_cache_mode = "+mode+"; PREPARE asked AS "+s.Text+
		"; EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE asked"+arguments+"; ROLLBACK; DEALLOCATE asked").ReadAll()
	if err != nil {
		_, _ = server.Exec(t.Context(), "ROLLBACK; DEALLOCATE ALL")
		t.Fatalf("%s: %v: %s %v", s.name, err, s.Text, s.Args)
	}
	var explained []struct {
		Plan struct {
			Hit  int `json:"Shared Hit Blocks"`
			Read int `json:"Shared Read Blocks"`
		}
	}
	for _, r := range results {
		if len(r.Rows) == 1 {
			if err := json.Unmarshal(r.Rows[0][0], &explained); err != nil {
				t.Fatal(err)
			}
		}
	}
	return explained[0].Plan.Hit + explained[0].Plan.Read
}

// literalOf writes an argument as SQL.
func literalOf(v any) string {
	quoted := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	switch v := v.(type) {
	case nil:
		return "NULL"
	case time.Time:
		return quoted(v.UTC().Format("2006-01-02 15:04:05.999999Z07:00"))
	case []string:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(item) + `"`
		}
		return quoted("{" + strings.Join(items, ",") + "}")
	case string:
		return quoted(v)
	default:
		return quoted(fmt.Sprint(v))
	}
}

// statementMakers returns the functions of the package that make hot statements and send them.
func statementMakers(t *testing.T) (makers []string) {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") || f.Name() == "statement.go" {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && makesStatement(f) {
				makers = append(makers, nameOfDeclaration(f))
			}
		}
	}
	return makers
}

// makesStatement reports whether a function makes a statement and sends it; one that returns it is called by one that does.
func makesStatement(f *ast.FuncDecl) (makes bool) {
	if f.Type.Results != nil && len(f.Type.Results.List) == 1 {
		if p, ok := f.Type.Results.List[0].Type.(*ast.StarExpr); ok && fmt.Sprint(p.X) == "statement" {
			return false
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if called, ok := call.Fun.(*ast.SelectorExpr); ok && slices.Contains([]string{"statement", "fixed", "unbound"}, called.Sel.Name) {
				makes = true
			}
		}
		return !makes
	})
	return makes
}

func nameOfDeclaration(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	of := f.Recv.List[0].Type
	if p, ok := of.(*ast.StarExpr); ok {
		of = p.X
	}
	switch x := of.(type) {
	case *ast.IndexExpr:
		of = x.X
	case *ast.IndexListExpr:
		of = x.X
	}
	return fmt.Sprint(of) + "." + f.Name.Name
}
