package contract

import (
	"errors"
	"reflect"
	"time"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

// checkedKind is a kind of derived rows that nothing else uses.
const checkedKind = ports.DerivedKind("checked rows")

// marksPersist checks marks, and what Postpone changes of one.
var marksPersist = singleCheck("Derived.Postpone", reflect.TypeFor[ports.DerivedMark](), func(c call, _ *referents) error {
	id := newID()
	if err := c.Derived.Postpone(c, ports.DerivedMark{Kind: checkedKind, ID: id}); err != nil {
		return err
	}
	marked, err := c.Derived.Marks(c, checkedKind, noon, hugePage.Size)
	m, err := findIn(marked, err, func(m ports.DerivedMark) bool { return m.ID == id })
	if err != nil {
		return err
	}
	want := ports.DerivedMark{Seq: m.Seq, Kind: checkedKind, ID: id, Attempts: 2, RetryAt: noon.Add(time.Hour)}
	added := ports.DerivedMark{Kind: checkedKind, ID: newID(), Attempts: 3, RetryAt: noon.Add(time.Minute)}
	if err := errors.Join(c.Derived.Postpone(c, want), c.Derived.Postpone(c, added)); err != nil {
		return err
	}
	marked, err = c.Derived.Marks(c, checkedKind, noon.Add(time.Hour), hugePage.Size)
	got, errGot := findIn(marked, err, func(m ports.DerivedMark) bool { return m.ID == id })
	other, errOther := findIn(marked, err, func(m ports.DerivedMark) bool { return m.ID == added.ID })
	added.Seq = other.Seq
	return errors.Join(errGot, errOther, equal(got, want), equal(other, added))
})

// walksPersist checks a walk that is added, and one that is replaced.
var walksPersist = singleCheck("Derived.SaveWalk", reflect.TypeFor[ports.DerivedWalk](), func(c call, _ *referents) error {
	for rule := range 2 {
		want := ports.DerivedWalk{Kind: checkedKind, Rule: 1 + rule, Position: newID(), Done: rule == 0}
		if err := c.Derived.SaveWalk(c, want); err != nil {
			return err
		}
		all, err := c.Derived.Walks(c)
		if err := errors.Join(err, equal(all[checkedKind], want)); err != nil {
			return err
		}
	}
	return nil
})

// documentsPersist checks that a ticket is found by the words that it, its comments and its notes have now.
var documentsPersist = singleCheck("Documents.Rewrite", nil, func(c call, r *referents) error {
	x, by := r.ticket(), r.account()
	finds := func(typed string, want bool) error {
		f := ticket.Filter{Search: searchFor(typed), CreatedBy: []domain.ID{x.CreatedBy}}
		page, err := c.Tickets.List(c, everything, ticket.Query{Order: ticket.ByCreated, Now: noon, Size: 10, Number: 1, Filter: f, Notes: true})
		return errors.Join(err, equal(page.Count == 1, want))
	}
	comment := ticket.Comment{ID: newID(), TicketID: x.ID, Body: "quokka", Visibility: ticket.Internal, AuthorID: by.ID, CreatedAt: noon}
	x.Title = "zeppelin"
	if err := errors.Join(c.Tickets.Save(c, x), c.Comments.Add(c, comment), finds("zeppelin quokka", true)); err != nil {
		return err
	}
	comment.Body, x.Title = "marmot", "gondola"
	if err := errors.Join(c.Tickets.Save(c, x), c.Comments.Save(c, comment)); err != nil {
		return err
	}
	return errors.Join(finds("gondola marmot", true), finds("zeppelin", false), finds("quokka", false),
		c.Documents.Rewrite(c, []domain.ID{x.ID}), finds(`"gondola" marmot`, true), finds("quokka", false))
})
