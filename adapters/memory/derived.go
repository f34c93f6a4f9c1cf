package memory

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"tickt/ports"
)

// derivedSeqs is the key of the last number of a mark.
const derivedSeqs = "derived marks"

type derivedRows struct{ *tx }

func markKey(seq int64) string { return strconv.FormatInt(seq, 10) }

func (s derivedRows) Unmark(_ context.Context, marks []ports.DerivedMark) error {
	if err := s.log.writable(); err != nil {
		return err
	}
	for _, m := range marks {
		if _, err := s.derivedMarks.removeWhere(s.log, 1, func(x ports.DerivedMark) bool { return x.Seq == m.Seq }); err != nil {
			return err
		}
	}
	return nil
}

func (s derivedRows) Postpone(_ context.Context, m ports.DerivedMark) error {
	if _, ok := s.derivedMarks.rows[markKey(m.Seq)]; !ok {
		last := s.numbers.rows[derivedSeqs] + 1
		if err := s.numbers.put(s.log, derivedSeqs, last); err != nil {
			return err
		}
		m.Seq = int64(last)
	}
	return s.derivedMarks.put(s.log, markKey(m.Seq), m)
}

func (s derivedRows) Marks(_ context.Context, kind ports.DerivedKind, now time.Time, limit int) ([]ports.DerivedMark, error) {
	due := s.derivedMarks.where(func(m ports.DerivedMark) bool { return m.Kind == kind && !m.RetryAt.After(now) })
	slices.SortFunc(due, func(a, b ports.DerivedMark) int {
		return cmp.Or(a.RetryAt.Compare(b.RetryAt), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Seq, b.Seq))
	})
	return due[:min(limit, len(due))], nil
}

func (s derivedRows) LockMarks(ctx context.Context, kind ports.DerivedKind, now time.Time, limit int) ([]ports.DerivedMark, error) {
	if err := s.log.writable(); err != nil {
		return nil, err
	}
	return s.Marks(ctx, kind, now, limit)
}

func (s derivedRows) MarkedKinds(_ context.Context, now time.Time) ([]ports.DerivedKind, error) {
	kinds := []ports.DerivedKind{}
	for _, m := range s.derivedMarks.rows {
		if !m.RetryAt.After(now) && !slices.Contains(kinds, m.Kind) {
			kinds = append(kinds, m.Kind)
		}
	}
	slices.Sort(kinds)
	return kinds, nil
}

func (s derivedRows) CountMarks(context.Context) (map[ports.DerivedKind]int, error) {
	counts := map[ports.DerivedKind]int{}
	for _, m := range s.derivedMarks.rows {
		counts[m.Kind]++
	}
	return counts, nil
}

func (s derivedRows) Walks(context.Context) (map[ports.DerivedKind]ports.DerivedWalk, error) {
	walks := map[ports.DerivedKind]ports.DerivedWalk{}
	for kind, w := range s.derivedWalks.rows {
		walks[kind] = w
	}
	return walks, nil
}

func (s derivedRows) LockWalk(_ context.Context, kind ports.DerivedKind) (ports.DerivedWalk, bool, error) {
	if err := s.log.writable(); err != nil {
		return ports.DerivedWalk{}, false, err
	}
	w := s.derivedWalks.rows[kind]
	w.Kind = kind
	return w, true, nil
}

func (s derivedRows) SaveWalk(_ context.Context, w ports.DerivedWalk) error {
	return s.derivedWalks.put(s.log, w.Kind, w)
}
