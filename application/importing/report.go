package importing

import (
	"fmt"
	"slices"
	"strconv"

	"tickt/domain"
	"tickt/domain/text"
)

// Report tells what became of every row of the original.
type Report struct {
	Tables []Table // in the order in which they were imported
	// WithoutPassword are the user names of imported accounts that cannot sign in until they get a password.
	WithoutPassword []string
}

// Table tells what became of the rows of one table.
type Table struct {
	Name    string
	Rows    int // number of rows in the table
	Read    int
	Written int
	There   int // in the store already, under their id or as an equivalent
	Skipped int
	Skips   []Remark
	Notes   []Remark // on rows that were written, and on some that were in the store
}

// Remark is a remark on several rows.
type Remark struct {
	Text  string
	Rows  []string // by name, number or id; only the first ones
	Count int      // number of all rows
}

// maxRemarkRows is how many rows a remark lists.
const maxRemarkRows = 10_000

// Agrees reports whether every row of the table was read, and every row that was read is accounted for.
func (t Table) Agrees() bool {
	return t.Rows == t.Read && t.Read == t.Written+t.There+t.Skipped
}

// Agrees reports whether the counts of all tables agree.
func (r Report) Agrees() bool {
	return !slices.ContainsFunc(r.Tables, func(t Table) bool { return !t.Agrees() })
}

// Written returns how many rows were written in all tables.
func (r Report) Written() (n int) {
	for _, t := range r.Tables {
		n += t.Written
	}
	return n
}

func (t *Table) skip(row, reason string) {
	t.Skipped++
	t.Skips = addRemark(t.Skips, row, reason)
}

func (t *Table) note(row string, notes ...domain.Note) {
	for _, n := range notes {
		name := row
		if n.Was != "" {
			name += fmt.Sprintf(" (%q)", n.Was)
		}
		t.Notes = addRemark(t.Notes, name, n.Text)
	}
}

func addRemark(all []Remark, row, remark string) []Remark {
	if !text.Line.Holds(row) { // it is printed to terminals
		row = strconv.Quote(row)
	}
	i := slices.IndexFunc(all, func(r Remark) bool { return r.Text == remark })
	if i < 0 {
		all = append(all, Remark{Text: remark})
		i = len(all) - 1
	}
	r := &all[i]
	if r.Count++; len(r.Rows) < maxRemarkRows {
		r.Rows = append(r.Rows, row)
	}
	return all
}
