package ticket

import "tickt/domain"

// Count is the number of tickets that have a status or a priority.
type Count struct {
	ID      domain.ID
	Name    string
	Code    string
	Tickets int
}

// Counts is the number of tickets for each status and each priority, in the orders of the catalogs.
type Counts struct {
	ByStatus   []Count
	ByPriority []Count
}
