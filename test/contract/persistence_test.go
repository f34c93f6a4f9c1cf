package contract

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// questions are types of parameters that are not written.
var questions = []reflect.Type{
	reflect.TypeFor[ports.Page](), reflect.TypeFor[ports.TimelinePosition](), reflect.TypeFor[ports.AccountFilter](),
	reflect.TypeFor[ports.PeopleFilter](), reflect.TypeFor[ports.Reader](), reflect.TypeFor[account.Lookup](),
	reflect.TypeFor[access.Reach](), reflect.TypeFor[ticket.Refs](), reflect.TypeFor[ticket.Query](), reflect.TypeFor[ticket.Cause](),
	reflect.TypeFor[notification.Filter](), reflect.TypeFor[sla.Period](), reflect.TypeFor[time.Time](),
}

// elsewhere names methods whose entities are checked elsewhere, with the place.
var elsewhere = map[string]string{
	"Jobs.Add":       "jobs, since no Tx reads them",
	"Accounts.Taken": "accounts; it only reads",
	"Derived.Unmark": "derived: the marks are gone",
	"NameKeys.Set":   "nameKeys",
}

// writers returns the methods that write entities, as in "Accounts.Add of account.Account".
func writers(tx reflect.Type) (found []string) {
	for i := range tx.NumField() {
		port := tx.Field(i)
		for j := range port.Type.NumMethod() {
			method := port.Type.Method(j)
			name := port.Name + "." + method.Name
			if elsewhere[name] != "" {
				continue
			}
			for k := range method.Type.NumIn() {
				for _, e := range entitiesOf(method.Type.In(k)) {
					found = append(found, name+" of "+e.String())
				}
			}
		}
	}
	slices.Sort(found)
	return found
}

// entitiesOf returns the entities in a parameter type: the type itself, the entity of a view, or those of the lists
// in a batch.
func entitiesOf(t reflect.Type) (all []reflect.Type) {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t.Kind() != reflect.Struct || slices.Contains(questions, t):
		return nil
	case t == reflect.TypeFor[ports.ImportBatch]():
		for i := range t.NumField() {
			all = append(all, entitiesOf(t.Field(i).Type)...)
		}
		return all
	case t == reflect.TypeFor[ticket.View]():
		return []reflect.Type{reflect.TypeFor[ticket.Ticket]()}
	default:
		return []reflect.Type{t}
	}
}

func TestEveryWrittenEntityHasACheck(t *testing.T) {
	filled := map[string]bool{}
	for _, c := range Checks() {
		if c.entity != nil {
			filled[c.method+" of "+c.entity.String()] = true
		}
	}
	all := writers(reflect.TypeFor[ports.Tx]())
	if len(all) < 40 {
		t.Errorf("only %d methods write: %q", len(all), all)
	}
	for _, w := range all {
		if !filled[w] {
			t.Errorf("no check fills %s", w)
		}
	}
}

type samplePort interface {
	Add(x struct{ Name string }, of ports.Page) error
	Many(xs ...*ports.IdempotencyRecord) error
	Import(b ports.ImportBatch) error
}

func TestWritersFindsWhatMethodsWrite(t *testing.T) {
	got := writers(reflect.TypeFor[struct{ Port samplePort }]())
	for _, want := range []string{
		"Port.Add of struct { Name string }", "Port.Many of ports.IdempotencyRecord",
		"Port.Import of ticket.Ticket",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not among %q", want, got)
		}
	}
	if len(got) != 2+reflect.TypeFor[ports.ImportBatch]().NumField() {
		t.Errorf("found %q", got)
	}
}

type sampleEntity struct {
	ID     domain.ID
	Name   string
	N, M   int
	Yes    bool
	No     bool
	Type   ticket.StatusType
	Body   []byte
	Of     *Nested
	Parts  []Nested
	Length time.Duration
	Nested
	Inner Nested
}

// Nested has a boolean of its own.
type Nested struct {
	At    time.Time
	Third bool
}

// leaves adds the leaf fields of a value to into, by path.
func leaves(v reflect.Value, path string, into map[string]any) map[string]any {
	if b, ok := v.Interface().([]byte); ok {
		into[path] = string(b)
		return into
	}
	switch v.Kind() {
	case reflect.Struct:
		if _, ok := v.Interface().(time.Time); ok {
			break
		}
		for i := range v.NumField() {
			leaves(v.Field(i), path+"."+v.Type().Field(i).Name, into)
		}
		return into
	case reflect.Pointer:
		return leaves(v.Elem(), path, into)
	case reflect.Slice:
		for i := range v.Len() {
			leaves(v.Index(i), fmt.Sprint(path, i), into)
		}
		return into
	default:
	}
	into[path] = v.Interface()
	return into
}

func TestFilledValuesAreDistinct(t *testing.T) {
	n := Rounds[sampleEntity]()
	patterns := map[string]string{}
	var before map[string]any
	for round := range n {
		now := leaves(reflect.ValueOf(Filled[sampleEntity](round, nil)), "", map[string]any{})
		seen := map[any]string{}
		for path, value := range now {
			if flag, ok := value.(bool); ok {
				patterns[path] += fmt.Sprint(flag)
				continue
			}
			if reflect.ValueOf(value).IsZero() || seen[value] != "" || before[path] == value {
				t.Errorf("round %d: %s is %v, like %q, and was %v", round, path, value, seen[value], before[path])
			}
			seen[value] = path
		}
		before = now
	}
	if len(patterns) != 7 || len(before) != 7+12 {
		t.Errorf("%d flags of %d fields: %v", len(patterns), len(before), slices.Sorted(maps.Keys(before)))
	}
	seen := map[string]string{}
	for path, pattern := range patterns {
		if !strings.Contains(pattern, "true") || !strings.Contains(pattern, "false") || seen[pattern] != "" {
			t.Errorf("%s is %s, like %q", path, pattern, seen[pattern])
		}
		seen[pattern] = path
	}
}

func TestFilledAppliesGivenFieldsAndPanicsOnUnknown(t *testing.T) {
	if got := Filled[sampleEntity](0, Fields{"N": 7, "Third": false}); got.N != 7 || got.Third {
		t.Errorf("got %+v", got)
	}
	type kind string
	for name, fill := range map[string]func(){
		"a missing field":             func() { Filled[sampleEntity](0, Fields{"Nothing": 1}) },
		"a type without alternatives": func() { Filled[struct{ Kind kind }](0, nil) },
		"an unsupported kind":         func() { Filled[struct{ Ratio float64 }](0, nil) },
		"an unexported field":         func() { Filled[struct{ hidden int }](0, nil) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was filled", name)
				}
			}()
			fill()
		}()
	}
}
