package domain

const (
	MaxPageSize = 100           // entries
	MaxPage     = 1_000_000_000 // beyond it there is no page of anything
)

// ErrNoPage means that a list ends before the page.
var ErrNoPage = Fail(NotFound, "Invalid page.")

// Page asks for a part of a list: Size entries from the Number-th page, counted from 1.
type Page struct {
	Number int
	Size   int
}

// Offset is how many entries come before the page.
func (p Page) Offset() int { return (p.Number - 1) * p.Size }

// Last returns the number of the last page of a list with so many entries: an empty list has one empty page. It
// fails with ErrNoPage if p is past it.
func (p Page) Last(count int) (int, error) {
	last := max(1, (count+p.Size-1)/p.Size)
	if p.Number > last {
		return 0, ErrNoPage
	}
	return last, nil
}
