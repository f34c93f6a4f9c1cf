package audit

import (
	"fmt"
	"slices"
	"time"

	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

// alarm is a warning, a breach or a void, as both the ledger and the history record it.
type alarm struct {
	kind         ticket.EntryKind
	metric       string
	at, recorded string
}

func (a alarm) String() string {
	return fmt.Sprintf("%s of %s at %s, recorded at %s", a.kind, a.metric, a.at, a.recorded)
}

func newAlarm(kind ticket.EntryKind, metric string, at, recorded time.Time) alarm {
	return alarm{kind, metric, stamp(at), stamp(recorded)}
}

// checkAlarms reports warnings, breaches and voids that are not as often in the history as in the ledger.
func (x *auditor) checkAlarms(ledgersSince time.Time) {
	count := map[alarm]int{} // how often it is in the ledger, less how often it is in the history
	optional := map[alarm]bool{}
	var order []alarm
	note := func(a alarm, n int) {
		if !slices.Contains(order, a) {
			order = append(order, a)
		}
		count[a] += n
	}
	breachAt := map[string]time.Time{}
	for _, e := range x.Ledger {
		clock := fmt.Sprint(e.Metric, e.Cycle)
		var a alarm
		switch e.Kind {
		case sla.Warned:
			a = newAlarm(ticket.EntryWarned, string(e.Metric), e.At, e.RecordedAt)
		case sla.Breached:
			breachAt[clock] = e.At
			a = newAlarm(ticket.EntryBreached, string(e.Metric), e.At, e.RecordedAt)
		case sla.Voided:
			a = newAlarm(ticket.EntryVoided, string(e.Metric), breachAt[clock], e.RecordedAt)
		default:
			continue
		}
		note(a, 1)
		optional[a] = x.broughtAlong(e, ledgersSince)
	}
	for _, h := range x.History {
		switch h.Kind {
		case ticket.EntryWarned, ticket.EntryBreached, ticket.EntryVoided:
			at, err := time.Parse(time.RFC3339Nano, h.From+h.To) // one of them is empty
			if err != nil {
				x.report("entry %s of the history has the times %q and %q", h.ID, h.From, h.To)
				continue
			}
			note(newAlarm(h.Kind, h.Field, at, h.At), -1)
		default:
		}
	}
	for _, a := range order {
		switch n := count[a]; {
		case n > 0 && !optional[a]:
			x.report("the ledger has %s; the history lacks it", a)
		case n < 0:
			x.report("the history has %s; the ledger lacks it", a)
		}
	}
}

// broughtAlong reports whether an alarm came with the ticket, from another system or from before there were ledgers: such
// an alarm is in the ledger only.
func (x *auditor) broughtAlong(e sla.Entry, ledgersSince time.Time) bool {
	if !e.RecordedAt.After(ledgersSince) {
		return true
	}
	imported := slices.ContainsFunc(x.History, func(h ticket.Entry) bool { return h.Kind == ticket.EntryCreated && h.Via == access.ViaImport })
	return imported && e.RecordedAt.Equal(x.Ledger[0].RecordedAt)
}
