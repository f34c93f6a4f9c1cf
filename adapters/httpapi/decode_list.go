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
// place in the slice.
func (f *filling) list(p *domain.Problems, target reflect.Value, v value, name string) error {
	if v.isNull() {
		return nil
	}
	items, ok := v.elements()
	switch {
	case !ok || slices.ContainsFunc(items, func(item value) bool { return !item.isObject() }):
		p.Add(name, domain.CodeType, name+" must be a list of objects.")
		return nil
	case len(items) > maxItems:
		p.Add(name, domain.CodeTooLong, fmt.Sprintf("%s may list at most %d objects.", name, maxItems))
		return nil
	}
	target.Set(reflect.MakeSlice(target.Type(), len(items), len(items)))
	for i, item := range items {
		at := place{path: fmt.Sprintf("%s[%d].", name, i), pattern: name + ".", item: i + 1}
		if err := f.object(p, target.Index(i), at, item.members); err != nil {
			return err
		}
	}
	return nil
}

// place is where in a body an object stands. The zero value is the outermost.
type place struct {
	path    string // before its keys: "items[2]."
	pattern string // the same, whichever item it is: "items."
	item    int    // counted from 1
}

func (at place) outermost() bool { return at.item == 0 }

// mustBe says what a field of the object should have been.
func (at place) mustBe(name, want string) string {
	switch {
	case at.outermost():
		return name + " must be " + want + "."
	case want == trueOrFalse:
		want = "a boolean value"
	}
	return fmt.Sprintf("Field '%s' must be %s for item %d.", name, want, at.item)
}
