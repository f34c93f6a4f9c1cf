package icalendar

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"tickt/domain/sla"
)

const (
	maxDays  = 366  // of one event
	maxTimes = 1001 // an event that recurs more often exceeds the limit of a calendar alone
)

// occasions returns what the events are or, if ctx ends before, the line of the event that was to be next.
func occasions(ctx context.Context, events []event, window sla.Window) (out []sla.Occasion, line int) {
	moved := map[string][]time.Time{} // dates of recurring events that other events replace, by UID
	for _, e := range events {
		if at, ok := e.dates("RECURRENCE-ID"); ok && len(at) > 0 {
			moved[e.value("UID")] = append(moved[e.value("UID")], at...)
		}
	}
	out = make([]sla.Occasion, len(events))
	for i, e := range events {
		if ctx.Err() != nil {
			return nil, e.line
		}
		x := sla.Occasion{Line: e.line, UID: e.value("UID"), Name: e.value("SUMMARY")}
		x.Dates, x.Yearly, x.Skipped = e.occurrences(moved[x.UID], window)
		out[i] = x
	}
	return out, 0
}

// occurrences returns the dates of an event, or why it is no holiday. moved are its dates that other events replace.
func (e event) occurrences(moved []time.Time, window sla.Window) (dates []sla.Date, yearly bool, why sla.SkipReason) {
	if strings.EqualFold(e.value("STATUS"), "CANCELLED") {
		return nil, false, sla.SkippedCancelled
	}
	start, ok := dateOf(e.value("DTSTART"))
	if !ok {
		return nil, false, sla.SkippedTime
	}
	days, why := e.days(start)
	if why != "" {
		return nil, false, why
	}
	except, exceptOK := e.dates("EXDATE")
	more, moreOK := e.dates("RDATE")
	if !exceptOK || !moreOK {
		return nil, false, sla.SkippedTime
	}
	starts := []time.Time{start}
	if rule := e.value("RRULE"); rule != "" && len(e.properties["RECURRENCE-ID"]) == 0 {
		option, ok := readRule(rule, start)
		if !ok {
			return nil, false, sla.SkippedRule
		}
		except = append(except, moved...)
		if yearly = everyYear(option, start) && len(except) == 0; !yearly {
			starts = expand(option, window)
		}
	}
	excluded := map[sla.Date]bool{}
	for _, at := range except {
		excluded[sla.DateOf(at)] = true
	}
	for _, at := range append(starts, more...) {
		if excluded[sla.DateOf(at)] {
			continue
		}
		for n := range days {
			dates = append(dates, sla.DateOf(at.AddDate(0, 0, n)))
		}
	}
	if len(dates) == 0 {
		return nil, false, sla.SkippedNever
	}
	return dates, yearly, ""
}

// days returns for how many days an event lasts.
func (e event) days(start time.Time) (int, sla.SkipReason) {
	days := 1
	if text := e.value("DTEND"); text != "" {
		end, ok := dateOf(text)
		if !ok {
			return 0, sla.SkippedTime
		}
		days = max(1, int(end.Sub(start)/(24*time.Hour))) // an end on the same day is a usual mistake
	} else if text := strings.ToUpper(e.value("DURATION")); text != "" {
		unit := 1
		number, ok := strings.CutPrefix(text, "P")
		if weeks, isWeeks := strings.CutSuffix(number, "W"); isWeeks {
			number, unit = weeks, 7
		} else {
			var isDays bool
			number, isDays = strings.CutSuffix(number, "D")
			ok = ok && isDays
		}
		n, err := strconv.Atoi(number)
		if !ok || err != nil || n < 1 {
			return 0, sla.SkippedTime
		}
		days = min(n, maxDays+1) * unit
	}
	if days > maxDays {
		return 0, sla.SkippedLength
	}
	return days, ""
}

// readRule reads a rule; ok is false if it cannot be read, or has a form whose expansion could take long and that no holiday
// needs.
func readRule(text string, start time.Time) (o *rrule.ROption, ok bool) {
	defer func() {
		if recover() != nil {
			o, ok = nil, false
		}
	}()
	for part := range strings.SplitSeq(strings.ToUpper(text), ";") {
		if number, found := strings.CutPrefix(part, "INTERVAL="); found {
			if n, err := strconv.Atoi(number); err != nil || n < 1 || n > 1000 {
				return nil, false
			}
		}
	}
	o, err := rrule.StrToROption(text)
	if err != nil || o.Count < 0 {
		return nil, false
	}
	o.Dtstart = start
	timed := len(o.Byhour)+len(o.Byminute)+len(o.Bysecond) > 0
	byDate := len(o.Bymonth)+len(o.Bymonthday)+len(o.Byyearday)+len(o.Byweekno)+len(o.Byeaster)+len(o.Bysetpos) > 0
	switch o.Freq {
	case rrule.YEARLY, rrule.MONTHLY:
		return o, !timed
	case rrule.WEEKLY:
		return o, !timed && !byDate
	case rrule.DAILY:
		return o, !timed && !byDate && len(o.Byweekday) == 0
	default:
		return nil, false
	}
}

// everyYear reports whether a rule is that of a yearly holiday: it recurs each year on the date on which it starts.
func everyYear(o *rrule.ROption, start time.Time) bool {
	only := func(values []int, want int) bool { return len(values) == 0 || len(values) == 1 && values[0] == want }
	return o.Freq == rrule.YEARLY && o.Interval <= 1 && o.Count == 0 && o.Until.IsZero() && len(o.Bysetpos)+len(o.Byyearday)+
		len(o.Byweekno)+len(o.Byweekday)+len(o.Byeaster) == 0 && only(o.Bymonth, int(start.Month())) && only(o.Bymonthday, start.Day())
}

// expand returns the dates of a rule within a window.
func expand(o *rrule.ROption, window sla.Window) (out []time.Time) {
	defer func() {
		if recover() != nil {
			out = nil
		}
	}()
	if last := midnight(window.To); o.Until.IsZero() || o.Until.After(last) {
		o.Until = last
	}
	r, err := rrule.NewRRule(*o)
	if err != nil {
		return nil
	}
	from := midnight(window.From)
	for next := r.Iterator(); len(out) < maxTimes; {
		at, more := next()
		if !more {
			break
		}
		if !at.Before(from) {
			out = append(out, at)
		}
	}
	return out
}

func midnight(d sla.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }
