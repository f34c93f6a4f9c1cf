package ticket

import "tickt/domain"

// CatalogKey is what entries of a catalog (statuses, priorities) are told apart by.
type CatalogKey struct {
	ID            domain.ID
	Name, NameKey string
	Code          string
	IsDefault     bool
}

// CatalogKey returns what the status is told apart by.
func (s Status) CatalogKey() CatalogKey {
	return CatalogKey{s.ID, s.Name, s.NameKey, s.Code, s.IsDefault}
}

// CatalogKey returns what the priority is told apart by.
func (p Priority) CatalogKey() CatalogKey {
	return CatalogKey{p.ID, p.Name, p.NameKey, p.Code, p.IsDefault}
}
