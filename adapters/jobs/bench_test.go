package jobs_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"tickt/domain"
	"tickt/test/migrated"
)

// benchmarkEachEngine runs a benchmark on a new database of each engine.
func benchmarkEachEngine(b *testing.B, measure func(*testing.B, testDB)) {
	b.Run("sqlite", func(b *testing.B) {
		measure(b, newTestDB(b, migrated.File(b)))
	})
	b.Run("postgres", func(b *testing.B) { measure(b, newTestDB(b, migrated.Postgres(b))) })
}

// BenchmarkAdd measures adding 1 or 500 jobs per Update, from 4 goroutines per processor.
func BenchmarkAdd(b *testing.B) {
	for _, n := range []int{1, 500} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			benchmarkEachEngine(b, func(b *testing.B, p testDB) {
				b.SetParallelism(4)
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						p.add(b, mailJobs(n)...)
					}
				})
				b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "jobs/s")
			})
		})
	}
}

// BenchmarkWork measures working b.N jobs that do nothing, until the queue is empty.
func BenchmarkWork(b *testing.B) {
	benchmarkEachEngine(b, func(b *testing.B, p testDB) {
		for chunk := range slices.Chunk(mailJobs(b.N), 500) {
			p.add(b, chunk...)
		}
		var done atomic.Int64
		all := make(chan struct{})
		b.ResetTimer()
		s := start(b, p.options(func(context.Context, domain.ID, int) error {
			if done.Add(1) == int64(b.N) {
				close(all)
			}
			return nil
		}))
		<-all
		stop(b, s) // returns when their completion is stored
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
	})
}
