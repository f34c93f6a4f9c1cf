package importing

import (
	"fmt"
	"slices"
	"strconv"

	"tickt/domain"
)

// Report says what became of every row of the original.
type Report struct {
	Tables []Table // in the order in which they were taken over
	// WithoutPassword are the user names of imported accounts that nobody can sign in with until they get a password.
	WithoutPassword []string
}

// Table is what became of the rows of one table.
type Table struct {
	Name    string
	Rows    int // that the table has
	Read    int
	Written int
	There   int // already, under their id or as what they stand for
	Skipped int
	Skips   []Remark
	Notes   []Remark // on rows that were written, and on some that were there
}

// Remark is something that holds for several rows.
type Remark struct {
	Text  string
	Rows  []string // by name, number or id: the first of them
	Count int      // of all
}

// maxRemarked is how many rows a remark lists at most.
const maxRemarked = 10_000

// Agrees says whether every row was read, and every row that was read is accounted for.
func (t Table) Agrees() bool {
	return t.Rows == t.Read && t.Read == t.Written+t.There+t.Skipped
}

// Agrees says whether the counts of every table do.
func (r Report) Agrees() bool {
	return !slices.ContainsFunc(r.Tables, func(t Table) bool { return !t.Agrees() })
}

// Written is how many rows were written in all.
func (r Report) Written() (n int) {
	for _, t := range r.Tables {
		n += t.Written
	}
	return n
}

func (t *Table) skip(row, reason string) {
	t.Skipped++
	t.Skips = remarked(t.Skips, row, reason)
}

func (t *Table) note(row string, notes ...domain.Note) {
	for _, n := range notes {
		name := row
		if n.Was != "" {
			name += fmt.Sprintf(" (%q)", n.Was)
		}
		t.Notes = remarked(t.Notes, name, n.Text)
	}
}

func remarked(all []Remark, row, text string) []Remark {
	if !domain.Line(row) { // it is shown on terminals
		row = strconv.Quote(row)
	}
	i := slices.IndexFunc(all, func(r Remark) bool { return r.Text == text })
	if i < 0 {
		all = append(all, Remark{Text: text})
		i = len(all) - 1
	}
	r := &all[i]
	if r.Count++; len(r.Rows) < maxRemarked {
		r.Rows = append(r.Rows, row)
	}
	return all
}
