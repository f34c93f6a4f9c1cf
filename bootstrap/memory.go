package bootstrap

import (
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// gcPercent lets the heap grow to three times the live heap, which is small, before it is collected. GOGC takes precedence.
const gcPercent = 200

// memoryShare is the part of the memory of a container that the Go runtime may use. The rest is for what it does not count.
const memoryShare = 0.9

// limitMemory makes the runtime collect garbage more often before the memory of the container is used up. GOMEMLIMIT takes
// precedence; outside of a container with a limit, nothing changes.
func limitMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	_, _ = memlimit.Set(memlimit.WithRatio(memoryShare), memlimit.WithProvider(memlimit.FromCgroup))
}
