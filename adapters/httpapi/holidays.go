package httpapi

import (
	"bytes"
	"errors"

	"github.com/gofiber/fiber/v2"

	"tickt/adapters/httpserver"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
)

const (
	calendarMedia  = "text/calendar"
	maxSkippedSeen = 100 // skipped events in a response
	maxSkippedText = 255 // characters of their texts
)

func (a *api) importHolidays(c *fiber.Ctx, actor access.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	text, unread, err := a.calendarFile(c)
	if err != nil {
		return err
	}
	done, err := a.App.Calendars.ImportHolidays(c.UserContext(), actor, id, text, unread, matching(c, a.showCalendar))
	if err != nil {
		return err
	}
	return ok(c, "Holidays imported successfully.", a.showHolidayImport(done))
}

// calendarFile returns the iCalendar file in the body, which is the file itself or JSON that holds it, and the problems with
// reading it.
func (a *api) calendarFile(c *fiber.Ctx) (text []byte, unread domain.Problems, err error) {
	if err := httpserver.ReadBody(c, httpserver.MaxBody); err != nil {
		return nil, nil, err
	}
	if request := c.Request(); hasMedia(request, calendarMedia) {
		text = request.Body()
		if len(bytes.TrimSpace(text)) == 0 {
			err = errBlankBody
		}
	} else {
		var body struct {
			ICal domain.Optional[string] `json:"ical"`
		}
		switch err = a.bind(c, &body); {
		case errors.Is(err, fiber.ErrUnsupportedMediaType):
			err = httpserver.WrongMedia("text/calendar or application/json")
		case err == nil && body.ICal.Value == "":
			unread.Add("ical", domain.CodeBlank, domain.Params{"label": domain.Term("iCalendar file")})
		}
		text = []byte(body.ICal.Value)
	}
	return text, unread, take(&unread, err)
}

type holidayImportView struct {
	Imported     int           `json:"imported"`
	Unchanged    int           `json:"unchanged"`
	SkippedCount int           `json:"skippedCount"`
	Skipped      []skippedView `json:"skipped"`
	Calendar     any           `json:"calendar"`
}

type skippedView struct {
	Line   int            `json:"line"`
	UID    *string        `json:"uid"`
	Name   *string        `json:"name"`
	Reason sla.SkipReason `json:"reason"`
}

func (a *api) showHolidayImport(done sla.HolidayImport) holidayImportView {
	return holidayImportView{
		Imported: done.Imported, Unchanged: done.Unchanged, SkippedCount: len(done.Skipped),
		Skipped: each(done.Skipped[:min(len(done.Skipped), maxSkippedSeen)], func(o sla.Occasion) skippedView {
			return skippedView{o.Line, orNull(beginning(o.UID)), orNull(beginning(o.Name)), o.Skipped}
		}),
		Calendar: a.showCalendar(done.Calendar),
	}
}

// beginning returns the first maxSkippedText characters of a text.
func beginning(text string) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), maxSkippedText)])
}
