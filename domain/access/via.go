package access

// Via is the way by which a change came. It is part of the history of tickets.
type Via string

// The ways.
const (
	ViaAPI    Via = "api"
	ViaJob    Via = "job"    // the service itself
	ViaImport Via = "import" // taken over from another system
)
