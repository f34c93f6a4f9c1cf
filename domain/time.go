package domain

import (
	"strings"
	"time"
)

// FormatTime returns a time as clients see it: RFC 3339 with the offset of a zone, to the microsecond; "" for the
// zero time.
func FormatTime(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	t = t.Truncate(time.Microsecond).In(zone)
	if _, offset := t.Zone(); offset%60 != 0 { // local mean time of long ago: RFC 3339 has no such offset
		t = t.UTC()
	}
	return t.Format(time.RFC3339Nano)
}

const (
	shortTime   = "2006/01/02 15:04" // how the system before this one wrote times
	maxTimeText = 64                 // bytes
	lastYear    = 9998               // the year after it stands for "never"
)

// ParseTime reads a time as clients write it: RFC 3339, or YYYY/MM/DD HH:MM in a zone. The result is in UTC, cut to
// microseconds, and of the years 1 to 9998; ok is false for every other text.
func ParseTime(text string, zone *time.Location) (t time.Time, ok bool) {
	if len(text) > maxTimeText {
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
	if y := t.Year(); y < 1 || y > lastYear {
		return time.Time{}, false
	}
	return t, !t.IsZero()
}
