package ticket

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// ReplayHistory compares the history of a ticket, oldest entry first, with the ticket as it is, and returns every
// contradiction: a change that does not begin with the value that the change before it ended with, a last change that
// does not end with the value of the ticket, and a creation or deletion that is missing, repeated or false.
func ReplayHistory(t Ticket, entries []Entry) (wrong []string) {
	kinds := map[EntryKind]int{}
	changes := map[string][]Entry{}
	for _, e := range entries {
		kinds[e.Kind]++
		if e.Kind == EntryChanged {
			changes[e.Field] = append(changes[e.Field], e)
		}
		if e.Kind == EntryCreated && e.To != t.Number {
			wrong = append(wrong, fmt.Sprintf("the history begins with the number %s", e.To))
		}
	}
	if n := kinds[EntryCreated]; n != 1 {
		wrong = append(wrong, fmt.Sprintf("%d entries of the history say that it was created", n))
	}
	if n := kinds[EntryDeleted]; n > 1 || n == 1 == t.DeletedAt.IsZero() {
		wrong = append(wrong, fmt.Sprintf("%d entries of the history say that it was deleted; deleted_at is %s", n, stamp(t.DeletedAt)))
	}
	for _, f := range historyFields {
		wrong = append(wrong, f.replay(View{Ticket: t}, changes[f.field])...)
		delete(changes, f.field)
	}
	for _, field := range slices.Sorted(maps.Keys(changes)) {
		wrong = append(wrong, fmt.Sprintf("the history has a change of %q, which is no field of a ticket", field))
	}
	return wrong
}

// replay returns the contradictions among the changes of the field and with the ticket.
func (f historyField) replay(v View, changes []Entry) (wrong []string) {
	if len(changes) == 0 {
		return nil
	}
	is := f.value(v)
	if f.field == menuField && balanced(is, changes) {
		return nil
	}
	for i, e := range changes[1:] {
		if was := changes[i].To; e.From != was {
			wrong = append(wrong, fmt.Sprintf("%s changed from %q at %s (entry %s), but was %q", f.field, e.From, stamp(e.At), e.ID, was))
		}
	}
	if last := changes[len(changes)-1]; last.To != is {
		wrong = append(wrong, fmt.Sprintf("%s is %q; the history has %q (entry %s)", f.field, is, last.To, last.ID))
	}
	return wrong
}

// balanced reports whether the changes lead to a value in some order. The removal of a menu changes many tickets at the
// time of one clock, so the order of its entries among those of another clock is not certain.
func balanced(is string, changes []Entry) bool {
	count := map[string]int{is: -1}
	for _, e := range changes {
		count[e.To]++
		count[e.From]--
	}
	missing := 0
	for _, n := range count {
		if n > 0 || n < -1 {
			return false
		}
		missing -= n
	}
	return missing == 1
}

// stamp formats a time for a sentence; a zero one is "unset".
func stamp(t time.Time) string {
	if t.IsZero() {
		return "unset"
	}
	return t.UTC().Format(time.RFC3339Nano)
}
