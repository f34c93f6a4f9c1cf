package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// personView is an account to choose.
type personView struct {
	ReferenceID domain.ID `json:"referenceId"`
	Username    string    `json:"username"`
}

func (a *api) listPeople(c *fiber.Ctx, actor access.Actor) error {
	q := queryOf(c)
	filter, size := ports.ReadPeopleFilter(q), q.PageSize(a.PageSize, ports.MaxPeople)
	if err := q.Err(); err != nil {
		return err
	}
	people, more, err := a.App.People.List(c.UserContext(), actor, filter, size)
	if err != nil {
		return err
	}
	next := ""
	if more {
		next = people[len(people)-1].Cursor()
	}
	return sendCursorPage(c, each(people, func(p ports.Person) personView { return personView{p.ID, p.Username} }), size, next)
}
