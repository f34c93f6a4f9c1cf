// Package audit checks the data of a whole database, as tickt check does, and beyond that whether the notification logs of
// each ticket agree with its ledger.
package audit

import (
	"context"
	"testing"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"tickt/adapters/bunstore"
	"tickt/application/checking"
	"tickt/domain"
	"tickt/domain/audit"
)

// Totals counts what an audit has read.
type Totals struct {
	audit.Totals
	Notified int // notification logs of warnings and breaches
}

// maxReported is the number of discrepancies that Check reports one by one.
const maxReported = 20

// Check audits a database that is not being written to, and fails the test for every discrepancy. If supervisors are
// given, each alarm must have notified the assignee of the ticket once, or, if it has none, each supervisor once.
func Check(t testing.TB, s *bunstore.Store, supervisors ...domain.ID) Totals {
	t.Helper()
	totals, wrong, err := Audit(t.Context(), s, supervisors...)
	if err != nil {
		t.Fatalf("cannot read the database: %v", err)
	}
	for _, w := range wrong[:min(maxReported, len(wrong))] {
		t.Error(w)
	}
	if more := len(wrong) - maxReported; more > 0 {
		t.Errorf("and %d more", more)
	}
	return totals
}

// Audit is Check, except that it returns the discrepancies.
func Audit(ctx context.Context, s *bunstore.Store, supervisors ...domain.ID) (totals Totals, wrong []string, err error) {
	checks := checking.Checks{Inspection: s.Inspection()}
	totals.Totals, err = checks.Run(ctx, checking.Report{Found: func(f audit.Finding) { wrong = append(wrong, f.String()) }})
	if err != nil {
		return totals, wrong, err
	}
	n := notices{Inspection: s.Inspection(), db: open(s), supervisors: supervisors}
	err = n.check(ctx)
	totals.Notified = n.found
	return totals, append(wrong, n.wrong...), err
}

func open(s *bunstore.Store) *bun.DB {
	c := s.Connections()
	if c.Postgres != nil {
		return bun.NewDB(c.Reads, pgdialect.New())
	}
	return bun.NewDB(c.Reads, sqlitedialect.New())
}
