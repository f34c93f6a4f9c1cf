package usecase

import (
	"errors"
	"slices"

	"tickt/domain"
	"tickt/ports"
)

// ProblemsOf returns the problems that an input was refused with, so that others can be added. It returns any other failure
// as it is.
func ProblemsOf(invalid error) (domain.Problems, error) {
	var e *domain.Error
	if errors.As(invalid, &e) && e.Kind == domain.Invalid {
		return slices.Clone(e.Problems), nil
	}
	return nil, invalid
}

// Raced turns a race for a value that must be unique into the same answer as a plain duplicate, which tell puts into words.
func Raced(err error, tell func(p *domain.Problems, field string)) error {
	var t *ports.Taken
	if !errors.As(err, &t) {
		return err
	}
	var p domain.Problems
	tell(&p, t.Field)
	return p.Err()
}
