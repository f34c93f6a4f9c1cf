package httpapi

import (
	"context"

	"github.com/gofiber/fiber/v2"
	"go.uber.org/zap"

	"tickt/adapters/httpserver"
	"tickt/application/servicelevel"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

func (a *api) getServiceLevel(c *fiber.Ctx, actor access.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	r, err := a.App.ServiceLevels.Report(c.UserContext(), actor, id)
	if err != nil {
		return err
	}
	return ok(c, "", a.showServiceLevel(r))
}

type serviceLevelView struct {
	Policy   *string       `json:"policy"` // null if no policy applies or it was deleted
	PolicyID *domain.ID    `json:"policyId"`
	Clocks   []clockView   `json:"clocks"`
	Events   []eventView   `json:"events"`
	Explain  []segmentView `json:"explain"`

	ExplainTruncated bool `json:"explainTruncated"` // whether older segments were left out
}

type clockView struct {
	Metric           sla.Metric `json:"metric"`
	Cycle            int        `json:"cycle"`
	State            sla.State  `json:"state"`
	StartedAt        timestamp  `json:"startedAt"`
	DueAt            timestamp  `json:"dueAt"` // null while the clock is not due
	TargetSeconds    int64      `json:"targetSeconds"`
	ElapsedSeconds   int64      `json:"elapsedSeconds"`
	RemainingSeconds int64      `json:"remainingSeconds"` // negative after the due time
	PausedAt         timestamp  `json:"pausedAt"`
	FulfilledAt      timestamp  `json:"fulfilledAt"`
	WarnedAt         timestamp  `json:"warnedAt"`
	BreachedAt       timestamp  `json:"breachedAt"` // null if the breach is void
	VoidedAt         timestamp  `json:"voidedAt"`
	Calendar         string     `json:"calendar"`
	CalendarID       domain.ID  `json:"calendarId"`
}

type eventView struct {
	Metric        sla.Metric    `json:"metric"`
	Cycle         int           `json:"cycle"`
	Kind          sla.EventKind `json:"kind"`
	At            timestamp     `json:"at"`
	RecordedAt    timestamp     `json:"recordedAt"`
	TargetSeconds *int64        `json:"targetSeconds"` // null if the event promises nothing
	DueAt         timestamp     `json:"dueAt"`         // only if it was set by hand
	Reason        *string       `json:"reason"`

	// of void; otherwise null
	Cause   *sla.VoidCause `json:"cause"`
	ActorID *domain.ID     `json:"actorId"`

	CommentID *domain.ID `json:"commentId"` // the comment that caused the event
}

func (a *api) showServiceLevel(r servicelevel.Report) serviceLevelView {
	v := serviceLevelView{Policy: orNull(r.Policy), PolicyID: orNull(r.PolicyID), Clocks: each(r.Clocks, a.showClock), Events: []eventView{}}
	for _, e := range r.Events {
		if e.Kind != sla.Warned { // the contract has warnings only as warnedAt of the clock
			v.Events = append(v.Events, a.showClockEvent(e))
		}
	}
	newest, truncated := sla.Newest(r.Explain)
	v.Explain, v.ExplainTruncated = each(newest, a.showSegment), truncated
	return v
}

func (a *api) showClock(c servicelevel.ClockReport) clockView {
	return clockView{
		Metric: c.Metric, Cycle: c.Cycle, State: c.State(), StartedAt: a.timestamp(c.StartedAt), DueAt: a.timestamp(c.Due),
		TargetSeconds: sla.WholeSeconds(c.Target), ElapsedSeconds: sla.WholeSeconds(c.Elapsed), RemainingSeconds: sla.WholeSeconds(c.Remaining),
		PausedAt: a.timestamp(c.PausedAt), FulfilledAt: a.timestamp(c.FulfilledAt), WarnedAt: a.timestamp(c.WarnedAt),
		BreachedAt: a.timestamp(c.BreachedAt), VoidedAt: a.timestamp(c.VoidedAt), Calendar: c.Calendar, CalendarID: c.CalendarID,
	}
}

func (a *api) showClockEvent(e sla.Entry) eventView {
	v := eventView{
		Metric: e.Metric, Cycle: e.Cycle, Kind: e.Kind, At: a.timestamp(e.At), RecordedAt: a.timestamp(e.RecordedAt), Reason: orNull(e.Reason),
		Cause: orNull(e.Cause), ActorID: orNull(e.ActorID), CommentID: orNull(e.CommentID),
	}
	if e.Promises() {
		target := sla.WholeSeconds(e.Promise.Target)
		v.TargetSeconds, v.DueAt = &target, a.timestamp(e.Promise.DueAt)
	}
	return v
}

// voidBody is the JSON form of sla.VoidDraft.
type voidBody struct {
	Metric domain.Optional[string] `json:"metric"`
	Cycle  domain.Optional[int]    `json:"cycle"`
	Reason domain.Optional[string] `json:"reason"`
	Unread domain.Problems         `json:"-"`
}

func (a *api) voidBreach(c *fiber.Ctx, actor access.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	var body voidBody
	if err := take(&body.Unread, a.bind(c, &body)); err != nil {
		return err
	}
	r, err := a.App.ServiceLevels.Void(c.UserContext(), actor, id, sla.VoidDraft(body))
	if err != nil {
		return err
	}
	return ok(c, "The breach is void.", a.showServiceLevel(r))
}

// recomputePolicy starts applying a policy to open tickets or, with dry_run, responds with the forecast.
func (a *api) recomputePolicy(c *fiber.Ctx, actor access.Actor) error {
	return recompute(a, c, actor, recomputation[sla.Policy]{
		do: a.App.Policies.Recompute, forecast: a.App.Policies.Forecast, show: a.showPolicy,
		sentence: "SLA policy is being applied to open tickets.", kind: "policy",
	})
}

// recomputePriority does the same with the hours of a priority.
func (a *api) recomputePriority(c *fiber.Ctx, actor access.Actor) error {
	return recompute(a, c, actor, recomputation[ticket.Priority]{
		do: a.App.Policies.RecomputePriority, forecast: a.App.Policies.ForecastPriority, show: a.showPriority,
		sentence: "Ticket priority is being applied to open tickets.", kind: "priority",
	})
}

// recomputation is how a T, which promises something, is applied to open tickets.
type recomputation[T any] struct {
	do       func(context.Context, access.Actor, domain.ID) (T, error)
	forecast func(context.Context, access.Actor, domain.ID) (sla.Forecast, []error, *sla.Operation, error)
	show     func(T) any
	sentence string
	kind     string // of T, for the log
}

func recompute[T any](a *api, c *fiber.Ctx, actor access.Actor, use recomputation[T]) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	q := queryOf(c)
	dry := q.Flag("dry_run")
	if err := q.Err(); err != nil {
		return err
	}
	if err := a.bindNothing(c); err != nil {
		return err
	}
	if dry == nil || !*dry {
		x, err := use.do(c.UserContext(), actor, id)
		if err != nil {
			return err
		}
		return ok(c, use.sentence, use.show(x))
	}
	f, left, more, err := use.forecast(c.UserContext(), actor, id)
	if err != nil {
		return err
	}
	for _, err := range left {
		a.Log.Error("forecast leaves out a ticket that failed",
			zap.String("request_id", httpserver.RequestOf(c).ID), zap.String(use.kind, string(id)), zap.Error(err))
	}
	if more != nil {
		c.Location("/api/operation/" + string(more.ID) + "/")
		return respond(c, fiber.StatusAccepted, "The forecast goes on in the background.", a.showOperation(*more))
	}
	return ok(c, "", showForecast(f))
}

type forecastView struct {
	Tickets         int `json:"tickets"`
	DueTimesMoved   int `json:"dueTimesMoved"`
	BreachesAdded   int `json:"breachesAdded"`
	BreachesRemoved int `json:"breachesRemoved"`
}

func showForecast(f sla.Forecast) forecastView {
	return forecastView{f.Tickets, f.DueTimesMoved, f.BreachesAdded, f.BreachesRemoved}
}

type operationView struct {
	ReferenceID domain.ID          `json:"referenceId"`
	State       sla.OperationState `json:"state"`
	Progress    int                `json:"progress"`
	Total       int                `json:"total"`
	Result      *forecastView      `json:"result"` // null unless it is done
	CreatedAt   timestamp          `json:"createdAt"`
	UpdatedAt   timestamp          `json:"updatedAt"`
}

func (a *api) showOperation(x sla.Operation) operationView {
	v := operationView{
		ReferenceID: x.ID, State: x.State, Progress: x.Progress, Total: x.Total,
		CreatedAt: a.timestamp(x.CreatedAt), UpdatedAt: a.timestamp(x.UpdatedAt),
	}
	if x.State == sla.OperationDone {
		f := showForecast(x.Forecast())
		v.Result = &f
	}
	return v
}

func (a *api) getOperation(c *fiber.Ctx, actor access.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	x, err := a.App.Policies.Operation(c.UserContext(), actor, id)
	if err != nil {
		return err
	}
	return single(c, "", a.showOperation(x))
}
