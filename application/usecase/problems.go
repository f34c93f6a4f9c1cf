package usecase

import (
	"errors"
	"slices"

	"tickt/domain"
	"tickt/ports"
)

// ProblemsOf returns the problems of an Invalid error, so that others can be added to them. It returns any other error
// unchanged, also that of an input that could not be read at all.
func ProblemsOf(invalid error) (domain.Problems, error) {
	var e *domain.Error
	if errors.As(invalid, &e) && e.Kind == domain.Invalid && len(e.Problems) > 0 {
		return slices.Clone(e.Problems), nil
	}
	return nil, invalid
}

// Raced turns a race for a unique value that was lost into the error of an ordinary duplicate. add adds the problem of
// a field. Raced returns any other error unchanged.
func Raced(err error, add func(p *domain.Problems, field string)) error {
	var t *ports.Taken
	if !errors.As(err, &t) {
		return err
	}
	var p domain.Problems
	add(&p, t.Field)
	return p.Err()
}
