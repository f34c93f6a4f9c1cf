package domain

// Optional is a field of an input that is absent, null or a value (RFC 7396). The zero value is absent. If the field is
// present, Set is true; if it is null, Null is true too and Value is the zero value.
type Optional[T any] struct {
	Set   bool
	Null  bool
	Value T
}

// Some returns an Optional that holds v.
func Some[T any](v T) Optional[T] { return Optional[T]{Set: true, Value: v} }

// Null returns an Optional that is null.
func Null[T any]() Optional[T] { return Optional[T]{Set: true, Null: true} }

// Or returns old if the field is absent, and otherwise its value, which is the zero value for null.
func (o Optional[T]) Or(old T) T {
	if o.Set {
		return o.Value
	}
	return old
}

// Given reports whether the field holds a value: it is neither absent nor null.
func (o Optional[T]) Given() bool { return o.Set && !o.Null }

// OrNull returns o, or null if the field is absent. This is what PUT means for an absent field.
func (o Optional[T]) OrNull() Optional[T] {
	if o.Set {
		return o
	}
	return Null[T]()
}
