package application

// Permissions: see the methods.
type Permissions struct{ Deps }
