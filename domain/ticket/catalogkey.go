package ticket

import "tickt/domain"

// CatalogKey identifies an entry of a catalog: a status or a priority.
type CatalogKey struct {
	ID            domain.ID
	Name, NameKey string
	Code          string
	IsDefault     bool
}

// CatalogKey returns the key of the status.
func (s Status) CatalogKey() CatalogKey {
	return CatalogKey{s.ID, s.Name, s.NameKey, s.Code, s.IsDefault}
}

// CatalogKey returns the key of the priority.
func (p Priority) CatalogKey() CatalogKey {
	return CatalogKey{p.ID, p.Name, p.NameKey, p.Code, p.IsDefault}
}
