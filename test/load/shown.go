package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jackc/pgx/v5"

	"tickt/domain/ticket"
)

// shown is a ticket as the contract shows it.
type shown struct {
	ReferenceID          string  `json:"referenceId"`
	TicketNumber         string  `json:"ticketNumber"`
	Title                string  `json:"title"`
	Description          string  `json:"description"`
	Menu                 *string `json:"menu"`
	MenuID               *string `json:"menuId"`
	Status               string  `json:"status"`
	StatusID             string  `json:"statusId"`
	StatusType           string  `json:"statusType"`
	Priority             string  `json:"priority"`
	PriorityID           string  `json:"priorityId"`
	CreatedFor           *string `json:"createdFor"`
	CreatedForID         *string `json:"createdForId"`
	AssignedTo           *string `json:"assignedTo"`
	AssignedToID         *string `json:"assignedToId"`
	CreatedBy            string  `json:"createdBy"`
	CreatedByID          string  `json:"createdById"`
	ResponseDeadline     *string `json:"responseDeadline"`
	DueDate              *string `json:"dueDate"`
	FirstResponseAt      *string `json:"firstResponseAt"`
	ResolvedAt           *string `json:"resolvedAt"`
	SLADueDate           *string `json:"slaDueDate"`
	SLABreached          bool    `json:"slaBreached"`
	IsEscalated          bool    `json:"isEscalated"`
	CustomerSatisfaction *int    `json:"customerSatisfaction"`
	CreatedAt            *string `json:"createdAt"`
	UpdatedAt            *string `json:"updatedAt"`
}

// show reads a row of the service's statements, in the order of their columns; more takes what follows.
func show(r pgx.CollectableRow, more ...any) (t shown, err error) {
	var deadline, due, answered, resolved, promised, created, updated *time.Time
	var byHand bool
	var urgency, weight int
	var from, until time.Time
	columns := []any{
		&t.ReferenceID, &t.TicketNumber, &t.Title, &t.Description, &t.MenuID, &t.StatusID, &t.PriorityID, &t.CreatedForID, &t.AssignedToID,
		&t.CreatedByID, &deadline, &due, &answered, &resolved, &promised, &byHand, &t.SLABreached, &t.IsEscalated, &t.CustomerSatisfaction,
		&urgency, &from, &until, &created, &updated, &t.Menu, &t.Status, &t.StatusType, &weight, &t.Priority, &weight, &t.CreatedFor, &t.AssignedTo,
		&t.CreatedBy,
	}
	err = r.Scan(append(columns, more...)...)
	t.ResponseDeadline, t.DueDate, t.FirstResponseAt, t.ResolvedAt = stamp(deadline), stamp(due), stamp(answered), stamp(resolved)
	t.SLADueDate, t.CreatedAt, t.UpdatedAt = stamp(promised), stamp(created), stamp(updated)
	return t, err
}

func stamp(t *time.Time) *string {
	if t == nil || t.IsZero() {
		return nil
	}
	text := t.UTC().Format(time.RFC3339Nano)
	return &text
}

// shownOf shows a ticket whose optional values matter little.
func shownOf(v ticket.View) shown {
	return shown{
		ReferenceID: string(v.ID), TicketNumber: v.Number, Title: v.Title, Description: v.Description, Status: v.StatusName,
		StatusID: string(v.StatusID), StatusType: string(v.StatusType), Priority: v.PriorityName, PriorityID: string(v.PriorityID),
		CreatedBy: v.CreatedByName, CreatedByID: string(v.CreatedBy), SLADueDate: stamp(&v.SLADueDate), CreatedAt: stamp(&v.CreatedAt), UpdatedAt: stamp(&v.UpdatedAt),
	}
}

func encode(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// answer puts a body into the envelope.
func answer(f *fiber.Ctx, status int, sentence string, data any) error {
	body, err := encode(struct {
		ResponseCode string
		Response     string `json:"response"`
		Data         any    `json:"data"`
	}{"0", sentence, data})
	if err != nil {
		return err
	}
	f.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return f.Status(status).SendString(body)
}
