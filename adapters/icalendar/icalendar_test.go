package icalendar

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain/sla"
)

// now is the time of the imports in these tests.
var now = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// file returns a file with events, each given by its lines.
func file(events ...string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\r\n" + strings.ReplaceAll(e, "\n", "\r\n") + "\r\nEND:VEVENT\r\n")
	}
	b.WriteString("END:VCALENDAR\r\n")
	return b.String()
}

func read(t *testing.T, text string) []sla.Occasion {
	t.Helper()
	all, err := Reader{}.Read(t.Context(), []byte(text), sla.WindowAt(now))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// describe returns an occasion in one line.
func describe(x sla.Occasion) string {
	var dates []string
	for _, d := range x.Dates {
		dates = append(dates, d.String())
	}
	text := strings.Join(dates, " ")
	if x.Yearly {
		text += " yearly"
	}
	return strings.TrimSpace(text + " " + string(x.Skipped))
}

func TestEventsAreRead(t *testing.T) {
	for name, c := range map[string]struct{ event, want string }{
		"a day":                     {"DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261226", "2026-12-25"},
		"a day without an end":      {"DTSTART:20261225", "2026-12-25"},
		"a day that ends on itself": {"DTSTART:20261225\nDTEND:20261225", "2026-12-25"},
		"several days":              {"DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261228", "2026-12-25 2026-12-26 2026-12-27"},
		"a duration":                {"DTSTART;VALUE=DATE:20261231\nDURATION:P2D", "2026-12-31 2027-01-01"},
		"a duration in weeks": {
			"DTSTART:20261231\nDURATION:P1W",
			"2026-12-31 2027-01-01 2027-01-02 2027-01-03 2027-01-04 2027-01-05 2027-01-06",
		},
		"a day of the past":        {"DTSTART:19991231", "1999-12-31"},
		"yearly":                   {"DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY", "2020-12-25 yearly"},
		"yearly with its own date": {"DTSTART:20201225\nRRULE:FREQ=YEARLY;INTERVAL=1;BYMONTH=12;BYMONTHDAY=25;WKST=MO", "2020-12-25 yearly"},
		"yearly on 29 February":    {"DTSTART:20240229\nRRULE:FREQ=YEARLY", "2024-02-29 yearly"},
		"yearly for two days":      {"DTSTART:20201225\nDTEND:20201227\nRRULE:FREQ=YEARLY", "2020-12-25 2020-12-26 yearly"},
		"a weekday of a month": {
			"DTSTART:20201126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
			"2026-11-26 2027-11-25 2028-11-23 2029-11-22 2030-11-28 2031-11-27",
		},
		"a number of times": {"DTSTART:20261225\nRRULE:FREQ=YEARLY;COUNT=2", "2026-12-25 2027-12-25"},
		"until a date":      {"DTSTART:20251225\nRRULE:FREQ=YEARLY;UNTIL=20271231", "2026-12-25 2027-12-25"},
		"every second year": {"DTSTART:20251225\nRRULE:FREQ=YEARLY;INTERVAL=2", "2027-12-25 2029-12-25 2031-12-25"},
		"yearly with exceptions": {
			"DTSTART:20261225\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20271225,20281225",
			"2026-12-25 2029-12-25 2030-12-25 2031-12-25",
		},
		"more dates":                 {"DTSTART:20261225\nRDATE;VALUE=DATE:20270105,20280105", "2026-12-25 2027-01-05 2028-01-05"},
		"over before the window":     {"DTSTART:20101225\nRRULE:FREQ=YEARLY;COUNT=3", "no_date"},
		"cancelled":                  {"DTSTART:20261225\nSTATUS:CANCELLED", "cancelled"},
		"a time of day":              {"DTSTART:20261225T090000Z\nDTEND:20261225T100000Z", "not_all_day"},
		"a time of day in a zone":    {"DTSTART;TZID=Europe/London:20261225T090000", "not_all_day"},
		"an end with a time":         {"DTSTART:20261225\nDTEND:20261226T100000Z", "not_all_day"},
		"no start":                   {"UID:1", "not_all_day"},
		"a day that does not exist":  {"DTSTART:20260230", "not_all_day"},
		"the year 9999":              {"DTSTART:99991231", "not_all_day"},
		"longer than a year":         {"DTSTART:20260101\nDTEND:20280101", "too_long"},
		"a duration beyond numbers":  {"DTSTART:20260101\nDURATION:P99999999999999999999D", "not_all_day"},
		"a long duration":            {"DTSTART:20260101\nDURATION:P99999999W", "too_long"},
		"each second":                {"DTSTART:20260101\nRRULE:FREQ=SECONDLY", "rule"},
		"each day at some hour":      {"DTSTART:20260101\nRRULE:FREQ=DAILY;BYHOUR=9", "rule"},
		"an interval of nothing":     {"DTSTART:20260101\nRRULE:FREQ=YEARLY;INTERVAL=0", "rule"},
		"a rule that is none":        {"DTSTART:20260101\nRRULE:EVERY DAY", "rule"},
		"a rule that never applies":  {"DTSTART:20260101\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "no_date"},
		"a rule that searches long":  {"DTSTART:20260101\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "rule"},
		"exceptions of everything":   {"DTSTART:20261225\nRRULE:FREQ=YEARLY;COUNT=1\nEXDATE:20261225", "no_date"},
		"an alarm with its own date": {"DTSTART:20261225\nBEGIN:VALARM\nDTSTART:20200101\nEND:VALARM", "2026-12-25"},
	} {
		if got := describe(read(t, file("SUMMARY:Day\n"+c.event))[0]); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestReplacedOccurrenceMoves(t *testing.T) {
	all := read(t, file("UID:a\nSUMMARY:Day\nDTSTART:20301225\nRRULE:FREQ=YEARLY",
		"UID:a\nSUMMARY:Day\nRECURRENCE-ID;VALUE=DATE:20301225\nDTSTART:20301226"))
	if got := describe(all[0]) + ", " + describe(all[1]); got != "2031-12-25, 2030-12-26" {
		t.Errorf("got %s", got)
	}
}

func TestNameIsUnfoldedAndUnescaped(t *testing.T) {
	for _, newline := range []string{"\r\n", "\n"} {
		text := "\ufeff" + file("UID:x@y\nDTSTART:20261225\nSUMMARY;LANGUAGE=en:Christmas\\, the fi\n rst\\nday")
		x := read(t, strings.ReplaceAll(text, "\r\n", newline))[0]
		if x.Name != "Christmas, the first\nday" || x.UID != "x@y" || x.Line != 3 {
			t.Errorf("got %+v", x)
		}
	}
}

func TestWhatIsNoFileIsRefusedWithTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                                      "Line 1: BEGIN:VCALENDAR is expected.",
		"\r\n\r\n":                              "Line 1: BEGIN:VCALENDAR is expected.",
		"{}":                                    "Line 1: BEGIN:VCALENDAR is expected.",
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\n":       "Line 2: the file ends before END:VEVENT.",
		"BEGIN:VCALENDAR\nEND:VEVENT\n":         "Line 2: END:VCALENDAR is expected.",
		file("SUMMARY:\xff"):                    "Line 4: the text is not UTF-8.",
		file("DTSTART;VALUE:20261225"):          "Line 4: DTSTART cannot be read.",
		strings.Repeat("BEGIN:VCALENDAR\n", 20): "Line 11: components are nested too deeply.",
		file(make([]string, maxEvents+1)...):    fmt.Sprintf("Line %d: a file may have at most 5000 events.", 3+3*maxEvents),
	} {
		_, err := Reader{}.Read(t.Context(), []byte(text), sla.WindowAt(now))
		if err == nil || err.Error() != "invalid: "+want {
			t.Errorf("%.60q: %v, want %s", text, err, want)
		}
	}
}

// TestHostileFilesTakeLittleTime reads files of 1 MiB that are made to take long.
func TestHostileFilesTakeLittleTime(t *testing.T) {
	const size = 1 << 20
	repeat := func(text string) string { return strings.Repeat(text, size/len(text)) }
	rules := make([]string, maxEvents)
	for i := range rules {
		rules[i] = "SUMMARY:x\nDTSTART:19000101\nRRULE:FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30"
	}
	daily := make([]string, maxEvents)
	for i := range daily {
		daily[i] = "SUMMARY:x\nDTSTART:19000101\nRRULE:FREQ=DAILY"
	}
	for name, text := range map[string]string{
		"one folded line":      file("SUMMARY:" + repeat("x\n ")),
		"one line":             file("SUMMARY:" + repeat("x")),
		"parameters":           file("SUMMARY" + repeat(";a=b") + ":x"),
		"lines of parameters":  file(repeat("SUMMARY" + strings.Repeat(";a=b", 1000) + ":x\n")),
		"empty lines":          repeat("\n"),
		"empty events":         "BEGIN:VCALENDAR\n" + repeat("BEGIN:VEVENT\nEND:VEVENT\n") + "END:VCALENDAR",
		"nothing but begins":   repeat("BEGIN:X\n"),
		"rules without dates":  file(rules...),
		"rules of every day":   file(daily...),
		"dates":                file("SUMMARY:x\nDTSTART:20260101\n" + repeat("RDATE:20260101,20260101\n")),
		"exceptions of a rule": file("SUMMARY:x\nDTSTART:19000101\nRRULE:FREQ=DAILY\n" + repeat("EXDATE:19000101\n")),
	} {
		began := time.Now()
		all, err := Reader{}.Read(t.Context(), []byte(text), sla.WindowAt(now))
		if took := time.Since(began); took > 10*maxTime { // on a machine with other work, too
			t.Errorf("%s took %v: %d events, %v", name, took, len(all), err)
		} else {
			t.Logf("%s: %v, %d, %v", name, took, len(all), err)
		}
	}
}

func TestPublicListsAreReadWhole(t *testing.T) {
	files, err := filepath.Glob("testdata/*.ics")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	if dir := os.Getenv("ICALENDAR_FILES"); dir != "" {
		more, _ := filepath.Glob(filepath.Join(dir, "*.ics"))
		files = append(files, more...)
	}
	whole := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		x := sla.Calendar{ID: "c", Name: "Office", TimeZone: "UTC", VersionID: "v1"}
		occasions := read(t, string(text))
		done, err := x.Import(occasions, "v2", now)
		if err != nil || len(done.Skipped) > 0 || done.Imported == 0 || len(occasions) != strings.Count(string(text), "BEGIN:VEVENT") {
			t.Errorf("%s: %d events, imported %d, skipped %v, %v", name, len(occasions), done.Imported, done.Skipped, err)
			continue
		}
		again, err := x.Import(read(t, string(text)), "v3", now)
		if err != nil || again.Imported != 0 || x.VersionID != "v2" || again.Unchanged != done.Imported+done.Unchanged {
			t.Errorf("%s again: %d, %v", name, again.Imported, err)
			continue
		}
		whole++
	}
	t.Logf("%d of %d files are read whole", whole, len(files))
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(file("UID:1\nSUMMARY:Day\nDTSTART;VALUE=DATE:20261225\nDTEND:20261227\n" +
		"RRULE:FREQ=YEARLY;BYDAY=-1MO;COUNT=3\nEXDATE:20271225")))
	f.Add([]byte(file("SUMMARY:\\n\\;\nDTSTART:20240229\nDURATION:P1W\nRDATE:20260101", "STATUS:CANCELLED")))
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\n x\nEND:VTIMEZONE\nEND:VCALENDAR"))
	window := sla.WindowAt(now)
	f.Fuzz(func(t *testing.T, text []byte) {
		all, err := Reader{}.Read(t.Context(), text, window)
		if err != nil {
			return
		}
		x := sla.Calendar{ID: "c", VersionID: "v1"}
		if _, err := x.Import(all, "v2", now); err != nil {
			return
		}
		if again, err := x.Import(all, "v3", now); err != nil || again.Imported > 0 {
			t.Errorf("a second import adds %d: %v", again.Imported, err)
		}
		if !slices.IsSortedFunc(x.Holidays, func(a, b sla.Holiday) int { return strings.Compare(a.Date.String(), b.Date.String()) }) {
			t.Errorf("out of order: %v", x.Holidays)
		}
	})
}
