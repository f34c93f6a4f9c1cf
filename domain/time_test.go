package domain_test

import (
	"strings"
	"testing"
	"time"

	"tickt/domain"
)

var kathmandu = time.FixedZone("", (5*60+45)*60)

func TestFormatTime(t *testing.T) {
	for _, tc := range []struct {
		name string
		at   time.Time
		zone *time.Location
		want string
	}{
		{"whole seconds", time.Date(2026, 1, 31, 9, 30, 0, 0, time.UTC), kathmandu, "2026-01-31T15:15:00+05:45"},
		{"microseconds", time.Date(2026, 1, 31, 9, 30, 0, 120999, time.UTC), kathmandu, "2026-01-31T15:15:00.00012+05:45"},
		{"none", time.Time{}, kathmandu, ""},
		{"an offset with seconds", time.Date(1900, 1, 31, 9, 30, 0, 0, time.UTC), time.FixedZone("LMT", 5*3600+41*60+16), "1900-01-31T09:30:00Z"},
		{"UTC", time.Date(2026, 1, 31, 9, 30, 0, 0, kathmandu), time.UTC, "2026-01-31T03:45:00Z"},
	} {
		if got := domain.FormatTime(tc.at, tc.zone); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestParseTime(t *testing.T) {
	for _, tc := range []struct {
		name, text, want string // want in UTC; "" if refused
	}{
		{"UTC", "2026-01-31T09:30:00Z", "2026-01-31T09:30:00Z"},
		{"offset", "2026-01-31T09:30:00+05:45", "2026-01-31T03:45:00Z"},
		{"a space before the offset", "2026-01-31T09:30:00 05:45", ""},
		{"small letters", "2026-01-31t09:30:00z", "2026-01-31T09:30:00Z"},
		{"nanoseconds are cut", "2026-01-31T09:30:00.123456789Z", "2026-01-31T09:30:00.123456Z"},
		{"the short form, in the zone", "2026/01/31 09:30", "2026-01-31T03:45:00Z"},
		{"a day that does not exist", "2026-02-30T09:30:00Z", ""},
		{"no offset", "2026-01-31T09:30:00", ""},
		{"only a day", "2026-01-31", ""},
		{"comma as point", "2026-01-31T09:30:00,5Z", ""},
		{"year 0", "0000-01-31T09:30:00Z", ""},
		{"the zero time", "0001-01-01T00:00:00Z", ""},
		{"year 9999", "9999-01-31T09:30:00Z", ""},
		{"year 9998", "9998-12-31T23:59:59Z", "9998-12-31T23:59:59Z"},
		{"beyond year 9998 in UTC only", "9998-12-31T23:59:59-01:00", ""},
		{"number", "1769851800", ""},
		{"nothing", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, ok := domain.ParseTime(tc.text, kathmandu)
			if ok != (tc.want != "") || ok && got.Format(time.RFC3339Nano) != tc.want {
				t.Errorf("%v %v, want %q", got, ok, tc.want)
			}
		})
	}
}

func FuzzParseTime(f *testing.F) {
	for _, seed := range []string{
		"2026-01-31T09:30:00Z", "2026-01-31T09:30:00.5+05:45", "2026-01-31T09:30:00 05:45", "2026/01/31 09:30", "9999-12-31T23:59:59Z", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := domain.ParseTime(text, kathmandu)
		if !ok {
			return
		}
		if got.Location() != time.UTC || got.Nanosecond()%1000 != 0 || got.Year() < 1 || got.Year() > 9998 || got.IsZero() {
			t.Fatalf("%q is read as %v", text, got)
		}
		if back, ok := domain.ParseTime(domain.FormatTime(got, kathmandu), kathmandu); !ok || !back.Equal(got) {
			t.Fatalf("%q is read as %v, which is read back as %v %v", text, got, back, ok)
		}
	})
}

func TestTimeZoneHasANameOfTheDatabase(t *testing.T) {
	for name, want := range map[string]bool{
		"UTC": true, "Asia/Kathmandu": true, "America/Argentina/Ushuaia": true,
		"": false, "Local": false, "localtime": false, "posix/UTC": false, "right/UTC": false, "Asia//Kathmandu": false, "Asia/Kathmandu/": false,
		"../UTC": false, "/UTC": false, "Asia/../UTC": false, "Mars/Olympus": false, "\u0020UTC": false, "UTC\x00": false, "काठमाडौं": false,
		strings.Repeat("A/", 99_999) + "B": false,
	} {
		if zone, ok := domain.TimeZone(name); ok != want || ok && zone.String() != name {
			t.Errorf("%.50q is %v, %v", name, zone, ok)
		}
	}
}

func TestZonesHaveNamesForPeople(t *testing.T) {
	for zone, want := range map[string]string{
		"UTC": "UTC", "Asia/Kathmandu": "UTC+05:45", "America/Sao_Paulo": "UTC-03:00", "Europe/Vienna": "CET", "America/New_York": "EST",
	} {
		in, ok := domain.TimeZone(zone)
		if got := domain.ZoneName(time.Date(2026, time.January, 5, 10, 0, 0, 0, time.UTC).In(in)); !ok || got != want {
			t.Errorf("%s has the name %q, want %q", zone, got, want)
		}
	}
}
