//go:build unix

package httpserver

import (
	"math"
	"syscall"
)

// openFiles returns how many files the process may open at the same time.
func openFiles() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return math.MaxInt32
	}
	return int(min(limit.Cur, math.MaxInt32)) //nolint:gosec // at most math.MaxInt32
}
