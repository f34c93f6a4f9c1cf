package usecase_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/ports"
)

// failingStore is a store on which every call fails with err.
type failingStore struct {
	ports.Store
	err error
}

func (f failingStore) View(context.Context, func(ports.Tx) error) error   { return f.err }
func (f failingStore) Update(context.Context, func(ports.Tx) error) error { return f.err }
func (f failingStore) NextNumber(context.Context, string) (int, error)    { return 0, f.err }

// Area has use cases that reach the store by every method that it has.
type Area struct{ usecase.Base }

func (a *Area) Read(ctx context.Context) (int, error) {
	return usecase.View(ctx, a.Store, func(ports.Tx) (int, error) { return 0, nil })
}

func (a *Area) Make(ctx context.Context) (int, error) {
	return usecase.Create(ctx, a.Base, nil, func(ports.Tx) (int, error) { return 0, nil })
}

func (a *Area) Count(ctx context.Context) (int, error) { return a.Store.NextNumber(ctx, "20260301") }

func (a *Area) Clean(ctx context.Context) (int, error) {
	return 0, usecase.Purge(ctx, a.Store, func(ports.Tx) (int, error) { return 0, nil })
}

// Sweep calls another use case from a function literal.
func (a *Area) Sweep(ctx context.Context) (int, error) {
	return func() (int, error) { return a.inner(ctx) }()
}

func (a *Area) inner(ctx context.Context) (int, error) { return a.Make(ctx) }

// Shelf is generic, as the catalogs are.
type Shelf[T any] struct{ usecase.Base }

func (s Shelf[T]) List(ctx context.Context) (int, error) {
	return 0, s.Store.View(ctx, func(ports.Tx) error { return nil })
}

func TestInternalErrorBeginsWithTheUseCase(t *testing.T) {
	var broken error = &ports.Taken{Field: "name"}
	base := usecase.Base{Store: usecase.Named(failingStore{err: broken})}
	a, s := &Area{base}, Shelf[string]{base}
	for want, call := range map[string]func(context.Context) (int, error){
		"Area.Read": a.Read, "Area.Make": a.Make, "Area.Count": a.Count, "Area.Clean": a.Clean, "Area.Sweep": a.Sweep, "Shelf.List": s.List,
	} {
		_, err := call(t.Context())
		var taken *ports.Taken
		if !errors.As(err, &taken) || err.Error() != "usecase_test."+want+": name is taken" {
			t.Errorf("%s: %v", want, err)
		}
	}
	store := usecase.Named(failingStore{err: broken})
	if err := store.View(t.Context(), nil); !errors.Is(err, broken) || strings.Contains(err.Error(), ":") {
		t.Errorf("outside of a use case: %v", err)
	}
}

func TestOnlyErrorsForTheLogAreNamed(t *testing.T) {
	for kind := domain.Internal; kind <= domain.Unavailable; kind++ {
		a := &Area{usecase.Base{Store: usecase.Named(failingStore{err: domain.Fail(kind, "No.")})}}
		_, err := a.Read(t.Context())
		named := strings.HasPrefix(err.Error(), "usecase_test.Area.Read: ")
		if want := kind == domain.Internal || kind == domain.Unavailable; domain.KindOf(err) != kind || named != want {
			t.Errorf("%v: %v", kind, err)
		}
	}
	if _, err := (&Area{usecase.Base{Store: usecase.Named(failingStore{})}}).Read(t.Context()); err != nil {
		t.Error(err)
	}
}
