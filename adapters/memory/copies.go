package memory

import (
	"fmt"
	"reflect"
	"time"
)

// copier returns a function that copies a V deeply: the copy shares no slices or pointers with the original. It
// panics if V contains a type that cannot be copied.
func copier[V any]() func(V) V {
	deepen := deepener(reflect.TypeFor[V]())
	if deepen == nil {
		return func(v V) V { return v }
	}
	return func(v V) V {
		deepen(reflect.ValueOf(&v).Elem())
		return v
	}
}

// deepener returns a function that replaces everything that a value of type t refers to with copies; nil if there is
// nothing to replace.
func deepener(t reflect.Type) func(reflect.Value) {
	switch t.Kind() {
	case reflect.Struct:
		return structDeepener(t)
	case reflect.Array:
		return elementsDeepener(t)
	case reflect.Slice:
		elements := elementsDeepener(t)
		return nilableDeepener(elements, func(v reflect.Value) reflect.Value {
			fresh := reflect.MakeSlice(t, v.Len(), v.Len())
			reflect.Copy(fresh, v)
			return fresh
		})
	case reflect.Pointer:
		element := deepener(t.Elem())
		return nilableDeepener(nil, func(v reflect.Value) reflect.Value {
			fresh := reflect.New(t.Elem())
			fresh.Elem().Set(v.Elem())
			if element != nil {
				element(fresh.Elem())
			}
			return fresh
		})
	case reflect.Map, reflect.Chan, reflect.Func, reflect.Interface, reflect.UnsafePointer, reflect.Uintptr:
		panic(fmt.Sprintf("memory: a %s cannot be copied", t))
	default:
		return nil
	}
}

// nilableDeepener returns a function that replaces a value that is not nil with a shallow copy, made by fresh, and
// then calls deepen, if any, on the copy.
func nilableDeepener(deepen func(reflect.Value), fresh func(reflect.Value) reflect.Value) func(reflect.Value) {
	return func(v reflect.Value) {
		if v.IsNil() {
			return
		}
		v.Set(fresh(v))
		if deepen != nil {
			deepen(v)
		}
	}
}

// elementsDeepener returns a function that deepens the elements of an array or a slice.
func elementsDeepener(t reflect.Type) func(reflect.Value) {
	deepen := deepener(t.Elem())
	if deepen == nil {
		return nil
	}
	return func(v reflect.Value) {
		for i := range v.Len() {
			deepen(v.Index(i))
		}
	}
}

func structDeepener(t reflect.Type) func(reflect.Value) {
	if t == reflect.TypeFor[time.Time]() { // its location is never modified
		return nil
	}
	fields := map[int]func(reflect.Value){}
	for i := range t.NumField() {
		deepen := deepener(t.Field(i).Type)
		if deepen == nil {
			continue
		}
		if !t.Field(i).IsExported() {
			panic(fmt.Sprintf("memory: %s.%s cannot be copied", t, t.Field(i).Name))
		}
		fields[i] = deepen
	}
	if len(fields) == 0 {
		return nil
	}
	return func(v reflect.Value) {
		for i, deepen := range fields {
			deepen(v.Field(i))
		}
	}
}
