package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/lifecycle"
	"tickt/domain/sla"
)

// policies are the endpoints of one policy.
func (a *api) policies() resource[sla.Policy, sla.PolicyPatch] {
	use := a.App.Policies
	return resource[sla.Policy, sla.PolicyPatch]{
		name: "SLA policy", get: use.Get, put: use.Replace, patch: use.Update, remove: use.Delete,
		read: a.readPolicy, show: a.showPolicy,
	}
}

func (a *api) createPolicy(c *fiber.Ctx, actor access.Actor) error {
	change, err := a.readPolicy(c)
	if err != nil {
		return err
	}
	return idempotent(c, func(request *usecase.Idempotency) (sla.Policy, error) {
		return a.App.Policies.Create(c.UserContext(), actor, change, request)
	}, func(x sla.Policy) creation {
		return creation{sentence: "SLA policy created successfully.", location: "/api/sla-policy/" + string(x.ID) + "/", data: a.showPolicy(x)}
	})
}

// policyBody is the JSON form of sla.PolicyPatch.
type policyBody struct {
	Name             domain.Optional[string]   `json:"name"`
	Position         domain.Optional[int]      `json:"position"`
	Match            objectOf[matchBody]       `json:"match"`
	Targets          listOf[targetBody]        `json:"targets"`
	PauseTypes       domain.Optional[[]string] `json:"pauseStatusTypes"`
	OnReopen         domain.Optional[string]   `json:"onReopen"`
	EscalateOnBreach domain.Optional[bool]     `json:"escalateOnBreach"`
	IsActive         domain.Optional[bool]     `json:"isActive"`
}

// matchBody is the match of a policy. A null object means that each of its keys is null.
type matchBody struct {
	PriorityIDs domain.Optional[[]string] `json:"priorityIds"`
	MenuIDs     domain.Optional[[]string] `json:"menuIds"`
}

type targetBody struct {
	Metric      domain.Optional[string] `json:"metric"`
	Minutes     domain.Optional[int]    `json:"minutes"`
	CalendarID  domain.Optional[string] `json:"calendarId"`
	WarnPercent domain.Optional[int]    `json:"warnPercent"`
}

func (t targetBody) draft() sla.TargetDraft {
	return sla.TargetDraft{Metric: t.Metric.Value, Minutes: t.Minutes.Value, CalendarID: t.CalendarID.Value, WarnPercent: t.WarnPercent}
}

func (a *api) readPolicy(c *fiber.Ctx) (change sla.PolicyPatch, err error) {
	var body policyBody
	err = take(&change.Unread, a.bind(c, &body, readOnly...))
	match := body.Match.Value
	if body.Match.Null {
		match = matchBody{domain.Null[[]string](), domain.Null[[]string]()}
	}
	change.Name, change.Position = body.Name, body.Position
	change.PriorityIDs, change.MenuIDs = match.PriorityIDs, match.MenuIDs
	change.Targets = converted(body.Targets.Optional, func(all []targetBody) []sla.TargetDraft { return each(all, targetBody.draft) })
	change.PauseTypes, change.OnReopen = body.PauseTypes, body.OnReopen
	change.EscalateOnBreach, change.IsActive = body.EscalateOnBreach, body.IsActive
	return change, err
}

type policyView struct {
	ReferenceID      domain.ID              `json:"referenceId"`
	Name             string                 `json:"name"`
	Position         int                    `json:"position"`
	Match            matchView              `json:"match"`
	Targets          []targetView           `json:"targets"`
	PauseStatusTypes []lifecycle.StatusType `json:"pauseStatusTypes"`
	OnReopen         sla.Reopening          `json:"onReopen"`
	EscalateOnBreach bool                   `json:"escalateOnBreach"`
	IsActive         bool                   `json:"isActive"`
	CreatedAt        timestamp              `json:"createdAt"`
	UpdatedAt        timestamp              `json:"updatedAt"`
}

type matchView struct {
	PriorityIDs []domain.ID `json:"priorityIds"`
	MenuIDs     []domain.ID `json:"menuIds"`
}

type targetView struct {
	Metric      sla.Metric `json:"metric"`
	Minutes     int        `json:"minutes"`
	CalendarID  domain.ID  `json:"calendarId"`
	WarnPercent int        `json:"warnPercent"`
}

func (a *api) showPolicy(x sla.Policy) any {
	return policyView{
		ReferenceID: x.ID, Name: x.Name, Position: x.Position, Match: matchView{x.PriorityIDs, x.MenuIDs},
		Targets:          each(x.Targets, func(t sla.Target) targetView { return targetView{t.Metric, t.Minutes, t.CalendarID, t.WarnPercent} }),
		PauseStatusTypes: x.PauseTypes, OnReopen: x.OnReopen, EscalateOnBreach: x.EscalateOnBreach, IsActive: x.IsActive,
		CreatedAt: a.timestamp(x.CreatedAt), UpdatedAt: a.timestamp(x.UpdatedAt),
	}
}
