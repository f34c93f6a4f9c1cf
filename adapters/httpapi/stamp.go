package httpapi

import (
	"strings"
	"time"
)

// stamp is a time as clients see it: RFC 3339 with the offset of the service's zone, to the microsecond;
// null where there is none. It is a pointer to text because encoding/json writes that twice as fast as
// anything that writes itself.
type stamp *string

// at makes the stamp of a moment; that of the zero time is null.
func (a *api) at(t time.Time) stamp {
	if t.IsZero() {
		return nil
	}
	t = t.Truncate(time.Microsecond).In(a.Zone)
	if _, offset := t.Zone(); offset%60 != 0 { // local mean time of long ago: RFC 3339 knows no such offset
		t = t.UTC()
	}
	var room [len(time.RFC3339Nano)]byte
	text := string(t.AppendFormat(room[:0], time.RFC3339Nano))
	return &text
}

// shortTime is how the system before this one wrote times.
const shortTime = "2006/01/02 15:04"

// parseTime reads RFC 3339, and YYYY/MM/DD HH:MM in zone; the result is UTC, cut to microseconds, and of
// the years 1 to 9998.
func parseTime(text string, zone *time.Location) (time.Time, bool) {
	if len(text) > 64 {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, strings.ToUpper(text)) // RFC 3339 §5.6 allows "t" and "z"
	if err != nil || strings.ContainsRune(text, ',') {            // Go reads a comma as a decimal point, RFC 3339 does not
		t, err = time.ParseInLocation(shortTime, text, zone)
	}
	if err != nil {
		return time.Time{}, false
	}
	t = t.UTC().Truncate(time.Microsecond)
	if y := t.Year(); y < 1 || y > 9998 {
		return time.Time{}, false
	}
	return t, !t.IsZero()
}

// plusRestored gives "…T09:30:00 05:45" its plus sign back, of which a query makes a blank.
func plusRestored(text string) string {
	if i := len(text) - len(" 05:45"); i > 0 && text[i] == ' ' {
		return text[:i] + "+" + text[i+1:]
	}
	return text
}
