package domain_test

import (
	"errors"
	"testing"

	"tickt/domain"
)

func TestPageLastAndOffset(t *testing.T) {
	for _, tc := range []struct {
		page         domain.Page
		count        int
		offset, last int // last 0: ErrNoPage
	}{
		{domain.Page{Number: 1, Size: 10}, 0, 0, 1},
		{domain.Page{Number: 2, Size: 10}, 0, 10, 0},
		{domain.Page{Number: 1, Size: 10}, 10, 0, 1},
		{domain.Page{Number: 2, Size: 10}, 10, 10, 0},
		{domain.Page{Number: 2, Size: 10}, 11, 10, 2},
		{domain.Page{Number: 3, Size: 2}, 7, 4, 4},
		{domain.Page{Number: domain.MaxPage, Size: domain.MaxPageSize}, 7, (domain.MaxPage - 1) * domain.MaxPageSize, 0},
	} {
		last, err := tc.page.Last(tc.count)
		if last != tc.last || errors.Is(err, domain.ErrNoPage) != (tc.last == 0) || tc.page.Offset() != tc.offset {
			t.Errorf("%+v of %d entries: last %d (%v), offset %d", tc.page, tc.count, last, err, tc.page.Offset())
		}
	}
}
