package memory

import (
	"fmt"
	"reflect"
	"time"
)

// copier returns what copies a V so that the copy shares nothing with it that can change: its slices, maps and pointers
// have copies of their own. It panics if V has something that cannot be copied.
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

// deepener returns what replaces everything that a value of the type refers to by a copy; nil if there is nothing.
func deepener(t reflect.Type) func(reflect.Value) {
	switch t.Kind() {
	case reflect.Struct:
		return ofStruct(t)
	case reflect.Array:
		return ofElements(t)
	case reflect.Slice:
		elements := ofElements(t)
		return unlessNil(elements, func(v reflect.Value) reflect.Value {
			fresh := reflect.MakeSlice(t, v.Len(), v.Len())
			reflect.Copy(fresh, v)
			return fresh
		})
	case reflect.Pointer:
		element := deepener(t.Elem())
		return unlessNil(nil, func(v reflect.Value) reflect.Value {
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

// unlessNil returns what replaces a value that is not nil by a fresh one, and then deepens that.
func unlessNil(deepen func(reflect.Value), fresh func(reflect.Value) reflect.Value) func(reflect.Value) {
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

// ofElements deepens the elements of an array or a slice.
func ofElements(t reflect.Type) func(reflect.Value) {
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

func ofStruct(t reflect.Type) func(reflect.Value) {
	if t == reflect.TypeFor[time.Time]() { // nothing changes its location
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
