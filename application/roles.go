package application

// Roles: see the methods.
type Roles struct{ Deps }
