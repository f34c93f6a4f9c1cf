//go:build !unix

package httpserver

import "math"

// openFiles returns how many files the process may open at the same time.
func openFiles() int { return math.MaxInt32 }
