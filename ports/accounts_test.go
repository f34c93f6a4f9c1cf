package ports_test

import (
	"maps"
	"testing"

	"tickt/domain/query"
	"tickt/ports"
)

func TestAccountFilterWantsActiveAccountsByDefault(t *testing.T) {
	for text, want := range map[string]string{
		"-": "active", "true": "active", "1": "active", "FALSE": "inactive", "0": "inactive",
		"all": "both", "ALL": "both", "": "refused", "some": "refused",
	} {
		params := map[string]string{"role": string(someID), "search": "Ann Lee"}
		if text != "-" {
			params["is_active"] = text
		}
		q := query.New(maps.All(params))
		f := ports.ReadAccountFilter(q)
		got := "both"
		switch {
		case q.Err() != nil:
			got = "refused"
		case f.Active != nil && *f.Active:
			got = "active"
		case f.Active != nil:
			got = "inactive"
		}
		if got != want || f.Role != someID || f.Search.Typed != "Ann Lee" {
			t.Errorf("is_active=%q: got %s, want %s: %+v", text, got, want, f)
		}
	}
}
