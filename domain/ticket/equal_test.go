package ticket

import (
	"reflect"
	"testing"
	"time"
)

// Equal ignores the zones of times, and compares every field.
func TestEqualIgnoresZones(t *testing.T) {
	checkEqual(t, Ticket.Equal)
	checkEqual(t, Comment.Equal)
}

// checkEqual changes the fields of a T one by one: first only the zone of a time, then the value.
func checkEqual[T any](t *testing.T, equal func(T, T) bool) {
	t.Helper()
	now := time.Now() // with a monotonic clock reading
	var x T
	fields := reflect.ValueOf(&x).Elem()
	for i := range fields.NumField() {
		if at, ok := fields.Field(i).Addr().Interface().(*time.Time); ok {
			*at = now.Add(time.Duration(i) * time.Hour)
		}
	}
	if !equal(x, x) {
		t.Fatalf("%+v does not equal itself", x)
	}
	was := x
	for i := range fields.NumField() {
		name, f := fields.Type().Field(i).Name, fields.Field(i)
		if at, ok := f.Addr().Interface().(*time.Time); ok {
			*at = at.Round(0).In(time.FixedZone("Kathmandu", 5*3600+45*60))
			if !equal(x, was) || !equal(was, x) {
				t.Errorf("%s in another zone is not equal", name)
			}
			*at = at.Add(1)
		} else {
			fill(t, f)
		}
		if equal(x, was) || equal(was, x) {
			t.Errorf("%s is not compared", name)
		}
		x = was
	}
}

func fill(t *testing.T, f reflect.Value) {
	t.Helper()
	switch f.Kind() {
	case reflect.String:
		f.SetString("other")
	case reflect.Bool:
		f.SetBool(true)
	case reflect.Int:
		f.SetInt(7)
	default:
		t.Fatalf("a field of kind %s", f.Kind())
	}
}
