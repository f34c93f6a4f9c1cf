package httpapi

import (
	"reflect"
	"strings"
	"sync"

	"tickt/domain"
)

// bindable describes a struct type for bind: its JSON keys in the order of the fields.
type bindable struct {
	names []string
	at    [][]int // for reflect.Value.FieldByIndex
	index map[string]int
}

var bindables sync.Map // reflect.Type → *bindable

func fieldsOf(t reflect.Type) *bindable {
	if known, ok := bindables.Load(t); ok {
		return known.(*bindable)
	}
	b := &bindable{index: map[string]int{}}
	for _, field := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		b.index[name] = len(b.names)
		b.names = append(b.names, name)
		b.at = append(b.at, field.Index)
	}
	bindables.Store(t, b)
	return b
}

// unknownFields collects the problems of unknown and duplicate keys, at most domain.MaxUnknownFields.
type unknownFields struct {
	problems domain.Problems
}

func (s *unknownFields) unknown(path string) { s.add(path, domain.CodeUnknownField) }

func (s *unknownFields) duplicate(path string) { s.add(domain.Truncate(path), domain.CodeFieldTwice) }

func (s *unknownFields) add(path string, code domain.Code) {
	if len(s.problems) < domain.MaxUnknownFields {
		s.problems.Add(path, code)
	}
}
