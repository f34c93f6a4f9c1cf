package ticket

import "tickt/domain"

// Tally is how many tickets have a status or a priority.
type Tally struct {
	ID    domain.ID
	Name  string
	Code  string
	Count int
}

// Tallies are how many tickets have each status and each priority, in the orders of their catalogs.
type Tallies struct {
	ByStatus   []Tally
	ByPriority []Tally
}
