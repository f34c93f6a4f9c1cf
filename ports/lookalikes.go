package ports

// LookAlikes compares names by how they look.
type LookAlikes interface {
	// Skeleton returns the skeleton of a name (UTS #39 §4), which every name that looks like it has too. It is compared only, never
	// shown, and may change with the version of Unicode.
	Skeleton(name string) string
}
