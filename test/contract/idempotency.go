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

func someRecord() ports.IdempotencyRecord {
	return ports.IdempotencyRecord{
		Key: unique("key of 'Élan'"), Fingerprint: "f\\1", Code: 201, Location: "/api/ticket/1/",
		Body: []byte("{\"response\":\"日本語\"}\x00\xff"), CreatedAt: noon,
	}
}

func saveRecord(d suite, t *testing.T, r ports.IdempotencyRecord) {
	t.Helper()
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.IdempotencyRecords.Save(ctx, r) })
}

func getRecord(t *testing.T, d suite, key string, after time.Time) (ports.IdempotencyRecord, error) {
	return attempt(t, d, func(ctx context.Context, tx ports.Tx) (ports.IdempotencyRecord, error) {
		return tx.IdempotencyRecords.Get(ctx, key, after)
	})
}

// claim claims a key and returns the record under it.
func claim(t *testing.T, d suite, key string, after time.Time) (out ports.IdempotencyRecord, err error) {
	err = d.try(t, func(ctx context.Context, tx ports.Tx) (err error) {
		out, err = tx.IdempotencyRecords.Claim(ctx, key, after)
		return err
	})
	return out, err
}

func idempotencyRecords(t *testing.T, d suite) {
	before := noon.Add(-time.Hour)
	t.Run("a record is read as it was saved, unless it is too old", func(t *testing.T) {
		full, bare := someRecord(), ports.IdempotencyRecord{Key: unique("key"), CreatedAt: noon, Body: []byte{}}
		for _, want := range []ports.IdempotencyRecord{full, bare} {
			saveRecord(d, t, want)
			for _, look := range []func(*testing.T, suite, string, time.Time) (ports.IdempotencyRecord, error){getRecord, claim} {
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
	t.Run("a record replaces one that is too old", func(t *testing.T) {
		old, young := someRecord(), someRecord()
		young.Key, young.Code, young.CreatedAt = old.Key, 200, noon.Add(24*time.Hour)
		saveRecord(d, t, old)
		saveRecord(d, t, young)
		got, err := getRecord(t, d, old.Key, before)
		must(t, err)
		same(t, got, young)
	})
	t.Run("stored records do not alias those passed in or returned", func(t *testing.T) {
		r := someRecord()
		want := string(r.Body)
		saveRecord(d, t, r)
		for range 2 {
			got, err := getRecord(t, d, r.Key, before)
			must(t, err)
			same(t, string(got.Body), want)
			got.Body[0], r.Body[0] = 'x', 'x'
		}
	})
	t.Run("the claim of a failed Update leaves the key free", func(t *testing.T) {
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
	t.Run("of concurrent claims one saves a record; the others fail or get it", func(t *testing.T) { claimRace(t, d, before) })
	t.Run("Purge removes old records up to its limit", func(t *testing.T) { purgedRecords(t, d) })
}

// claimRace claims a key while another Update holds it, and then twenty times concurrently.
func claimRace(t *testing.T, d suite, before time.Time) {
	held := someRecord()
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
		waitBriefly(ended)
		return tx.IdempotencyRecords.Save(ctx, held)
	})
	if err := <-done; !errors.Is(err, ports.ErrClaimed) {
		must(t, err)
		same(t, got, held)
	}

	key, kept := unique("key"), 0
	for _, err := range concurrently(20, func(i int) error {
		return d.try(t, func(ctx context.Context, tx ports.Tx) error {
			r, err := tx.IdempotencyRecords.Claim(ctx, key, before)
			if err == nil {
				return replayed(r.Code)
			}
			if !errors.Is(err, domain.ErrNotFound) {
				return err
			}
			return tx.IdempotencyRecords.Save(ctx, ports.IdempotencyRecord{Key: key, Code: 1000 + i, CreatedAt: noon})
		})
	}) {
		var by replayed
		switch {
		case err == nil:
			kept++
		case errors.Is(err, ports.ErrClaimed):
		case errors.As(err, &by):
			r, err := getRecord(t, d, key, before)
			must(t, err)
			same(t, int(by), r.Code)
		default:
			t.Error(err)
		}
	}
	same(t, kept, 1)
}

// replayed is the status of a record that was already stored.
type replayed int

func (a replayed) Error() string { return fmt.Sprintf("replayed %d", int(a)) }

func purgedRecords(t *testing.T, d suite) {
	old := noon.Add(-50 * time.Hour)
	gone, kept := []ports.IdempotencyRecord{someRecord(), someRecord(), someRecord()}, someRecord()
	kept.CreatedAt = old
	for i := range gone {
		gone[i].CreatedAt = old.Add(-time.Duration(i+1) * time.Microsecond)
		saveRecord(d, t, gone[i])
	}
	saveRecord(d, t, kept)
	for _, want := range []int{2, 1, 0} {
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			n, err := tx.IdempotencyRecords.Purge(ctx, old, 2)
			same(t, n, want)
			return err
		})
	}
	for _, r := range gone {
		_, err := getRecord(t, d, r.Key, old.Add(-time.Hour))
		wantMissing(t, err)
	}
	_, err := getRecord(t, d, kept.Key, old.Add(-time.Hour))
	must(t, err)
}
