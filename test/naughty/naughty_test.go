package naughty

import (
	"slices"
	"testing"
)

func TestStringsAreTheWholeList(t *testing.T) {
	t.Setenv(Variable, "all")
	all := Strings(t)
	if len(all) < 480 || !slices.Contains(all, "undefined") || !slices.Contains(all, "田中さんにあげて下さい") {
		t.Errorf("%d strings", len(all))
	}
	if isWhole([]byte("something else")) {
		t.Error("the checksum is not checked")
	}
}
