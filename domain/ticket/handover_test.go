package ticket_test

import (
	"testing"

	"tickt/domain"
	"tickt/domain/ticket"
)

func TestHandOverIsReadFromItsID(t *testing.T) {
	for _, h := range []ticket.HandOver{{From: "a", To: "b", By: "c"}, {From: "a", By: "c"}, {From: "a", To: "b", By: "c", After: "d"}} {
		if got, ok := ticket.HandOverOf(h.ID()); !ok || got != h {
			t.Errorf("%+v is read as %+v, %v", h, got, ok)
		}
	}
	for _, id := range []domain.ID{"a", "a.b", "a.b.c.d.e"} {
		if _, ok := ticket.HandOverOf(id); ok {
			t.Errorf("%s is read", id)
		}
	}
}
