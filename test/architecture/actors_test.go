package architecture

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// withoutActor are the use cases that nobody in particular asks for, each with the reason.
var withoutActor = map[string]string{
	"NotificationLogs.Deliver": "the service itself mails what it has noted already",
	"Dashboard.Compact":        "the service itself keeps counts ready",
	"Policies.Apply":           "the service itself works what was asked for",
	"IdempotencyRecords.Purge": "the service itself cleans up",
	"Sessions.Actor":           "finds out who the actor is",
	"Sessions.Login":           "whoever signs in is nobody yet",
	"Sessions.Refresh":         "the refresh token says who asks",
	"Sessions.Verify":          "the token itself is what is asked about",
	"Sessions.Purge":           "the service itself cleans up",
	"Setup.Seed":               "whoever runs the command runs the service",
	"Setup.EnsureSeeded":       "the service itself starts",
	"Statuses.Seed":            "the setup of a store adds them",
	"Priorities.Seed":          "the setup of a store adds them",
	"Superusers.Any":           "the service itself starts",
	"Imports.Run":              "whoever runs the command runs the service",
	"Superusers.Create":        "there may be nobody yet who could ask",
	"ServiceLevels.SetAside":   "the service itself is measured",
	"ServiceLevels.Lag":        "the service itself is measured",
	"ServiceLevels.Sweep":      "the service itself lets time pass",
}

// untouched is a store that may not be reached: whoever may not must be refused before.
type untouched struct{}

var errTouched = errors.New("the store was reached")

func (untouched) View(context.Context, func(ports.Tx) error) error   { return errTouched }
func (untouched) Update(context.Context, func(ports.Tx) error) error { return errTouched }
func (untouched) Ready(context.Context) error                        { return errTouched }
func (untouched) NextNumber(context.Context, string) (int, error)    { return 0, errTouched }

var (
	contextType = reflect.TypeFor[context.Context]()
	actorType   = reflect.TypeFor[access.Actor]()
	errorType   = reflect.TypeFor[error]()
)

// permissive lists what is wrong with the use cases of an application, which is a pointer to a struct of
// areas: those that do not refuse the zero Actor as Forbidden, those without an Actor that excused does not
// name, and names in excused that are none.
func permissive(app any, excused map[string]string) (found []string) {
	var without []string
	areas := reflect.ValueOf(app).Elem()
	for i := range areas.NumField() {
		area := areas.Field(i)
		for j := range area.NumMethod() {
			name := areas.Type().Field(i).Name + "." + area.Type().Method(j).Name
			method := area.Method(j)
			if !takesActor(method.Type()) {
				without = append(without, name)
				continue
			}
			if err := refusal(method); domain.KindOf(err) != domain.Forbidden {
				found = append(found, fmt.Sprintf("%s answers the zero actor %v, want Forbidden", name, err))
			}
		}
	}
	for _, name := range without {
		if excused[name] == "" {
			found = append(found, name+" takes no actor and is not on the list of those that need none")
		}
	}
	for name := range excused {
		if !slices.Contains(without, name) {
			found = append(found, name+" is on the list of those that need no actor, but is none")
		}
	}
	slices.Sort(found)
	return found
}

func takesActor(method reflect.Type) bool {
	for i := range method.NumIn() {
		if method.In(i) == actorType {
			return true
		}
	}
	return false
}

// refusal calls a use case with nothing in its hands.
func refusal(method reflect.Value) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("a panic: %v", r)
		}
	}()
	in := make([]reflect.Value, method.Type().NumIn())
	for i := range in {
		in[i] = reflect.Zero(method.Type().In(i))
		if method.Type().In(i) == contextType {
			in[i] = reflect.ValueOf(context.Background())
		}
	}
	out := method.Call(in)
	last := out[len(out)-1]
	if last.Type() != errorType {
		return errors.New("no error at all")
	}
	err, _ = last.Interface().(error)
	return err
}

func TestEveryUseCaseRefusesThePowerlessActor(t *testing.T) {
	app := application.New(application.Deps{Store: untouched{}, Zone: time.UTC})
	for _, wrong := range permissive(app, withoutActor) {
		t.Error(wrong)
	}
	if n := reflect.TypeOf(app).Elem().NumField(); n < 8 {
		t.Errorf("only %d areas were looked at", n)
	}
}

type fixtureArea struct{ store ports.Store }

func (fixtureArea) Refuses(_ context.Context, a access.Actor, _ string) error {
	return a.Require(access.RolesMenu, access.MayView)
}
func (fixtureArea) Allows(context.Context, access.Actor) (int, error) { return 1, nil }
func (fixtureArea) Tells(context.Context, access.Actor) int           { return 1 }
func (f fixtureArea) Reaches(ctx context.Context, _ access.Actor) error {
	return f.store.View(ctx, nil)
}

func (fixtureArea) Panics(_ context.Context, _ access.Actor, m map[string]int) error {
	m["x"] = 1
	return nil
}
func (fixtureArea) Listed(context.Context) error   { return nil }
func (fixtureArea) Unlisted(context.Context) error { return nil }

func TestTheActorRuleFindsUseCasesThatDoNotRefuse(t *testing.T) {
	app := &struct{ Area fixtureArea }{fixtureArea{untouched{}}}
	got := permissive(app, map[string]string{"Area.Listed": "a reason", "Area.Gone": "a reason"})
	want := []string{
		"Area.Allows answers the zero actor <nil>, want Forbidden",
		"Area.Gone is on the list of those that need no actor, but is none",
		"Area.Panics answers the zero actor a panic: assignment to entry in nil map, want Forbidden",
		"Area.Reaches answers the zero actor the store was reached, want Forbidden",
		"Area.Tells answers the zero actor no error at all, want Forbidden",
		"Area.Unlisted takes no actor and is not on the list of those that need none",
	}
	if !slices.Equal(got, want) {
		t.Errorf("found:\n%q\nwant:\n%q", got, want)
	}
}
