package ticket

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tickt/domain"
)

func TestStatusWeightDefaultsToThatOfItsType(t *testing.T) {
	for i, typ := range StatusTypes {
		s, err := NewStatus("s1", StatusPatch{Name: domain.Some(" In Progress "), Code: domain.Some("wip"), StatusType: domain.Some(string(typ))},
			noon)
		if err != nil || s.Weight != i+1 || s.Name != "In Progress" || s.NameKey != "in progress" || s.Code != "WIP" {
			t.Errorf("%+v %v", s, err)
		}
	}
}

func TestTypeOfAStatusInUseCannotBeChanged(t *testing.T) {
	open := Status{ID: "s1", Name: "Open", Code: "OPEN", Weight: 1, StatusType: Open}
	renamed, retyped := open, open
	renamed.Name, renamed.Code, renamed.Weight, renamed.IsDefault = "New", "NEW", 9, true
	retyped.StatusType = Resolved
	if err := open.WhileUsed(renamed); err != nil {
		t.Error(err)
	}
	if err := open.WhileUsed(retyped); !errors.Is(err, ErrTypeInUse) {
		t.Errorf("got %v, want ErrTypeInUse", err)
	}
}

func TestStatusReportsAllProblemsAtOnce(t *testing.T) {
	_, err := NewStatus("s1", StatusPatch{StatusType: domain.Some("done"), Weight: domain.Some(-1)}, noon)
	want := `name: Status name can not be blank.
code: Status code can not be blank.
statusType: Invalid status type. Please choose one of: open, in_progress, pending, resolved, closed, cancelled.
weight: Weight must be a whole number from 0 to 1000000.`
	if got := problems(t, err); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestPriorityReportsAllProblemsAtOnce(t *testing.T) {
	_, err := NewPriority(
		"p1",
		PriorityPatch{
			Name: domain.Some(strings.Repeat("x", 51)), Code: domain.Some(strings.Repeat("x", 21)), Color: domain.Some("red"),
			SLAHours: domain.Some(0),
			Weight:   domain.Some(MaxWeight + 1),
		},
		noon,
	)
	want := `name: Priority name must be at most 50 characters.
code: Priority code must be at most 20 characters.
weight: Weight must be a whole number from 0 to 1000000.
color: Color must be of the form #rrggbb.
slaHours: SLA hours must be a whole number from 1 to 87840, or null.`
	if got := problems(t, err); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestPriorityDefaults(t *testing.T) {
	p, err := NewPriority("p1", PriorityPatch{Name: domain.Some("Low"), Code: domain.Some("low")}, noon)
	if err != nil || p.Color != "#28a745" || p.SLAHours != 0 || p.Weight != 0 || p.IsDefault {
		t.Errorf("%+v %v", p, err)
	}
	if err := p.Apply(PriorityPatch{SLAHours: domain.Some(4)}, noon.Add(time.Hour)); err != nil || p.SLAHours != 4 || p.Name != "Low" ||
		!p.UpdatedAt.Equal(noon.Add(time.Hour)) || !p.CreatedAt.Equal(noon) {
		t.Errorf("%+v %v", p, err)
	}
	if err := p.Apply(PriorityPatch{SLAHours: domain.Null[int]()}, noon); err != nil || p.SLAHours != 0 {
		t.Errorf("%+v %v", p, err)
	}
}
