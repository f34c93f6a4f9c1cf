package httpapi

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
)

// calendars are the endpoints of one calendar.
func (a *api) calendars() resource[sla.Calendar, sla.CalendarPatch] {
	use := a.App.Calendars
	return resource[sla.Calendar, sla.CalendarPatch]{
		name: "Calendar", get: use.Get, put: use.Replace, patch: use.Update, remove: use.Delete,
		read: a.readCalendar, show: a.showCalendar,
	}
}

func (a *api) createCalendar(c *fiber.Ctx, actor access.Actor) error {
	change, err := a.readCalendar(c)
	if err != nil {
		return err
	}
	return idempotent(c, func(request *usecase.Idempotency) (sla.Calendar, error) {
		return a.App.Calendars.Create(c.UserContext(), actor, change, request)
	}, func(x sla.Calendar) creation {
		return creation{sentence: "Calendar created successfully.", location: "/api/calendar/" + string(x.ID) + "/", data: a.showCalendar(x)}
	})
}

// calendarBody is the JSON form of sla.CalendarPatch.
type calendarBody struct {
	Name     domain.Optional[string] `json:"name"`
	TimeZone domain.Optional[string] `json:"timeZone"`
	Hours    objectOf[hoursBody]     `json:"hours"`
	Holidays listOf[holidayBody]     `json:"holidays"`
}

// hoursBody holds the intervals of each day as pairs of times.
type hoursBody struct {
	Mon [][]string `json:"mon"`
	Tue [][]string `json:"tue"`
	Wed [][]string `json:"wed"`
	Thu [][]string `json:"thu"`
	Fri [][]string `json:"fri"`
	Sat [][]string `json:"sat"`
	Sun [][]string `json:"sun"`
}

func (h hoursBody) days() map[string][][]string {
	return map[string][][]string{"mon": h.Mon, "tue": h.Tue, "wed": h.Wed, "thu": h.Thu, "fri": h.Fri, "sat": h.Sat, "sun": h.Sun}
}

type holidayBody struct {
	Date   domain.Optional[string] `json:"date"`
	Name   domain.Optional[string] `json:"name"`
	Yearly domain.Optional[bool]   `json:"yearly"`
	Hours  [][]string              `json:"hours"`
}

func (h holidayBody) draft() sla.HolidayDraft {
	return sla.HolidayDraft{Date: h.Date.Value, Name: h.Name.Value, Yearly: h.Yearly.Value, Hours: h.Hours}
}

// calendarReadOnly are the read-only keys of a calendar.
var calendarReadOnly = append([]string{"isPredefined"}, readOnly...)

func (a *api) readCalendar(c *fiber.Ctx) (change sla.CalendarPatch, err error) {
	var body calendarBody
	err = take(&change.Unread, a.bind(c, &body, calendarReadOnly...))
	change.Name, change.TimeZone = body.Name, body.TimeZone
	change.Hours = converted(body.Hours.Optional, hoursBody.days)
	change.Holidays = converted(body.Holidays.Optional, func(all []holidayBody) []sla.HolidayDraft { return each(all, holidayBody.draft) })
	return change, err
}

// converted applies to to the value of c. Absent stays absent and null stays null.
func converted[B, V any](c domain.Optional[B], to func(B) V) domain.Optional[V] {
	switch {
	case !c.Set:
		return domain.Optional[V]{}
	case c.Null:
		return domain.Null[V]()
	default:
		return domain.Some(to(c.Value))
	}
}

type calendarView struct {
	ReferenceID  domain.ID     `json:"referenceId"`
	Name         string        `json:"name"`
	TimeZone     string        `json:"timeZone"`
	Hours        hoursView     `json:"hours"`
	Holidays     []holidayView `json:"holidays"`
	IsPredefined bool          `json:"isPredefined"`
	CreatedAt    timestamp     `json:"createdAt"`
	UpdatedAt    timestamp     `json:"updatedAt"`
}

// hoursView holds the intervals of each day; a day without hours has an empty list.
type hoursView struct {
	Mon []intervalView `json:"mon"`
	Tue []intervalView `json:"tue"`
	Wed []intervalView `json:"wed"`
	Thu []intervalView `json:"thu"`
	Fri []intervalView `json:"fri"`
	Sat []intervalView `json:"sat"`
	Sun []intervalView `json:"sun"`
}

type intervalView [2]string

type holidayView struct {
	Date   string         `json:"date"`
	Name   string         `json:"name"`
	Yearly bool           `json:"yearly"`
	Hours  []intervalView `json:"hours"` // null if the whole day is off
}

func showHoliday(h sla.Holiday) holidayView {
	v := holidayView{Date: h.Date.String(), Name: h.Name, Yearly: h.Yearly}
	if len(h.Hours) > 0 {
		v.Hours = each(h.Hours, showInterval)
	}
	return v
}

func showInterval(i sla.Interval) intervalView { return intervalView{i.From.String(), i.To.String()} }

func (a *api) showCalendar(x sla.Calendar) any {
	return calendarView{
		ReferenceID: x.ID, Name: x.Name, TimeZone: x.TimeZone, Hours: showHours(x.Hours),
		Holidays:     each(x.Holidays, showHoliday),
		IsPredefined: x.IsPredefined, CreatedAt: a.timestamp(x.CreatedAt), UpdatedAt: a.timestamp(x.UpdatedAt),
	}
}

func showHours(w sla.Week) hoursView {
	on := func(day time.Weekday) []intervalView { return each(w[day], showInterval) }
	return hoursView{
		Mon: on(time.Monday), Tue: on(time.Tuesday), Wed: on(time.Wednesday), Thu: on(time.Thursday), Fri: on(time.Friday),
		Sat: on(time.Saturday), Sun: on(time.Sunday),
	}
}
