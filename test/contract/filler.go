package contract

import (
	"fmt"
	"math/bits"
	"reflect"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Fields are values of an entity's fields, by name.
type Fields map[string]any

// Filled returns an E whose exported fields, those of nested structs too, all have a value that is not zero. As far as
// their types have enough values, no two fields are equal, and none is what it is in the next round. For a flag that
// takes several rounds: in those that Rounds asks for every flag is true and false, and no two flags are equal in all
// of them. The fields in given have the values there instead. It panics if it knows no value of a type, and if given
// names a field that E does not have.
func Filled[E any](round int, given Fields) E {
	var e E
	v := reflect.ValueOf(&e).Elem()
	f := filler{round: round, rounds: Rounds[E]()}
	f.fill(v, v.Type().String())
	for name, value := range given {
		field := v.FieldByName(name)
		if !field.IsValid() {
			panic(fmt.Sprintf("contract: %T has no field %s", e, name))
		}
		field.Set(reflect.ValueOf(value).Convert(field.Type()))
	}
	return e
}

// Rounds returns how many rounds of Filled tell the flags of an E apart; at least 2.
func Rounds[E any]() int {
	var e E
	f := filler{rounds: 1}
	f.fill(reflect.ValueOf(&e).Elem(), "")
	// In n rounds there are 2^n patterns; that of a flag which never changes is none.
	return max(2, bits.Len(uint(f.flags+1)))
}

// filler fills one value.
type filler struct {
	round, rounds int
	values        int // how many fields have a number or a time
	choices       int // how many have one of the alternatives
	flags         int
}

// alternatives are the values of the types that have only a few, the zero value left out.
var alternatives = map[reflect.Type][]any{
	reflect.TypeFor[access.Scope]():               {access.ScopeOwn, access.ScopeAll},
	reflect.TypeFor[access.Actions]():             anys(actions),
	reflect.TypeFor[ticket.StatusType]():          anys(ticket.StatusTypes),
	reflect.TypeFor[ticket.Visibility]():          {ticket.Public, ticket.Internal},
	reflect.TypeFor[access.Via]():                 {access.ViaAPI, access.ViaJob, access.ViaImport},
	reflect.TypeFor[ticket.EntryKind]():           {ticket.EntryCreated, ticket.EntryChanged, ticket.EntryDeleted, ticket.EntryCommented},
	reflect.TypeFor[notification.Type]():          anys(notification.Types),
	reflect.TypeFor[notification.DeliveryState](): {notification.DeliveryQueued, notification.DeliverySent, notification.DeliveryFailed},
	reflect.TypeFor[sla.Metric]():                 anys(sla.Metrics),
	reflect.TypeFor[sla.EventKind]():              anys(eventKinds),
	reflect.TypeFor[sla.State]():                  anys(clockStates),
	reflect.TypeFor[sla.Reopening]():              {sla.ReopenResumes, sla.ReopenRestarts},
	reflect.TypeFor[ports.JobKind]():              {ports.MailJob, ports.RecomputeJob},
}

var (
	actions     = []access.Actions{access.MayView, access.MayCreate, access.MayUpdate, access.MayDelete, access.MayEverything}
	clockStates = []sla.State{sla.StateRunning, sla.StatePaused, sla.StateMet, sla.StateBreached, sla.StateCancelled}
	eventKinds  = []sla.EventKind{
		sla.Activated, sla.Paused, sla.Resumed, sla.Retargeted, sla.Fulfilled, sla.Breached, sla.Cancelled, sla.Warned,
	}
)

func anys[T any](all []T) []any {
	out := make([]any, len(all))
	for i, x := range all {
		out[i] = x
	}
	return out
}

// awkward has characters that mean something to a database, to JSON, to COPY or to a query builder; no comma, which
// separates the texts of a list.
const awkward = "Élan \"'x'\" \\ %_ ? $x :x\t\n日本語 "

// next returns a number that neither another field has nor this one in another round.
func (f *filler) next() int {
	f.values++
	return f.round*1000 + f.values
}

// fill sets v to a value, which is at path.
func (f *filler) fill(v reflect.Value, path string) {
	if all, ok := alternatives[v.Type()]; ok {
		f.choices++
		v.Set(reflect.ValueOf(all[(f.round+f.choices)%len(all)]))
		return
	}
	switch v.Interface().(type) {
	case domain.ID:
		v.SetString(string(newID()))
	case time.Time: // in UTC, and cut to microseconds
		v.Set(reflect.ValueOf(noon.Add(time.Duration(f.next()) * (time.Minute + time.Microsecond))))
	case time.Duration:
		v.SetInt(int64(time.Duration(f.next()) * time.Second))
	case sla.Date:
		year, month, day := noon.AddDate(0, 0, f.next()).Date()
		v.Set(reflect.ValueOf(sla.Date{Year: year, Month: month, Day: day}))
	case sla.Minute: // of a day
		v.SetInt(int64(f.next() % (24 * 60)))
	case []byte:
		v.SetBytes([]byte(unique(awkward) + "\x00\xff"))
	default:
		f.fillKind(v, path)
	}
}

// fillKind is fill for types that have no meaning of their own.
func (f *filler) fillKind(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Bool:
		f.flags++
		v.SetBool(f.flags>>(f.round%f.rounds)&1 == 1)
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(int64(f.next()))
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if !field.IsExported() {
				panic("contract: nobody can fill " + path + "." + field.Name)
			}
			f.fill(v.Field(i), path+"."+field.Name)
		}
	case reflect.Array:
		f.fillAll(v, path)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.fillAll(v, path)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), path)
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			v.SetString(unique(awkward))
			return
		}
		fallthrough // a named one has its own values
	default:
		panic(fmt.Sprintf("contract: the filler knows no value of %s, a %s", path, v.Type()))
	}
}

func (f *filler) fillAll(v reflect.Value, path string) {
	for i := range v.Len() {
		f.fill(v.Index(i), path)
	}
}
