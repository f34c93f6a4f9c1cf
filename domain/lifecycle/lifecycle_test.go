package lifecycle_test

import (
	"testing"

	"tickt/domain/lifecycle"
)

func TestEveryTypeIsActiveDoneOrOver(t *testing.T) {
	for i, typ := range lifecycle.StatusTypes {
		if !typ.Known() || typ.DefaultWeight() != i+1 {
			t.Errorf("%s: known %t, weight %d", typ, typ.Known(), typ.DefaultWeight())
		}
		if typ.Active() == (typ.Done() || typ.Over()) {
			t.Errorf("%s: active %t, done %t, over %t", typ, typ.Active(), typ.Done(), typ.Over())
		}
	}
}

func TestOnlyTheListedTypesAreKnown(t *testing.T) {
	for _, none := range []lifecycle.StatusType{"", "Open", "open ", "pendng"} {
		if none.Known() || none.DefaultWeight() != 0 || none.Active() || none.Done() || none.Over() {
			t.Errorf("%q is a type", none)
		}
	}
}
