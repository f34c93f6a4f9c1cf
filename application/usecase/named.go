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

// Named returns a store whose errors begin with the use case that called it, as in "ticketing.Tickets.Update: ", if
// only the log is told of them.
func Named(s ports.Store) ports.Store { return named{s} }

type named struct{ ports.Store }

func (s named) View(ctx context.Context, fn func(ports.Tx) error) error {
	return inUseCase(s.Store.View(ctx, fn))
}

func (s named) Update(ctx context.Context, fn func(ports.Tx) error) error {
	return inUseCase(s.Store.Update(ctx, fn))
}

func (s named) NextNumber(ctx context.Context, day string) (int, error) {
	n, err := s.Store.NextNumber(ctx, day)
	return n, inUseCase(err)
}

// inUseCase adds the use case that runs to an error that is internal, or that says that something cannot be reached. It
// looks for the name when there is such an error, and costs nothing before.
func inUseCase(err error) error {
	if kind := domain.KindOf(err); err == nil || kind != domain.Internal && kind != domain.Unavailable {
		return err
	}
	if name := running(); name != "" {
		return fmt.Errorf("%s: %w", name, err)
	}
	return err
}

// maxCalls is how many calls there are at most between a use case and the store.
const maxCalls = 32

var (
	// areas is the folder of the use cases.
	areas = path.Dir(reflect.TypeFor[named]().PkgPath()) + "/"

	// method finds area, type and name in the name of a function, as in "ticketing.(*Catalog[...]).Create.func1".
	method = regexp.MustCompile(`^(\w+)\.\(?\*?([A-Z]\w*)(?:\[\.\.\.\])?\)?\.([A-Z]\w*)`)
)

// running returns the use case that runs: the outermost method of an area, of those that called each other.
func running() (name string) {
	calls := make([]uintptr, maxCalls)
	calls = calls[:runtime.Callers(1, calls)]
	for frames, more := runtime.CallersFrames(calls), true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		function, ours := strings.CutPrefix(frame.Function, areas)
		if !ours {
			break
		}
		if m := method.FindStringSubmatch(function); m != nil {
			name = strings.Join(m[1:], ".")
		}
	}
	return name
}
