package usecase

import "tickt/domain"

// Match reports whether a stored resource is still the one that a client saw when it decided on its change; nil if the
// client states no condition. It is called inside the transaction that makes the change, so that nothing can change in
// between (RFC 9110 §13.1.1).
type Match[V any] func(V) bool

var errStale = domain.Fail(domain.Stale, "The data was changed by somebody else meanwhile. Read it again.")

// Still fails as Stale if the resource that now reads is not the one that the client saw.
func (m Match[V]) Still(now func() (V, error)) error {
	if m == nil {
		return nil
	}
	v, err := now()
	if err == nil && !m(v) {
		err = errStale
	}
	return err
}

// Holds is Still for a resource that has been read already.
func (m Match[V]) Holds(v V) error {
	return m.Still(func() (V, error) { return v, nil })
}
