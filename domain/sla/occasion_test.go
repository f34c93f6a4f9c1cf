package sla_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"tickt/domain"
	"tickt/domain/sla"
)

// describeHolidays returns holidays in one line.
func describeHolidays(all []sla.Holiday) string {
	var out []string
	for _, h := range all {
		text := h.Date.String() + " " + h.Name
		if h.Yearly {
			text += " yearly"
		}
		if len(h.Hours) > 0 {
			text += " half"
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

func TestImportMergesWithTheHolidaysOfTheCalendar(t *testing.T) {
	day := func(text string) sla.Date {
		d, ok := sla.ParseDate(text)
		if !ok {
			t.Fatal(text)
		}
		return d
	}
	on := func(name, date string, yearly bool) sla.Occasion {
		return sla.Occasion{Name: name, Dates: []sla.Date{day(date)}, Yearly: yearly}
	}
	for name, c := range map[string]struct {
		has   []sla.Holiday
		given []sla.Occasion
		want  string
		added int
	}{
		"new dates, in order": {
			nil,
			[]sla.Occasion{on("b", "2026-12-26", false), on("a", "2026-12-25", true)},
			"2026-12-25 a yearly, 2026-12-26 b", 2,
		},
		"a date that is there": {
			[]sla.Holiday{{Date: day("2026-12-25"), Name: "x"}},
			[]sla.Occasion{on("a", "2026-12-25", false)},
			"2026-12-25 x", 0,
		},
		"a date that becomes yearly": {
			[]sla.Holiday{{Date: day("2026-12-25"), Name: "x"}},
			[]sla.Occasion{on("a", "2026-12-25", true)},
			"2026-12-25 x yearly", 1,
		},
		"a half day": {
			[]sla.Holiday{{Date: day("2026-12-24"), Name: "x", Hours: []sla.Interval{{From: 540, To: 720}}}},
			[]sla.Occasion{on("a", "2026-12-24", true)},
			"2026-12-24 x half", 0,
		},
		"a date on which a yearly one falls": {
			[]sla.Holiday{{Date: day("2020-12-25"), Name: "x", Yearly: true}},
			[]sla.Occasion{on("a", "2026-12-25", false), on("a", "2027-12-25", true)},
			"2020-12-25 x yearly", 0,
		},
		"two events on a date": {nil, []sla.Occasion{on("a", "2026-12-25", false), on("b", "2026-12-25", false)}, "2026-12-25 a", 1},
		"names": {
			nil,
			[]sla.Occasion{
				on(" a\n b ", "2026-12-25", false), on("", "2026-12-26", false), on("\u202e", "2026-12-27", false),
				on(strings.Repeat("é", 101), "2026-12-28", false),
			},
			"2026-12-25 a b, 2026-12-28 " + strings.Repeat("é", 100), 2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := sla.Calendar{ID: "c", VersionID: "v1", Holidays: c.has, UpdatedAt: monday}
			was := describeHolidays(x.Holidays)
			done, err := x.Import(c.given, "v2", at("12:00"))
			if got := describeHolidays(x.Holidays); err != nil || got != c.want || done.Imported != c.added {
				t.Fatalf("got %s, imported %d, %v", got, done.Imported, err)
			}
			if changed := x.VersionID == "v2" && x.UpdatedAt.Equal(at("12:00")); changed != (c.added > 0) {
				t.Errorf("changed %v", changed)
			}
			if describeHolidays(c.has) != was {
				t.Error("the holidays of an earlier version have changed")
			}
			again, err := x.Import(c.given, "v3", at("13:00"))
			if err != nil || again.Imported != 0 || x.VersionID == "v3" || again.Unchanged != done.Imported+done.Unchanged {
				t.Errorf("again: %+v, %v", again, err)
			}
		})
	}
}

func TestImportSkipsEventsThatAreNoHolidays(t *testing.T) {
	x := sla.Calendar{ID: "c", VersionID: "v1"}
	done, err := x.Import([]sla.Occasion{{Line: 3, UID: "u", Name: "Party", Skipped: sla.SkippedTime}, {Line: 9, Name: "\x00"}}, "v2", monday)
	const want = "[{3 u Party [] false not_all_day} {9  \x00 [] false name}]"
	if got := fmt.Sprint(done.Skipped); err != nil || got != want || x.VersionID != "v1" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestImportCutsLongNames(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{strings.Repeat("u\u0308", 100), strings.Repeat("ü", 100)},
		{strings.Repeat("ü", 99) + "e\u0301\u0323x", strings.Repeat("ü", 99)}, // a mark stays with its letter
		{"Tag\u00ad\n der  " + strings.Repeat("x", 99), "Tag der " + strings.Repeat("x", 92)},
	} {
		x := sla.Calendar{ID: "c", VersionID: "v1"}
		o := sla.Occasion{Name: c.name, Dates: []sla.Date{{Year: 2026, Month: 1, Day: 1}}}
		if _, err := x.Import([]sla.Occasion{o}, "v2", monday); err != nil || len(x.Holidays) != 1 || x.Holidays[0].Name != c.want {
			t.Errorf("%q became %v, %v", c.name, x.Holidays, err)
		}
	}
}

func TestImportRefusesTooManyHolidaysAndPredefinedCalendars(t *testing.T) {
	x, d := sla.Calendar{ID: "c", VersionID: "v1"}, sla.Date{Year: 2026, Month: 1, Day: 1}
	o := sla.Occasion{Name: "Day"}
	for n := range 1001 {
		o.Dates = append(o.Dates, sla.Date{Year: 1000 + n, Month: d.Month, Day: d.Day})
	}
	_, err := x.Import([]sla.Occasion{o}, "v2", monday)
	var tooMany *domain.Error
	if !errors.As(err, &tooMany) || len(tooMany.Problems) != 1 || tooMany.Problems[0].Field != "holidays" ||
		len(x.Holidays) > 0 || x.VersionID != "v1" {
		t.Errorf("%v, %d holidays", err, len(x.Holidays))
	}
	o.Dates = o.Dates[:1000]
	if _, err = x.Import([]sla.Occasion{o}, "v2", monday); err != nil || len(x.Holidays) != 1000 {
		t.Errorf("%v, %d holidays", err, len(x.Holidays))
	}
	always := sla.AlwaysOpenCalendar(monday)
	var e *domain.Error
	if _, err := always.Import(nil, "v2", monday); !errors.As(err, &e) || e.Kind != domain.Conflict {
		t.Errorf("the predefined calendar: %v", err)
	}
}
