package ticket

import "tickt/domain"

// Count is how many tickets have a status or a priority.
type Count struct {
	ID      domain.ID
	Name    string
	Code    string
	Tickets int
}

// Counts are how many tickets have each status and each priority, in the orders of their catalogs.
type Counts struct {
	ByStatus   []Count
	ByPriority []Count
}
