package contract

import (
	"fmt"
	"math/bits"
	"reflect"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Fields are values of the fields of an entity, by name.
type Fields map[string]any

// Filled returns an E in which every exported field, including those of nested structs, has a value that is not zero.
// As far as their types have enough values, no two fields are equal, and no field has the same value in the next
// round. Booleans need several rounds: over the rounds that Rounds returns, each is both true and false, and no two
// are always equal. The fields in given get those values instead. Filled panics if it has no value for a type, or if
// E lacks a field in given.
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

// Rounds returns how many rounds of Filled are needed to tell the booleans of an E apart; at least 2.
func Rounds[E any]() int {
	var e E
	f := filler{rounds: 1}
	f.fill(reflect.ValueOf(&e).Elem(), "")
	// n rounds have 2^n patterns; the two constant ones are not used.
	return max(2, bits.Len(uint(f.flags+1)))
}

// filler fills one value.
type filler struct {
	round, rounds int
	values        int // fields with a number or a time so far
	choices       int // fields with one of the alternatives so far
	flags         int // booleans so far
}

// alternatives are the values of types that have only a few, without the zero value.
var alternatives = map[reflect.Type][]any{
	reflect.TypeFor[access.Scope]():               {access.ScopeOwn, access.ScopeAll},
	reflect.TypeFor[access.Actions]():             anys(actions),
	reflect.TypeFor[account.Language]():           anys(account.Languages),
	reflect.TypeFor[ticket.StatusType]():          anys(ticket.StatusTypes),
	reflect.TypeFor[ticket.OnReply]():             anys(ticket.OnReplies),
	reflect.TypeFor[ticket.Visibility]():          {ticket.Public, ticket.Internal},
	reflect.TypeFor[ticket.CommentEffect]():       {ticket.EffectAsked, ticket.EffectAnswered, ticket.EffectUnheard},
	reflect.TypeFor[access.Via]():                 {access.ViaAPI, access.ViaJob, access.ViaImport, access.ViaRule},
	reflect.TypeFor[ticket.EntryKind]():           {ticket.EntryCreated, ticket.EntryChanged, ticket.EntryDeleted, ticket.EntryCommented},
	reflect.TypeFor[notification.Type]():          anys(notification.Types),
	reflect.TypeFor[notification.Choice]():        anys(notification.EveryChoice),
	reflect.TypeFor[notification.FactKind]():      anys(notification.FactKinds),
	reflect.TypeFor[notification.DeliveryState](): {notification.DeliveryQueued, notification.DeliverySent, notification.DeliveryFailed},
	reflect.TypeFor[sla.Metric]():                 anys(sla.Metrics),
	reflect.TypeFor[sla.EventKind]():              anys(eventKinds),
	reflect.TypeFor[sla.State]():                  anys(clockStates),
	reflect.TypeFor[sla.VoidCause]():              {sla.VoidRequested, sla.VoidRetracted},
	reflect.TypeFor[sla.OperationState]():         {sla.OperationRunning, sla.OperationDone, sla.OperationFailed},
	reflect.TypeFor[sla.Reopening]():              {sla.ReopenResumes, sla.ReopenRestarts},
	reflect.TypeFor[account.MailKind]():           {account.PasswordForgotten, account.PasswordChanged, account.EmailConfirmation},
	reflect.TypeFor[ports.JobKind](): {
		ports.MailJob, ports.AccountMailJob, ports.RecomputeJob, ports.AutoCloseJob, ports.RecomputePriorityJob, ports.HandOverJob,
		ports.ForecastJob,
	},
}

var (
	actions     = []access.Actions{access.MayView, access.MayCreate, access.MayUpdate, access.MayDelete, access.MayEverything}
	clockStates = []sla.State{sla.StateRunning, sla.StatePaused, sla.StateMet, sla.StateBreached, sla.StateCancelled}
	eventKinds  = []sla.EventKind{
		sla.Activated, sla.Paused, sla.Resumed, sla.Retargeted, sla.Fulfilled, sla.Breached, sla.Cancelled, sla.Warned, sla.Voided,
		sla.Retracted,
	}
)

func anys[T any](all []T) []any {
	out := make([]any, len(all))
	for i, x := range all {
		out[i] = x
	}
	return out
}

// specialCharacters have a meaning to a database, to JSON, to COPY or to a query builder. There is no comma, which
// separates the texts of a list.
const specialCharacters = "Élan \"'x'\" \\ %_ ? $x :x\t\n日本語 "

// next returns a number that no other field has, and that this field does not have in another round.
func (f *filler) next() int {
	f.values++
	return f.round*1000 + f.values
}

// fill sets v; path names it in panics.
func (f *filler) fill(v reflect.Value, path string) {
	if all, ok := alternatives[v.Type()]; ok {
		f.choices++
		v.Set(reflect.ValueOf(all[(f.round+f.choices)%len(all)]))
		return
	}
	switch v.Interface().(type) {
	case domain.ID:
		v.SetString(string(newID()))
	case time.Time: // in UTC, with microseconds
		v.Set(reflect.ValueOf(noon.Add(time.Duration(f.next()) * (time.Minute + time.Microsecond))))
	case time.Duration:
		v.SetInt(int64(time.Duration(f.next()) * time.Second))
	case sla.Date:
		year, month, day := noon.AddDate(0, 0, f.next()).Date()
		v.Set(reflect.ValueOf(sla.Date{Year: year, Month: month, Day: day}))
	case sla.Minute: // of a day
		v.SetInt(int64(f.next() % (24 * 60)))
	case []byte:
		v.SetBytes([]byte(unique(specialCharacters) + "\x00\xff"))
	default:
		f.fillKind(v, path)
	}
}

// fillKind sets v by its kind, for types without a meaning of their own.
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
				panic("contract: cannot fill the unexported field " + path + "." + field.Name)
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
			v.SetString(unique(specialCharacters))
			return
		}
		fallthrough // a named type needs alternatives
	default:
		panic(fmt.Sprintf("contract: no value for %s of type %s", path, v.Type()))
	}
}

func (f *filler) fillAll(v reflect.Value, path string) {
	for i := range v.Len() {
		f.fill(v.Index(i), path)
	}
}
