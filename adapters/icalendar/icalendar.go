// Package icalendar reads holidays from iCalendar files (RFC 5545).
package icalendar

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/ports"
)

var _ ports.HolidayReader = Reader{}

// Limits of a file. The time of the library for one line grows with the square of its length.
const (
	maxEvents   = 5000
	maxProperty = 4 << 10 // bytes of a line whose value is used, unfolded; longer ones are as good as absent
	maxTime     = 3 * time.Second
)

// Reader implements ports.HolidayReader.
type Reader struct{}

// event holds the properties of an event that matter.
type event struct {
	line       int
	properties map[string][]*ics.BaseProperty // by upper-case name
}

// Read implements ports.HolidayReader.
func (Reader) Read(ctx context.Context, text []byte, window sla.Window) ([]sla.Occasion, error) {
	events, err := parse(bytes.TrimPrefix(text, []byte("\ufeff")))
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	all, line := occasions(limited, events, window)
	if line > 0 {
		return nil, cmp.Or(ctx.Err(), invalid(line, "reading the rules of the events takes too long."))
	}
	return all, nil
}

func invalid(line int, what string, args ...any) error {
	return domain.Fail(domain.Invalid, fmt.Sprintf("Line %d: %s", line, fmt.Sprintf(what, args...)))
}

// used are the properties of events that matter.
var used = map[string]bool{
	"DTSTART": true, "DTEND": true, "DURATION": true, "SUMMARY": true, "UID": true, "STATUS": true, "RRULE": true, "RDATE": true,
	"EXDATE": true, "RECURRENCE-ID": true,
}

// parse returns the events of a file. Components within an event, and others than events, are skipped.
func parse(text []byte) (events []event, err error) {
	var open []string // names of the components that are open
	last, began := 1, false
	for number, line := range contentLines(text) {
		last = number
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		name, value := split(line)
		if len(open) == 0 && (name != "BEGIN" || value != "VCALENDAR") {
			return nil, invalid(number, "BEGIN:VCALENDAR is expected.")
		}
		began = true
		switch inEvent := len(open) == 2 && open[1] == "VEVENT"; {
		case !utf8.Valid(line):
			return nil, invalid(number, "the text is not UTF-8.")
		case name == "BEGIN":
			if open = append(open, value); len(open) > 10 {
				return nil, invalid(number, "components are nested too deeply.")
			}
			if len(open) != 2 || value != "VEVENT" {
				continue
			}
			if len(events) == maxEvents {
				return nil, invalid(number, "a file may have at most %d events.", maxEvents)
			}
			events = append(events, event{line: number, properties: map[string][]*ics.BaseProperty{}})
		case name == "END":
			if open[len(open)-1] != value {
				return nil, invalid(number, "END:%s is expected.", open[len(open)-1])
			}
			open = open[:len(open)-1]
		case inEvent && used[name] && len(line) <= maxProperty:
			p, err := ics.ParseProperty(ics.ContentLine(line))
			if err != nil || p == nil {
				return nil, invalid(number, "%s cannot be read.", name)
			}
			e := &events[len(events)-1]
			e.properties[name] = append(e.properties[name], p)
		}
	}
	switch {
	case len(open) > 0:
		return nil, invalid(last, "the file ends before END:%s.", open[len(open)-1])
	case !began:
		return nil, invalid(1, "BEGIN:VCALENDAR is expected.")
	}
	return events, nil
}

// contentLines yields the lines of a file, unfolded (RFC 5545 §3.1), with the numbers at which they begin. They end with
// CRLF or LF.
func contentLines(text []byte) func(func(int, []byte) bool) {
	return func(yield func(int, []byte) bool) {
		number, begun := 0, 0
		var line []byte
		for rest := text; len(rest) > 0; {
			var physical []byte
			physical, rest, _ = bytes.Cut(rest, []byte("\n"))
			physical = bytes.TrimSuffix(physical, []byte("\r"))
			number++
			if begun > 0 && len(physical) > 0 && (physical[0] == ' ' || physical[0] == '\t') {
				line = append(line, physical[1:]...)
				continue
			}
			if begun > 0 && !yield(begun, line) {
				return
			}
			begun, line = number, append([]byte(nil), physical...)
		}
		if begun > 0 {
			yield(begun, line)
		}
	}
}

// split returns the name of a line in upper case and, of BEGIN and END, the value.
func split(line []byte) (name, value string) {
	end := bytes.IndexAny(line, ":;")
	if end < 0 {
		return "", ""
	}
	name = strings.ToUpper(string(line[:min(end, 20)]))
	if name == "BEGIN" || name == "END" {
		value = strings.ToUpper(strings.TrimSpace(string(line[end+1 : min(len(line), end+60)])))
	}
	return name, value
}

// value returns the first value of a property; "" if there is none.
func (e event) value(name string) string {
	if all := e.properties[name]; len(all) > 0 {
		return strings.TrimSpace(all[0].Value)
	}
	return ""
}

// dates returns the dates of a property that has a list of them; ok is false if one of them is no date.
func (e event) dates(name string) (out []time.Time, ok bool) {
	for _, p := range e.properties[name] {
		for text := range strings.SplitSeq(p.Value, ",") {
			t, ok := dateOf(text)
			if !ok {
				return nil, false
			}
			out = append(out, t)
		}
	}
	return out, true
}

// dateOf reads YYYYMMDD as midnight in UTC.
func dateOf(text string) (time.Time, bool) {
	t, err := time.Parse("20060102", strings.TrimSpace(text))
	return t, err == nil && t.Year() >= 1900 && t.Year() < 2500
}
