package ports

// LookAlikes compares names by how they look.
type LookAlikes interface {
	// Skeletons returns the skeletons of a name (UTS #39 §4), which names that look like it have too: first that of the name in
	// lower case, and if it differs, that of the name as it is written, since a capital letter may look like one whose small form
	// looks different. They are compared only, never shown, and may change with the version of Unicode.
	Skeletons(name string) []string
}
