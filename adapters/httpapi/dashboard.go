package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

type dashboardView struct {
	MyTickets  []ticketView `json:"myTickets"`
	Urgent     []ticketView `json:"urgent"`
	Unassigned []ticketView `json:"unassigned"`
	ByStatus   []countView  `json:"byStatus"`
	ByPriority []countView  `json:"byPriority"`
	SLA        levelsView   `json:"sla"`
}

type countView struct {
	ReferenceID domain.ID `json:"referenceId"`
	Name        string    `json:"name"`
	Code        string    `json:"code"`
	Count       int       `json:"count"`
}

type levelsView struct {
	Running       int              `json:"running"`
	DueSoon       int              `json:"dueSoon"`
	BreachedToday int              `json:"breachedToday"`
	Compliance    []complianceView `json:"compliance"`
}

type complianceView struct {
	Metric   sla.Metric `json:"metric"`
	Met      int        `json:"met"`
	Breached int        `json:"breached"`
	Percent  *float64   `json:"percent"`
}

func (a *api) showDashboard(c *fiber.Ctx, actor access.Actor) error {
	o, err := a.App.Dashboard.Show(c.UserContext(), actor)
	if err != nil {
		return err
	}
	return ok(c, "", dashboardView{
		MyTickets: each(o.Mine, a.showTicket), Urgent: each(o.Urgent, a.showTicket), Unassigned: each(o.Unassigned, a.showTicket),
		ByStatus: each(o.Counts.ByStatus, showCount), ByPriority: each(o.Counts.ByPriority, showCount),
		SLA: levelsView{
			Running: o.Levels.Running, DueSoon: o.Levels.DueSoon, BreachedToday: o.Levels.BreachedToday,
			Compliance: each(o.Levels.Compliance, showCompliance),
		},
	})
}

func showCount(t ticket.Count) countView { return countView{t.ID, t.Name, t.Code, t.Tickets} }

func showCompliance(x sla.Compliance) complianceView {
	v := complianceView{Metric: x.Metric, Met: x.Met, Breached: x.Breached}
	if percent, decided := x.Percent(); decided {
		v.Percent = &percent
	}
	return v
}
