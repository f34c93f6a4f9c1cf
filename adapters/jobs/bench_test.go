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

// onEach measures on a new database of each kind.
func onEach(b *testing.B, measure func(*testing.B, place)) {
	b.Run("sqlite", func(b *testing.B) {
		measure(b, newPlace(b, migrated.File(b)))
	})
	b.Run("postgres", func(b *testing.B) { measure(b, newPlace(b, migrated.Postgres(b))) })
}

// BenchmarkAdd is leaving jobs, so many in each Update: one after the other on SQLite, from 8 goroutines on PostgreSQL.
func BenchmarkAdd(b *testing.B) {
	for _, n := range []int{1, 500} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			onEach(b, func(b *testing.B, p place) {
				b.SetParallelism(4)
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						p.add(b, mails(n)...)
					}
				})
				b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "jobs/s")
			})
		})
	}
}

// BenchmarkWork is doing b.N jobs that have nothing to do, until the queue is empty.
func BenchmarkWork(b *testing.B) {
	onEach(b, func(b *testing.B, p place) {
		for some := range slices.Chunk(mails(b.N), 500) {
			p.add(b, some...)
		}
		var done atomic.Int64
		all := make(chan struct{})
		b.ResetTimer()
		s := start(b, p.doing(func(context.Context, domain.ID, int) error {
			if done.Add(1) == int64(b.N) {
				close(all)
			}
			return nil
		}))
		<-all
		stop(b, s) // when it is on record that they were done
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
	})
}
