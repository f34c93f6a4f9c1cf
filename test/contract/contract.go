// Package contract says, as tests, what every store promises to the application. A store passes Run or is not
// one; what Run does not ask for, nobody may rely on. It knows the ports and no adapter.
package contract

import (
	"context"
	"errors"
	"sync"
	"testing"

	"tickt/domain"
	"tickt/ports"
)

// part is the promises of one port, or of several together.
type part struct {
	name string
	run  func(*testing.T, desk)
}

// Run holds a store to the promises of package ports. open gives an empty store, another one each time, that
// serves several callers at once; it is called about ten times. waiting gives the jobs that wait in a store, in their order.
func Run(t *testing.T, open func(t *testing.T) ports.Store, waiting func(t *testing.T, s ports.Store) []ports.Job) {
	for _, p := range []part{
		{"transactions", transactions},
		{
			"sign-in",
			sharing(part{"roles", roles}, part{"setup", setup}, part{"accounts", accounts}, part{"removed accounts", removedAccounts},
				part{"sessions", sessions}, part{"actors", actors}, part{"throttle", throttle}),
		},
		{"lists", sharing(part{"accounts", accountLists}, part{"notification logs", notificationLogs}, part{"replies", replies},
			part{"superusers", superusers})},
		{"menus and tickets", sharing(part{"menus", menus}, part{"tickets", tickets})},
		{"permissions and time", sharing(part{"permissions", permissions},
			part{"passing time", passingTime}, part{"set aside", setAsides}, part{"ledgers", ledgers}, part{"holders of roles", holders})},
		{"conversation", sharing(part{"comments", comments}, part{"history", history}, part{"inboxes", inboxes})},
		{"service levels", sharing(part{"calendars", calendars}, part{"policies", policies})},
		{"jobs", jobs(waiting)},
		{"imports", imports},
		{"statuses", catalog(statusKind)},
		{"priorities", catalog(priorityKind)},
		{"references of tickets", references},
		{"lists of tickets", lists},
		{"a walk by importance misses nothing that time changes meanwhile", walkWhileTimePasses},
		{"dashboard", dashboard},
		{"persistence", persistence},
		{"rules of lists", ticketRules},
		{"rules", sharing(part{"what is active", activeRule}, part{"who holds what", holderRule}, part{"which session lives", sessionRule},
			part{"who is a superuser", superuserRule}, part{"who sees which ticket", reachRule}, part{"how clocks count", countedRule},
			part{"what happens to a clock once", onceRule}, part{"which entry names an account", namedRule},
			part{"which values there are", acceptedRule})},
		{"races", races},
	} {
		t.Run(p.name, func(t *testing.T) { p.run(t, desk{open(t)}) })
	}
}

// sharing runs parts on one store, since stores take time to make. The first of them may rely on its being
// empty; the others add what is their own and look at nothing else.
func sharing(parts ...part) func(*testing.T, desk) {
	return func(t *testing.T, d desk) {
		for _, p := range parts {
			t.Run(p.name, func(t *testing.T) { p.run(t, d) })
		}
	}
}

// desk is a store under test with what makes writing to it short.
type desk struct{ store ports.Store }

// update keeps what fn writes; an error ends the test.
func (d desk) update(t *testing.T, fn func(context.Context, ports.Tx) error) {
	t.Helper()
	if err := d.try(t, fn); err != nil {
		t.Fatalf("update: %v", err)
	}
}

// try is update for what may fail; it may be called beside other goroutines.
func (d desk) try(t *testing.T, fn func(context.Context, ports.Tx) error) error {
	ctx := t.Context()
	return d.store.Update(ctx, func(tx ports.Tx) error { return fn(ctx, tx) })
}

// read gives what one read gives; an error ends the test.
func read[T any](t *testing.T, d desk, fn func(context.Context, ports.Tx) (T, error)) T {
	t.Helper()
	x, err := attempt(t, d, fn)
	if err != nil {
		t.Fatalf("view: %v", err)
	}
	return x
}

// attempt is read for what may fail.
func attempt[T any](t *testing.T, d desk, fn func(context.Context, ports.Tx) (T, error)) (out T, err error) {
	ctx := t.Context()
	err = d.store.View(ctx, func(tx ports.Tx) (err error) {
		out, err = fn(ctx, tx)
		return err
	})
	return out, err
}

// wantMissing expects that there is no such thing.
func wantMissing(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("want %v, got %v", domain.ErrNotFound, err)
	}
}

// wantTaken expects that the value of a field is another's.
func wantTaken(t *testing.T, err error, field string) {
	t.Helper()
	var taken *ports.Taken
	if !errors.As(err, &taken) || taken.Field != field {
		t.Errorf("want %s is taken, got %v", field, err)
	}
}

func wantInUse(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, ports.ErrInUse) {
		t.Errorf("want %v, got %v", ports.ErrInUse, err)
	}
}

// together runs n calls at the same moment and gives their errors.
func together(n int, call func(i int) error) []error {
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
