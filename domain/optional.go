package domain

// Optional is a field of an input that may be left out, cleared or given. The zero value is "left out".
// Null is set only where the input said null; Value is then the zero value.
type Optional[T any] struct {
	Set   bool
	Null  bool
	Value T
}

// Some is a change to v.
func Some[T any](v T) Optional[T] { return Optional[T]{Set: true, Value: v} }

// Null is a change to nothing.
func Null[T any]() Optional[T] { return Optional[T]{Set: true, Null: true} }

// Or gives the changed value, or old where the field was left out.
func (c Optional[T]) Or(old T) T {
	if c.Set {
		return c.Value
	}
	return old
}

// Given says that the field holds a value: neither left out nor null.
func (c Optional[T]) Given() bool { return c.Set && !c.Null }

// OrNull turns "left out" into "cleared": what PUT means for an optional field.
func (c Optional[T]) OrNull() Optional[T] {
	if c.Set {
		return c
	}
	return Null[T]()
}
