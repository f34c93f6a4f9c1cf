package domain

import (
	"path"
	"slices"
	"strings"
	"time"
)

// TimeZone returns the time zone with a name of the IANA database. ok is false if there is none. It refuses the machine's local
// zone, and the other kinds of time ("right/…") and spellings that some machines know: they could differ between replicas.
func TimeZone(name string) (zone *time.Location, ok bool) {
	kind, _, _ := strings.Cut(name, "/")
	if slices.Contains([]string{"", "Local", "localtime", "posix", "posixrules", "right"}, kind) || path.Clean(name) != name {
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil
}

// FormatTime returns a time as clients see it: in RFC 3339, with the offset of the zone, cut to microseconds. It returns
// "" for the zero time.
func FormatTime(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	t = t.Truncate(time.Microsecond).In(zone)
	if _, offset := t.Zone(); offset%60 != 0 { // RFC 3339 has no offsets with seconds, as local mean times had
		t = t.UTC()
	}
	return t.Format(time.RFC3339Nano)
}

// ZoneName returns the name of the zone that t is in, for people: an abbreviation such as "CET", or the offset, as in "UTC+05:45",
// where the zone has none.
func ZoneName(t time.Time) string {
	name, _ := t.Zone()
	if strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-") || name == "" {
		return "UTC" + t.Format("-07:00")
	}
	return name
}

const (
	shortTime   = "2006/01/02 15:04" // the form of the original system
	maxTimeText = 64                 // bytes
	lastYear    = 9998               // year 9999 stands for "never"
)

// ParseTime reads a time of a client: RFC 3339, or YYYY/MM/DD HH:MM in the zone. The result is in UTC and cut to
// microseconds. ok is false if the text is not a time, or if the time is zero or not in the years 1 to 9998.
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
