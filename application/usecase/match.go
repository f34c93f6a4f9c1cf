package usecase

import "tickt/domain"

// Match says whether what is stored is still what a client saw when it decided on its change; nil is a client that
// does not say. It is asked inside the transaction that changes, so that nothing comes in between (RFC 9110 §13.1.1).
type Match[V any] func(V) bool

var errStale = domain.Fail(domain.Stale, "The data was changed by somebody else meanwhile. Read it again.")

// Still fails as Stale where what is stored, as now reads it, is no longer what the client saw.
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

// Holds is Still for what has been read already.
func (m Match[V]) Holds(v V) error {
	return m.Still(func() (V, error) { return v, nil })
}
