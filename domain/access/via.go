package access

// Via is the way in which a change was made. The history of a ticket records it.
type Via string

// The values of Via.
const (
	ViaAPI    Via = "api"
	ViaJob    Via = "job"    // the service itself
	ViaImport Via = "import" // the import from another system
	ViaRule   Via = "rule"   // a rule of the desk, because of something that was done or left undone
)
