package ticket_test

import (
	"testing"

	"tickt/domain/ticket"
)

func TestHandOverIsReadFromItsID(t *testing.T) {
	for _, h := range []ticket.HandOver{{From: "a", To: "b", By: "c"}, {From: "a", By: "c"}} {
		if got, ok := ticket.HandOverOf(h.ID()); !ok || got != h {
			t.Errorf("%+v is read as %+v, %v", h, got, ok)
		}
	}
	if _, ok := ticket.HandOverOf("a"); ok {
		t.Error("a is read")
	}
}
