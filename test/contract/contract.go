// Package contract tests what every store promises to the application. Run is the full test: the application may rely
// only on what it tests. The package knows the ports and no adapter.
package contract

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"tickt/domain"
	"tickt/ports"
)

// section tests the promises of one port, or of several.
type section struct {
	name string
	run  func(*testing.T, suite)
}

// Run tests a store against the promises of package ports. open returns a new empty store that serves concurrent
// callers; it is called about twenty times. waiting returns the jobs in the queue of a store, in order.
func Run(t *testing.T, open func(t *testing.T) ports.Store, waiting func(t *testing.T, s ports.Store) []ports.Job) {
	runSections(t, open, slices.Concat(statements(waiting), texts))
}

// RunProtocol is Run for another way of sending the same statements to a database, such as without preparing them. It
// sends every statement with arguments of every type, but leaves out the many combinations of texts: they are the same.
func RunProtocol(t *testing.T, open func(t *testing.T) ports.Store, waiting func(t *testing.T, s ports.Store) []ports.Job) {
	runSections(t, open, append(statements(waiting), section{"filters and orders of tickets", filtersAndOrders}))
}

func runSections(t *testing.T, open func(t *testing.T) ports.Store, all []section) {
	for _, p := range all {
		t.Run(p.name, func(t *testing.T) { p.run(t, suite{open(t)}) })
	}
}

// texts are the sections about lists and rules, whose results follow from the text of statements.
var texts = []section{
	{"lists of tickets", lists},
	{"paging by importance misses no ticket while time passes", walkWhileTimePasses},
	{"searches of tickets", searches},
	{"rules of lists", ticketRules},
	{"rules", shareStore(section{"what is active", activeRule}, section{"who holds what", holderRule},
		section{"which sessions are alive", sessionRule},
		section{"who is a superuser", superuserRule}, section{"who sees which ticket", reachRule},
		section{"how clocks are counted", countedRule},
		section{"which events occur once", onceRule}, section{"which entries refer to an account", namedRule},
		section{"which values are accepted", acceptedRule})},
}

// statements returns all other sections. Together they call every method of every port.
func statements(waiting func(t *testing.T, s ports.Store) []ports.Job) []section {
	return []section{
		{"transactions", transactions},
		{
			"sign-in",
			shareStore(section{"roles", roles}, section{"setup", setup}, section{"accounts", accounts}, section{"removed accounts", removedAccounts},
				section{"sessions", sessions}, section{"actors", actors}, section{"throttle", throttle},
				section{"known addresses", knownAddresses}, section{"account mails", accountMails}),
		},
		{"lists", shareStore(section{"accounts", accountLists}, section{"notification logs", notificationLogs},
			section{"idempotency records", idempotencyRecords}, section{"superusers", superusers})},
		{"menus and tickets", shareStore(section{"menus", menus}, section{"tickets", tickets}, section{"follow-ups", followUps})},
		{"replies", replyStatuses},
		{"closing", autoClosing},
		{"permissions and time", shareStore(section{"permissions", permissions},
			section{"passing time", passingTime}, section{"set aside", setAsides}, section{"ledgers", ledgers},
			section{"people", people})},
		{"conversation", shareStore(section{"comments", comments}, section{"history", history}, section{"inboxes", inboxes})},
		{"service levels", shareStore(section{"calendars", calendars}, section{"policies", policies}, section{"operations", operations})},
		{"jobs", jobs(waiting)},
		{"imports", imports},
		{"derived rows", shareStore(section{"marks and walks", derivedRows}, section{"user names", userNames},
			section{"keys of names", nameKeys})},
		{"statuses", catalog(statusKind)},
		{"priorities", catalog(priorityKind)},
		{"references of tickets", references},
		{"dashboard", dashboard},
		{"persistence", persistence},
		{"races", races},
	}
}

// shareStore runs sections on one store, since creating stores takes time. Only the first may rely on it being empty;
// the others must look only at what they add.
func shareStore(parts ...section) func(*testing.T, suite) {
	return func(t *testing.T, d suite) {
		for _, p := range parts {
			t.Run(p.name, func(t *testing.T) { p.run(t, d) })
		}
	}
}

// suite is a store under test, with helpers for writing to it.
type suite struct{ store ports.Store }

// update runs fn in an Update; an error ends the test.
func (d suite) update(t *testing.T, fn func(context.Context, ports.Tx) error) {
	t.Helper()
	if err := d.try(t, fn); err != nil {
		t.Fatalf("update: %v", err)
	}
}

// try runs fn in an Update and returns the error; it may be called from any goroutine.
func (d suite) try(t *testing.T, fn func(context.Context, ports.Tx) error) error {
	ctx := t.Context()
	return d.store.Update(ctx, func(tx ports.Tx) error { return fn(ctx, tx) })
}

// read returns the result of fn in a View; an error ends the test.
func read[T any](t *testing.T, d suite, fn func(context.Context, ports.Tx) (T, error)) T {
	t.Helper()
	x, err := attempt(t, d, fn)
	if err != nil {
		t.Fatalf("view: %v", err)
	}
	return x
}

// attempt returns the result and the error of fn in a View.
func attempt[T any](t *testing.T, d suite, fn func(context.Context, ports.Tx) (T, error)) (out T, err error) {
	ctx := t.Context()
	err = d.store.View(ctx, func(tx ports.Tx) (err error) {
		out, err = fn(ctx, tx)
		return err
	})
	return out, err
}

// wantMissing expects domain.ErrNotFound.
func wantMissing(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("want %v, got %v", domain.ErrNotFound, err)
	}
}

// wantTaken expects ports.Taken of a field.
func wantTaken(t *testing.T, err error, field string) {
	t.Helper()
	var taken *ports.Taken
	if !errors.As(err, &taken) || taken.Field != field {
		t.Errorf("want %s to be taken, got %v", field, err)
	}
}

func wantInUse(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, ports.ErrInUse) {
		t.Errorf("want %v, got %v", ports.ErrInUse, err)
	}
}

// concurrently runs n calls at the same time and returns their errors.
func concurrently(n int, call func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = call(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
