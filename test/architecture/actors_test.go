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

// withoutActor lists the use cases that take no actor, each with the reason.
var withoutActor = map[string]string{
	"NotificationLogs.Deliver":      "background: mails a stored notification log",
	"NotificationLogs.MustWait":     "background: keeps mails in order",
	"AccountMails.Deliver":          "background: sends a stored mail",
	"AccountMails.Purge":            "background: deletes expired mails",
	"Me.ConfirmEmail":               "the token identifies the caller",
	"Recovery.Forgot":               "the caller cannot sign in, and learns nothing about the account",
	"Recovery.Reset":                "the token identifies the caller",
	"Dashboard.Compact":             "background: merges recent changes into the counts",
	"Policies.Apply":                "background: works a recompute job that was authorized when it was added",
	"Policies.CompleteForecast":     "background: works a forecast job that was authorized when it was added",
	"Policies.PurgeOperations":      "background: removes old operations",
	"ServiceLevels.ScheduleClosing": "background: works a job that was authorized when it was added",
	"Tickets.HandOver":              "background: works a hand-over that was authorized when it was added",
	"IdempotencyRecords.Purge":      "background: deletes expired records",
	"Sessions.AccessToken":          "reads the token of the caller",
	"Sessions.ActorOf":              "determines the actor",
	"Sessions.Login":                "the caller is not signed in yet",
	"Sessions.Refresh":              "the refresh token identifies the caller",
	"Sessions.Verify":               "checks the token itself",
	"Sessions.Purge":                "background: deletes expired sessions",
	"Setup.Seed":                    "run by a command of the operator",
	"Setup.SeedRoles":               "run by a command of the operator",
	"Setup.EnsureSeeded":            "runs when the service starts",
	"Setup.CheckKeys":               "runs when the service starts",
	"Setup.AcceptKey":               "run by a command of the operator",
	"Statuses.Seed":                 "called by Setup",
	"Priorities.Seed":               "called by Setup",
	"Superusers.Any":                "runs when the service starts",
	"Imports.Run":                   "run by a command of the operator",
	"Superusers.Check":              "run by a command of the operator, before any account exists",
	"Superusers.Create":             "run by a command of the operator, before any account exists",
	"Operator.Account":              "run by a command of the operator",
	"Operator.SetPassword":          "run by a command of the operator",
	"Operator.Unlock":               "run by a command of the operator",
	"Operator.Sessions":             "run by a command of the operator",
	"Operator.EndSessions":          "run by a command of the operator",
	"Deriver.Derive":                "background: derives columns again",
	"Deriver.NameConflicts":         "run by a command of the operator",
	"Deriver.Left":                  "background: a metric, and run by a command of the operator",
	"ServiceLevels.SetAside":        "background: a metric",
	"ServiceLevels.Lag":             "background: a metric",
	"ServiceLevels.Sweep":           "background: the sweep",
	"NotificationLogs.Withdraw":     "run by a command of the operator",
}

// unreachableStore is a store that fails every call: an actor without permission must be refused before one is made.
type unreachableStore struct{}

var errReached = errors.New("the store was reached")

func (unreachableStore) View(context.Context, func(ports.Tx) error) error   { return errReached }
func (unreachableStore) Update(context.Context, func(ports.Tx) error) error { return errReached }
func (unreachableStore) Ready(context.Context) error                        { return errReached }
func (unreachableStore) NextNumber(context.Context, string) (int, error)    { return 0, errReached }

var (
	contextType = reflect.TypeFor[context.Context]()
	actorType   = reflect.TypeFor[access.Actor]()
	errorType   = reflect.TypeFor[error]()
)

// actorViolations lists what is wrong with the use cases of app, which is a pointer to a struct of areas: use cases
// that do not refuse the zero Actor as Forbidden, use cases without an Actor parameter that are not in exempt, and
// names in exempt that are not such use cases.
func actorViolations(app any, exempt map[string]string) (found []string) {
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
			if err := callWithZeros(method); domain.KindOf(err) != domain.Forbidden {
				found = append(found, fmt.Sprintf("%s returns %v for the zero actor, want Forbidden", name, err))
			}
		}
	}
	for _, name := range without {
		if exempt[name] == "" {
			found = append(found, name+" takes no actor and is not in withoutActor")
		}
	}
	for name := range exempt {
		if !slices.Contains(without, name) {
			found = append(found, name+" is in withoutActor, but is not a use case without an actor")
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

// callWithZeros calls a use case with zero values, except for the context, and returns its error. A panic and a method
// without an error result are errors, too.
func callWithZeros(method reflect.Value) (err error) {
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
		return errors.New("no error result")
	}
	err, _ = last.Interface().(error)
	return err
}

func TestEveryUseCaseRefusesTheZeroActor(t *testing.T) {
	app := application.New(application.Deps{Store: unreachableStore{}, Zone: time.UTC})
	for _, wrong := range actorViolations(app, withoutActor) {
		t.Error(wrong)
	}
	if n := reflect.TypeOf(app).Elem().NumField(); n < 8 {
		t.Errorf("only %d areas were checked", n)
	}
}

type fixtureArea struct{ store ports.Store }

func (fixtureArea) Refuses(_ context.Context, a access.Actor, _ string) error {
	return a.Require(access.RolesMenu, access.MayView)
}
func (fixtureArea) Allows(context.Context, access.Actor) (int, error) { return 1, nil }
func (fixtureArea) ReturnsNoError(context.Context, access.Actor) int  { return 1 }
func (f fixtureArea) Reaches(ctx context.Context, _ access.Actor) error {
	return f.store.View(ctx, nil)
}

func (fixtureArea) Panics(_ context.Context, _ access.Actor, m map[string]int) error {
	m["x"] = 1
	return nil
}
func (fixtureArea) Listed(context.Context) error   { return nil }
func (fixtureArea) Unlisted(context.Context) error { return nil }

func TestActorRuleFindsUseCasesThatDoNotRefuse(t *testing.T) {
	app := &struct{ Area fixtureArea }{fixtureArea{unreachableStore{}}}
	got := actorViolations(app, map[string]string{"Area.Listed": "a reason", "Area.Gone": "a reason"})
	want := []string{
		"Area.Allows returns <nil> for the zero actor, want Forbidden",
		"Area.Gone is in withoutActor, but is not a use case without an actor",
		"Area.Panics returns a panic: assignment to entry in nil map for the zero actor, want Forbidden",
		"Area.Reaches returns the store was reached for the zero actor, want Forbidden",
		"Area.ReturnsNoError returns no error result for the zero actor, want Forbidden",
		"Area.Unlisted takes no actor and is not in withoutActor",
	}
	if !slices.Equal(got, want) {
		t.Errorf("found:\n%q\nwant:\n%q", got, want)
	}
}
