package application

// Sessions: see the methods.
type Sessions struct{ Deps }
