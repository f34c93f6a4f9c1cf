package contract

import (
	"encoding/json"
	"reflect"
	"time"
)

// detach replaces entities that were passed to a store with deep copies, and modifies the originals: a store that has
// kept a slice or a pointer instead of its content will return the modified values.
func detach[E any](all []E) error {
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	spoil(reflect.ValueOf(all))
	clear(all)
	return json.Unmarshal(text, &all)
}

// spoil zeroes every element of every slice, and every value behind a pointer, that v refers to; it reports whether
// there is any.
func spoil(v reflect.Value) (spoilt bool) {
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			spoilt = spoil(v.Index(i)) || spoilt
			if v.Kind() == reflect.Slice {
				v.Index(i).SetZero()
				spoilt = true
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			spoil(v.Elem())
			v.Elem().SetZero()
			return true
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return false
		}
		for i := range v.NumField() {
			spoilt = spoil(v.Field(i)) || spoilt
		}
	default:
	}
	return spoilt
}
