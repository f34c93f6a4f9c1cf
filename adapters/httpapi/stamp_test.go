package httpapi

import (
	"encoding/json"
	"testing"
	"time"
)

var kathmandu = time.FixedZone("", (5*60+45)*60)

func TestTimestampsAreInZoneOfService(t *testing.T) {
	a := &api{Options: Options{Zone: kathmandu}}
	for _, tc := range []struct {
		name string
		at   time.Time
		want string
	}{
		{"some", time.Date(2026, 1, 31, 9, 30, 0, 120999, time.UTC), `"2026-01-31T15:15:00.00012+05:45"`},
		{"none", time.Time{}, `null`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := json.Marshal(a.timestamp(tc.at))
			if err != nil || string(got) != tc.want {
				t.Errorf("%s %v, want %s", got, err, tc.want)
			}
		})
	}
}
