package application

// Menus: see the methods.
type Menus struct{ Deps }
