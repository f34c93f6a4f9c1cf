package desk

import (
	"context"
	"reflect"
	"testing"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
)

// Getting is a use case that returns an entity as V.
type Getting[V any] = func(context.Context, access.Actor, domain.ID) (V, error)

// Changing is a use case that changes an entity by C and returns it as V.
type Changing[V, C any] = func(context.Context, access.Actor, domain.ID, C, usecase.Match[V]) (V, error)

// Removing is a use case that removes an entity. Its condition takes the entity as V.
type Removing[V any] = func(context.Context, access.Actor, domain.ID, usecase.Match[V]) error

// Conditioned checks conditional requests: that each edit of an entity calls its condition with what get returns, that
// it fails as Stale and changes nothing if the condition is false, and succeeds if it is true. The last edit removes
// the entity.
func Conditioned[V, C any](
	t *testing.T, actor access.Actor, id domain.ID, get Getting[V], remove Removing[V], c C, changes ...Changing[V, C],
) {
	t.Helper()
	edits := []func(usecase.Match[V]) error{}
	for _, change := range changes {
		edits = append(edits, func(m usecase.Match[V]) error { return Err(change(t.Context(), actor, id, c, m)) })
	}
	edits = append(edits, func(m usecase.Match[V]) error { return remove(t.Context(), actor, id, m) })
	before := Must(get(t.Context(), actor, id))(t)
	for i, edit := range edits {
		var matched V
		err := edit(func(v V) bool { matched = v; return false })
		Fails(t, err, domain.Stale, "The data was changed by somebody else meanwhile. Read it again.")
		if !reflect.DeepEqual(matched, before) {
			t.Errorf("the condition of edit %d was called with %+v, want %+v", i, matched, before)
		}
		if after := Must(get(t.Context(), actor, id))(t); !reflect.DeepEqual(after, before) {
			t.Errorf("edit %d left %+v although it failed", i, after)
		}
	}
	for i, edit := range edits {
		if err := edit(func(V) bool { return true }); err != nil {
			t.Errorf("edit %d: %v", i, err)
		}
	}
	Fails(t, Err(get(t.Context(), actor, id)), domain.NotFound, "")
}
