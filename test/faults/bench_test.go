package faults

import (
	"path/filepath"
	"testing"
	"time"

	"tickt/test/postgres"
)

// BenchmarkSweep measures one process that records b.N breaches that are due, with the warnings before them.
func BenchmarkSweep(b *testing.B) {
	for _, d := range []struct {
		name string
		open func() string
	}{
		{"sqlite", func() string { return "sqlite:" + filepath.Join(b.TempDir(), "tickt.db") }},
		{"postgres", func() string { return postgres.URL(b) }},
	} {
		b.Run(d.name, func(b *testing.B) {
			bed := newTestbed(b, d.open())
			bed.addTickets(b.N, func(int) time.Time { return now().Add(-61 * time.Minute) })
			b.ResetTimer()
			recorded := 0
			for n := 1; n > 0; recorded += n {
				var err error
				n, err = bed.app.ServiceLevels.Sweep(b.Context())
				check(b, err)
			}
			b.StopTimer()
			if recorded != b.N {
				b.Fatalf("%d tickets were swept, want %d", recorded, b.N)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tickets/s")
		})
	}
}
