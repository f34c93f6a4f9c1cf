package domain

import (
	"testing"
	"time"
)

type compared struct {
	Text   string
	At     time.Time
	List   []compared
	Flags  map[string]bool
	Next   *compared
	hidden time.Time
}

func TestSameComparesWhatIsStored(t *testing.T) {
	noon := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	there := noon.In(time.FixedZone("", 3600))
	full := func() compared {
		return compared{
			Text: "a", At: noon, List: []compared{{Text: "b", At: noon}}, Flags: map[string]bool{"c": true}, Next: &compared{Text: "d"},
			hidden: noon,
		}
	}
	elsewhere := full()
	elsewhere.At, elsewhere.List[0].At = there, there
	if !Same(full(), elsewhere) || !Same(compared{List: []compared{}, Flags: map[string]bool{}}, compared{}) || !Same[any](nil, nil) {
		t.Error("equal ones differ")
	}
	for name, change := range map[string]func(*compared){
		"text":            func(x *compared) { x.Text = "" },
		"time":            func(x *compared) { x.At = x.At.Add(1) },
		"element":         func(x *compared) { x.List[0].Text = "" },
		"length":          func(x *compared) { x.List = append(x.List, compared{}) },
		"value of a key":  func(x *compared) { x.Flags["c"] = false },
		"another key":     func(x *compared) { x.Flags = map[string]bool{"d": true} },
		"number of keys":  func(x *compared) { x.Flags["d"] = true },
		"pointer":         func(x *compared) { x.Next.Text = "" },
		"no pointer":      func(x *compared) { x.Next = nil },
		"unexported time": func(x *compared) { x.hidden = x.hidden.Add(1) },
	} {
		x := full()
		if change(&x); Same(x, full()) || Same(full(), x) {
			t.Errorf("%s: there is no difference", name)
		}
	}
}
