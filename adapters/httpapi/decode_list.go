package httpapi

import (
	"fmt"
	"reflect"
	"slices"

	"tickt/domain"
)

// maxItems is the maximum number of objects or texts in a list.
const maxItems = 1000

// list decodes an array of objects into a slice of structs. Items with problems keep their index. read is false if the
// value is null, not such an array or too long.
func (f *decoder) list(p *domain.Problems, target reflect.Value, v value, name string) (read bool, err error) {
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

// filler is a field that decodes its own value.
type filler interface {
	fill(f *decoder, p *domain.Problems, v value, at place, name string) error
}

// objectOf is an optional object. T is a struct as bind supports it.
type objectOf[T any] struct{ domain.Optional[T] }

func (o *objectOf[T]) fill(f *decoder, p *domain.Problems, v value, at place, name string) error {
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

// cleared is a read-only field that may be cleared: it is true if it is null. Any other value is ignored.
type cleared bool

func (c *cleared) fill(_ *decoder, _ *domain.Problems, v value, _ place, _ string) error {
	*c = cleared(v.isNull())
	return nil
}

// listOf is an optional list of objects, in the outermost object only. T is a struct as bind supports it.
type listOf[T any] struct{ domain.Optional[[]T] }

func (l *listOf[T]) fill(f *decoder, p *domain.Problems, v value, _ place, name string) error {
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

// place is the position of an object in a body. The zero value is the outermost object.
type place struct {
	path    string // prefix of its keys, as in "items[2]."
	pattern string // the same without indexes, as in "items."
	item    int    // number in its list, from 1; 0 outside of lists
}

func (at place) outermost() bool { return at.path == "" }

// mustBe adds the problem that a field of the object has the wrong type.
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
