package lifecycle_test

import (
	"testing"

	"tickt/domain/lifecycle"
)

func TestEveryTypeIsEitherActiveOrDoneOrOver(t *testing.T) {
	for i, typ := range lifecycle.StatusTypes {
		if !typ.Known() || typ.DefaultWeight() != i+1 {
			t.Errorf("%s: known %t, weight %d", typ, typ.Known(), typ.DefaultWeight())
		}
		if typ.Active() == (typ.Done() || typ.Over()) {
			t.Errorf("%s: active %t, done %t, over %t", typ, typ.Active(), typ.Done(), typ.Over())
		}
	}
}

func TestUnknownTypesHaveNoProperties(t *testing.T) {
	for _, typ := range []lifecycle.StatusType{"", "Open", "open ", "pendng"} {
		if typ.Known() || typ.DefaultWeight() != 0 || typ.Active() || typ.Done() || typ.Over() {
			t.Errorf("%q: known %t, weight %d, active %t, done %t, over %t",
				typ, typ.Known(), typ.DefaultWeight(), typ.Active(), typ.Done(), typ.Over())
		}
	}
}
