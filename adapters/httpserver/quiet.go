package httpserver

import (
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// quietTime is how long there must be no requests before memory is returned to the system.
const quietTime = 30 * time.Second

// quiet returns memory to the system after a burst of requests: the garbage collector does so only little by little, and
// without requests it hardly runs.
type quiet struct {
	last atomic.Int64 // Unix time of the last request that was not one of a monitor
	done chan struct{}
	free func() // returns memory to the system
}

// freeMemory returns unused memory to the system. What is in a sync.Pool becomes unused in the second collection.
func freeMemory() {
	runtime.GC()
	debug.FreeOSMemory()
}

// busy reports a request.
func (q *quiet) busy(now time.Time) { q.last.Store(now.Unix()) }

func (q *quiet) start() {
	q.done = make(chan struct{})
	go q.watch(time.NewTicker(quietTime / 3))
}

func (q *quiet) stop() { close(q.done) }

// watch returns memory once after each burst.
func (q *quiet) watch(tick *time.Ticker) {
	defer tick.Stop()
	var freed int64
	for {
		select {
		case <-q.done:
			return
		case now := <-tick.C:
			if last := q.last.Load(); last > freed && now.Unix()-last >= int64(quietTime/time.Second) {
				q.free()
				freed = last
			}
		}
	}
}
