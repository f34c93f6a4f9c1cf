package desk

import (
	"context"
	"reflect"
	"testing"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
)

// Getting is a use case that shows an entity as V.
type Getting[V any] = func(context.Context, access.Actor, domain.ID) (V, error)

// Changing is a use case that changes an entity, which is shown as V, by C.
type Changing[V, C any] = func(context.Context, access.Actor, domain.ID, C, usecase.Match[V]) (V, error)

// Removing is a use case that removes an entity, which is shown as V.
type Removing[V any] = func(context.Context, access.Actor, domain.ID, usecase.Match[V]) error

// Conditioned checks that every edit of the entity with an id asks its condition about what get returns, fails as Stale
// and changes nothing if it does not hold, and goes on if it does. The entity is removed in the end.
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
		var asked V
		err := edit(func(v V) bool { asked = v; return false })
		Fails(t, err, domain.Stale, "The data was changed by somebody else meanwhile. Read it again.")
		if !reflect.DeepEqual(asked, before) {
			t.Errorf("edit %d asked about %+v, want %+v", i, asked, before)
		}
		if after := Must(get(t.Context(), actor, id))(t); !reflect.DeepEqual(after, before) {
			t.Errorf("edit %d made %+v all the same", i, after)
		}
	}
	for i, edit := range edits {
		if err := edit(func(V) bool { return true }); err != nil {
			t.Errorf("edit %d: %v", i, err)
		}
	}
	Fails(t, Err(get(t.Context(), actor, id)), domain.NotFound, "")
}
