package domain

// Change is a field of an input that may be left out, cleared or given. The zero value is "left out".
// Null is set only where the input said null; Value is then the zero value.
type Change[T any] struct {
	Set   bool
	Null  bool
	Value T
}

// To is a change to v.
func To[T any](v T) Change[T] { return Change[T]{Set: true, Value: v} }

// Cleared is a change to nothing.
func Cleared[T any]() Change[T] { return Change[T]{Set: true, Null: true} }

// Or gives the changed value, or old where the field was left out.
func (c Change[T]) Or(old T) T {
	if c.Set {
		return c.Value
	}
	return old
}

// Given says that the field holds a value: neither left out nor null.
func (c Change[T]) Given() bool { return c.Set && !c.Null }

// Replaced turns "left out" into "cleared": what PUT means for an optional field.
func (c Change[T]) Replaced() Change[T] {
	if c.Set {
		return c
	}
	return Cleared[T]()
}
