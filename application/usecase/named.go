package usecase

import (
	"context"
	"fmt"
	"path"
	"reflect"
	"regexp"
	"runtime"
	"strings"

	"tickt/domain"
	"tickt/ports"
)

// Named returns a store that prefixes errors which only the log sees with the name of the calling use case, as in
// "ticketing.Tickets.Update: ".
func Named(s ports.Store) ports.Store { return named{s} }

type named struct{ ports.Store }

func (s named) View(ctx context.Context, fn func(ports.Tx) error) error {
	return withUseCase(s.Store.View(ctx, fn))
}

func (s named) Update(ctx context.Context, fn func(ports.Tx) error) error {
	return withUseCase(s.Store.Update(ctx, fn))
}

func (s named) NextNumber(ctx context.Context, day string) (int, error) {
	n, err := s.Store.NextNumber(ctx, day)
	return n, withUseCase(err)
}

// withUseCase adds the name of the running use case to an error of kind Internal or Unavailable. It looks for the name
// only if there is such an error.
func withUseCase(err error) error {
	if kind := domain.KindOf(err); err == nil || kind != domain.Internal && kind != domain.Unavailable {
		return err
	}
	if name := runningUseCase(); name != "" {
		return fmt.Errorf("%s: %w", name, err)
	}
	return err
}

// maxFrames is the greatest number of stack frames between a use case and the store.
const maxFrames = 32

var (
	// areasPath is the import path of the areas, with a slash at the end.
	areasPath = path.Dir(reflect.TypeFor[named]().PkgPath()) + "/"

	// useCaseName finds area, type and method in the name of a function, as in
	// "ticketing.(*Catalog[...]).Create.func1".
	useCaseName = regexp.MustCompile(`^(\w+)\.\(?\*?([A-Z]\w*)(?:\[\.\.\.\])?\)?\.([A-Z]\w*)`)
)

// runningUseCase returns the name of the running use case, the outermost exported method of an area on the stack; "" if
// there is none.
func runningUseCase() (name string) {
	pcs := make([]uintptr, maxFrames)
	pcs = pcs[:runtime.Callers(1, pcs)]
	for frames, more := runtime.CallersFrames(pcs), true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		function, ours := strings.CutPrefix(frame.Function, areasPath)
		if !ours {
			break
		}
		if m := useCaseName.FindStringSubmatch(function); m != nil {
			name = strings.Join(m[1:], ".")
		}
	}
	return name
}
