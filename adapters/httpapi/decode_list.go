package httpapi

import (
	"fmt"
	"reflect"
	"slices"

	"tickt/domain"
)

// maxItems is how many objects or texts a list in a body may hold.
const maxItems = 1000

// list puts an array of objects into a slice of structs. An item that has something wrong in it keeps its
// place in the slice; read is false where there is no slice.
func (f *filling) list(p *domain.Problems, target reflect.Value, v value, name string) (read bool, err error) {
	if v.isNull() {
		return false, nil
	}
	items, ok := v.elements()
	switch {
	case !ok || slices.ContainsFunc(items, func(item value) bool { return !item.isObject() }):
		p.Add(name, domain.CodeType, domain.Params{"want": domain.TermObjects})
		return false, nil
	case len(items) > maxItems:
		p.Add(name, domain.CodeTooManyObjects, domain.Params{"limit": maxItems})
		return false, nil
	}
	target.Set(reflect.MakeSlice(target.Type(), len(items), len(items)))
	for i, item := range items {
		at := place{path: fmt.Sprintf("%s[%d].", name, i), pattern: name + ".", item: i + 1}
		if err := f.object(p, target.Index(i), at, item.members); err != nil {
			return false, err
		}
	}
	return true, nil
}

// filler is a field that reads its value by itself.
type filler interface {
	fill(f *filling, p *domain.Problems, v value, at place, name string) error
}

// objectOf is an object that may be left out or null. T is a struct as bind knows it.
type objectOf[T any] struct{ domain.Optional[T] }

func (o *objectOf[T]) fill(f *filling, p *domain.Problems, v value, at place, name string) error {
	if v.isNull() {
		o.Optional = domain.Null[T]()
		return nil
	}
	if !v.isObject() {
		at.mustBe(p, name, domain.TermAnObject)
		return nil
	}
	var filled T
	err := f.object(p, reflect.ValueOf(&filled).Elem(), place{path: at.path + name + ".", pattern: at.pattern + name + "."}, v.members)
	o.Optional = domain.Some(filled)
	return err
}

// listOf is a list of objects that may be left out or null, in the outermost object. T is a struct as bind knows it.
type listOf[T any] struct{ domain.Optional[[]T] }

func (l *listOf[T]) fill(f *filling, p *domain.Problems, v value, _ place, name string) error {
	if v.isNull() {
		l.Optional = domain.Null[[]T]()
		return nil
	}
	var items []T
	read, err := f.list(p, reflect.ValueOf(&items).Elem(), v, name)
	if read {
		l.Optional = domain.Some(items)
	}
	return err
}

// place is where in a body an object stands. The zero value is the outermost.
type place struct {
	path    string // before its keys: "items[2]."
	pattern string // the same, whichever item it is: "items."
	item    int    // of a list, counted from 1
}

func (at place) outermost() bool { return at.path == "" }

// mustBe adds what a field of the object should have been.
func (at place) mustBe(p *domain.Problems, name string, want domain.Term) {
	switch {
	case at.item == 0:
		p.Add(at.path+name, domain.CodeType, domain.Params{"want": want})
		return
	case want == domain.TermBool:
		want = domain.TermBoolInItem
	}
	p.Add(at.path+name, domain.CodeTypeInItem, domain.Params{"name": name, "want": want, "item": at.item})
}
