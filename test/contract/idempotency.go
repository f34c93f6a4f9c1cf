package contract

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"tickt/domain"
	"tickt/ports"
)

func someReply() ports.IdempotencyRecord {
	return ports.IdempotencyRecord{
		Key: unique("key of 'Élan'"), Fingerprint: "f\\1", Code: 201, Location: "/api/ticket/1/",
		Body: []byte("{\"response\":\"日本語\"}\x00\xff"), CreatedAt: noon,
	}
}

func keep(d desk, t *testing.T, r ports.IdempotencyRecord) {
	t.Helper()
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.IdempotencyRecords.Save(ctx, r) })
}

func reply(t *testing.T, d desk, key string, after time.Time) (ports.IdempotencyRecord, error) {
	return attempt(t, d, func(ctx context.Context, tx ports.Tx) (ports.IdempotencyRecord, error) {
		return tx.IdempotencyRecords.Get(ctx, key, after)
	})
}

// claim claims a key and gives the reply that was kept under it.
func claim(t *testing.T, d desk, key string, after time.Time) (out ports.IdempotencyRecord, err error) {
	err = d.try(t, func(ctx context.Context, tx ports.Tx) (err error) {
		out, err = tx.IdempotencyRecords.Claim(ctx, key, after)
		return err
	})
	return out, err
}

func replies(t *testing.T, d desk) {
	before := noon.Add(-time.Hour)
	t.Run("a reply comes back as it was kept, while it is young enough", func(t *testing.T) {
		full, bare := someReply(), ports.IdempotencyRecord{Key: unique("key"), CreatedAt: noon, Body: []byte{}}
		for _, want := range []ports.IdempotencyRecord{full, bare} {
			keep(d, t, want)
			for _, look := range []func(*testing.T, desk, string, time.Time) (ports.IdempotencyRecord, error){reply, claim} {
				got, err := look(t, d, want.Key, noon.Add(-time.Microsecond))
				must(t, err)
				same(t, got, want)
				_, err = look(t, d, want.Key, noon)
				wantMissing(t, err)
				_, err = look(t, d, unique("another"), before)
				wantMissing(t, err)
			}
		}
	})
	t.Run("a reply takes the place of one that is too old", func(t *testing.T) {
		old, young := someReply(), someReply()
		young.Key, young.Code, young.CreatedAt = old.Key, 200, noon.Add(24*time.Hour)
		keep(d, t, old)
		keep(d, t, young)
		got, err := reply(t, d, old.Key, before)
		must(t, err)
		same(t, got, young)
	})
	t.Run("what was read and kept is nobody else's to change", func(t *testing.T) {
		r := someReply()
		want := string(r.Body)
		keep(d, t, r)
		for range 2 {
			got, err := reply(t, d, r.Key, before)
			must(t, err)
			same(t, string(got.Body), want)
			got.Body[0], r.Body[0] = 'x', 'x'
		}
	})
	t.Run("a claim that is given up leaves the key free", func(t *testing.T) {
		key, refused := unique("key"), errors.New("refused")
		err := d.try(t, func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.IdempotencyRecords.Claim(ctx, key, before)
			wantMissing(t, err)
			return refused
		})
		if !errors.Is(err, refused) {
			t.Error(err)
		}
		_, err = claim(t, d, key, before)
		wantMissing(t, err)
	})
	t.Run("of those that claim a key one keeps, the others are put off or get the reply", func(t *testing.T) { claimed(t, d, before) })
	t.Run("Purge removes old replies, a part at a time", func(t *testing.T) { purgedReplies(t, d) })
}

// claimed lets one hold the key for a while, and then twenty come at once.
func claimed(t *testing.T, d desk, before time.Time) {
	held := someReply()
	done := make(chan error, 1)
	ended := make(chan struct{})
	var got ports.IdempotencyRecord
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.IdempotencyRecords.Claim(ctx, held.Key, before)
		wantMissing(t, err)
		go func() {
			defer close(ended)
			var err error
			got, err = claim(t, d, held.Key, before)
			done <- err
		}()
		briefly(ended)
		return tx.IdempotencyRecords.Save(ctx, held)
	})
	if err := <-done; !errors.Is(err, ports.ErrClaimed) {
		must(t, err)
		same(t, got, held)
	}

	key, kept := unique("key"), 0
	for _, err := range together(20, func(i int) error {
		return d.try(t, func(ctx context.Context, tx ports.Tx) error {
			r, err := tx.IdempotencyRecords.Claim(ctx, key, before)
			if err == nil {
				return answered(r.Code)
			}
			if !errors.Is(err, domain.ErrNotFound) {
				return err
			}
			return tx.IdempotencyRecords.Save(ctx, ports.IdempotencyRecord{Key: key, Code: 1000 + i, CreatedAt: noon})
		})
	}) {
		var by answered
		switch {
		case err == nil:
			kept++
		case errors.Is(err, ports.ErrClaimed):
		case errors.As(err, &by):
			r, err := reply(t, d, key, before)
			must(t, err)
			same(t, int(by), r.Code)
		default:
			t.Error(err)
		}
	}
	same(t, kept, 1)
}

// answered is the status of a reply that was there already.
type answered int

func (a answered) Error() string { return fmt.Sprintf("answered %d", int(a)) }

func purgedReplies(t *testing.T, d desk) {
	old := noon.Add(-50 * time.Hour)
	gone, kept := []ports.IdempotencyRecord{someReply(), someReply(), someReply()}, someReply()
	kept.CreatedAt = old
	for i := range gone {
		gone[i].CreatedAt = old.Add(-time.Duration(i+1) * time.Microsecond)
		keep(d, t, gone[i])
	}
	keep(d, t, kept)
	for _, want := range []int{2, 1, 0} {
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			n, err := tx.IdempotencyRecords.Purge(ctx, old, 2)
			same(t, n, want)
			return err
		})
	}
	for _, r := range gone {
		_, err := reply(t, d, r.Key, old.Add(-time.Hour))
		wantMissing(t, err)
	}
	_, err := reply(t, d, kept.Key, old.Add(-time.Hour))
	must(t, err)
}
