package domain

const (
	MaxPageSize = 100           // entries
	MaxPage     = 1_000_000_000 // larger numbers are treated as this one
)

// ErrNoPage means that the page is past the end of the list.
var ErrNoPage = Fail(NotFound, "Invalid page.")

// Page is a part of a list that is divided into pages.
type Page struct {
	Number int // from 1
	Size   int // entries of a full page
}

// Offset returns how many entries come before the page.
func (p Page) Offset() int { return (p.Number - 1) * p.Size }

// Last returns the number of the last page of a list of count entries. An empty list has one empty page. Last fails with
// ErrNoPage if p is past the last page.
func (p Page) Last(count int) (int, error) {
	last := max(1, (count+p.Size-1)/p.Size)
	if p.Number > last {
		return 0, ErrNoPage
	}
	return last, nil
}
