package bunstore

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/ports"
)

// calendarRow is the row of sla.Calendar.
type calendarRow struct {
	ID           domain.ID `bun:"id,pk"`
	Name         string    `bun:"name"`
	NameKey      string    `bun:"name_key"`
	TimeZone     string    `bun:"time_zone"`
	Hours        hours     `bun:"hours"`
	Holidays     holidays  `bun:"holidays"`
	VersionID    domain.ID `bun:"edition_id"`
	IsPredefined bool      `bun:"is_predefined"`
	CreatedAt    time.Time `bun:"created_at"`
	UpdatedAt    time.Time `bun:"updated_at"`
}

var calendarTable = newTable(table[calendarRow, sla.Calendar]{
	name: "calendars",
	row: func(x sla.Calendar) calendarRow {
		return calendarRow{
			x.ID, x.Name, x.NameKey, x.TimeZone, hours(x.Hours), holidays(x.Holidays), x.VersionID, x.IsPredefined, x.CreatedAt, x.UpdatedAt,
		}
	},
	entity: func(r calendarRow) sla.Calendar {
		return sla.Calendar(struct {
			ID           domain.ID
			Name         string
			NameKey      string
			TimeZone     string
			Hours        sla.Week
			Holidays     []sla.Holiday
			VersionID    domain.ID
			IsPredefined bool
			CreatedAt    time.Time
			UpdatedAt    time.Time
		}{r.ID, r.Name, r.NameKey, r.TimeZone, sla.Week(r.Hours), r.Holidays, r.VersionID, r.IsPredefined, r.CreatedAt, r.UpdatedAt})
	},
})

// versionRow is the row of sla.CalendarVersion.
type versionRow struct {
	ID         domain.ID `bun:"id"`
	CalendarID domain.ID `bun:"calendar_id"`
	Name       string    `bun:"name"`
	TimeZone   string    `bun:"time_zone"`
	Hours      hours     `bun:"hours"`
	Holidays   holidays  `bun:"holidays"`
	CreatedAt  time.Time `bun:"created_at"`
}

var (
	versionColumns = columnsOf[versionRow]()

	selectVersions = textOf(`SELECT ` + versionColumns.prefixed("e") + ` FROM calendar_editions e WHERE 1 = 1`)

	insertVersion = textOf(`INSERT INTO calendar_editions (` + versionColumns.list("%") + `) SELECT ` + versionColumns.list("?") + `
 WHERE NOT EXISTS (SELECT 1 FROM calendar_editions e WHERE e.id = ?)`)
)

func (r versionRow) version() sla.CalendarVersion {
	return sla.CalendarVersion(struct {
		ID         domain.ID
		CalendarID domain.ID
		Name       string
		TimeZone   string
		Hours      sla.Week
		Holidays   []sla.Holiday
		CreatedAt  time.Time
	}{r.ID, r.CalendarID, r.Name, r.TimeZone, sla.Week(r.Hours), r.Holidays, r.CreatedAt})
}

// hours is sla.Week as JSON: pairs of HH:MM by the name of the day, as clients write them.
type hours sla.Week

// Value implements driver.Valuer.
func (h hours) Value() (driver.Value, error) {
	days := map[string][][2]string{}
	for day, intervals := range h {
		if texts := intervalTexts(intervals); texts != nil {
			days[sla.Days[day]] = texts
		}
	}
	text, err := json.Marshal(days)
	return string(text), err
}

// Scan implements sql.Scanner.
func (h *hours) Scan(column any) error {
	var days map[string][][2]string
	if err := readColumn(column, &days); err != nil {
		return err
	}
	var week hours
	for day, name := range sla.Days {
		var err error
		if week[day], err = intervalsOf(days[name]); err != nil {
			return err
		}
	}
	*h = week
	return nil
}

// intervalTexts returns intervals as pairs of HH:MM; nil if there are none.
func intervalTexts(intervals []sla.Interval) (texts [][2]string) {
	for _, i := range intervals {
		texts = append(texts, [2]string{i.From.String(), i.To.String()})
	}
	return texts
}

// intervalsOf is the inverse of intervalTexts.
func intervalsOf(texts [][2]string) (intervals []sla.Interval, err error) {
	for _, pair := range texts {
		from, fromOK := sla.ParseMinute(pair[0])
		to, toOK := sla.ParseMinute(pair[1])
		if !fromOK || !toOK {
			return nil, fmt.Errorf("%q are not hours", pair)
		}
		intervals = append(intervals, sla.Interval{From: from, To: to})
	}
	return intervals, nil
}

// holidays is []sla.Holiday as JSON, as clients write them.
type holidays []sla.Holiday

type holidayText struct {
	Date   string      `json:"date"`
	Name   string      `json:"name"`
	Yearly bool        `json:"yearly"`
	Hours  [][2]string `json:"hours,omitempty"` // releases that do not know it take the whole day off
}

// Value implements driver.Valuer.
func (h holidays) Value() (driver.Value, error) {
	text, err := json.Marshal(converted(h, func(x sla.Holiday) holidayText {
		return holidayText{x.Date.String(), x.Name, x.Yearly, intervalTexts(x.Hours)}
	}))
	return string(text), err
}

// Scan implements sql.Scanner.
func (h *holidays) Scan(column any) error {
	var texts []holidayText
	if err := readColumn(column, &texts); err != nil {
		return err
	}
	all := make(holidays, len(texts))
	for i, x := range texts {
		date, ok := sla.ParseDate(x.Date)
		if !ok {
			return fmt.Errorf("%q is not a date", x.Date)
		}
		intervals, err := intervalsOf(x.Hours)
		if err != nil {
			return err
		}
		all[i] = sla.Holiday{Date: date, Name: x.Name, Yearly: x.Yearly, Hours: intervals}
	}
	*h = all
	return nil
}

// readColumn reads the JSON of a column, which a driver returns as string or []byte.
func readColumn(column, into any) error {
	switch text := column.(type) {
	case string:
		return json.Unmarshal([]byte(text), into)
	case []byte:
		return json.Unmarshal(text, into)
	default:
		return fmt.Errorf("a JSON column holds a %T", column)
	}
}

type calendars struct{ conn }

func (s calendars) Add(ctx context.Context, x sla.Calendar) error {
	if err := calendarTable.add(ctx, s.conn, x); err != nil {
		return err
	}
	return s.addVersion(ctx, x)
}

// addVersion stores the current version of a calendar, unless it exists.
func (s calendars) addVersion(ctx context.Context, x sla.Calendar) error {
	r := calendarTable.row(x)
	version := versionRow{r.VersionID, r.ID, r.Name, r.TimeZone, r.Hours, r.Holidays, r.UpdatedAt}
	q := s.unbound(insertVersion, len(versionColumns)+1)
	q.args = append(versionColumns.arguments(q.args, reflect.ValueOf(&version).Elem()), string(version.ID))
	_, err := exec(ctx, s.conn, q)
	return err
}

func (s calendars) Get(ctx context.Context, id domain.ID) (sla.Calendar, error) {
	return calendarTable.get(ctx, s.conn, "id = ?", id)
}

func (s calendars) Lock(ctx context.Context, id domain.ID) (sla.Calendar, error) {
	return calendarTable.lock(ctx, s.conn, "id = ?", id)
}

func (s calendars) Save(ctx context.Context, x sla.Calendar) error {
	if err := calendarTable.save(ctx, s.conn, x); err != nil {
		return err
	}
	return s.addVersion(ctx, x)
}

func (s calendars) Remove(ctx context.Context, id domain.ID) error {
	return calendarTable.remove(ctx, s.conn, id)
}

func (s calendars) Taken(ctx context.Context, nameKey string, except domain.ID) (bool, error) {
	return s.exists(ctx, s.bun.NewSelect().Table(calendarTable.name).Where("name_key = ? AND id <> ?", nameKey, except))
}

func (s calendars) List(ctx context.Context, page ports.Page) ([]sla.Calendar, int, error) {
	return calendarTable.page(ctx, s.conn, "name_key", page)
}

func (s calendars) Versions(ctx context.Context, ids []domain.ID) ([]sla.CalendarVersion, error) {
	if len(ids) == 0 {
		return []sla.CalendarVersion{}, nil
	}
	q := s.fixed(selectVersions)
	andIn(q, `e.id IN (`, ids, `)`)
	rs, err := rows[versionRow](ctx, s.conn, q.add(` ORDER BY e.id`))
	return converted(rs, versionRow.version), err
}
