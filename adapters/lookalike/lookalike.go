// Package lookalike compares names by how they look.
package lookalike

import "go.mau.fi/util/confusable"

// Names implements ports.LookAlikes.
type Names struct{}

// Skeleton implements ports.LookAlikes.
func (Names) Skeleton(name string) string { return confusable.Skeleton(name) }
