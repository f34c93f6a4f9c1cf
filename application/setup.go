package application

// Setup: see the methods.
type Setup struct{ Deps }
