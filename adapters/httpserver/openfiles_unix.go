//go:build unix

package httpserver

import (
	"math"
	"syscall"
)

// openFiles returns how many files the process may open at the same time.
func openFiles() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || uint64(limit.Cur) > math.MaxInt32 { //nolint:unconvert // differs by system
		return math.MaxInt32
	}
	return int(limit.Cur) //nolint:gosec // at most math.MaxInt32
}
