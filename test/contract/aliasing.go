package contract

import (
	"encoding/json"
	"reflect"
	"time"
)

// detach replaces the lists of entities, which a store was given, by copies, and spoils those that the store was given: one that
// has kept a list rather than its content will show it.
func detach[E any](all []E) error {
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	spoil(reflect.ValueOf(all))
	clear(all)
	return json.Unmarshal(text, &all)
}

// spoil empties every element of every list that v refers to, and reports whether there is any.
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
