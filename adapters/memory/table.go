package memory

import (
	"errors"
	"fmt"

	"tickt/domain"
	"tickt/ports"
)

// journal records how to undo the writes of an Update. A nil journal forbids writes and locks.
type journal struct{ inverses []func() }

var errReadOnly = errors.New("memory: a write or a lock outside Update")

func (j *journal) writable() error {
	if j == nil {
		return errReadOnly
	}
	return nil
}

func (j *journal) record(inverse func()) { j.inverses = append(j.inverses, inverse) }

func (j *journal) commit() { j.inverses = nil }

// undo undoes all recorded writes, the last one first.
func (j *journal) undo() {
	for i := len(j.inverses) - 1; i >= 0; i-- {
		j.inverses[i]()
	}
}

// table is a map of rows with values that must be unique. Rows are copied when they are stored and when they are
// returned; the values in rows must be neither modified nor returned.
type table[K ~string, V any] struct {
	rows   map[K]V
	unique []unique[K, V]
	copy   func(V) V
}

// unique is a value that no two rows may share, unless it is "". field is its name in ports.Taken.
type unique[K ~string, V any] struct {
	field  string
	key    func(V) string
	holder map[string]K
}

func uniqueOn[V any](field string, key func(V) string) unique[domain.ID, V] {
	return unique[domain.ID, V]{field: field, key: key, holder: map[string]domain.ID{}}
}

func newTable[K ~string, V any](keys ...unique[K, V]) *table[K, V] {
	return &table[K, V]{rows: map[K]V{}, unique: keys, copy: copier[V]()}
}

func (t *table[K, V]) get(k K) (V, error) {
	v, ok := t.rows[k]
	if !ok {
		return v, domain.ErrNotFound
	}
	return t.copy(v), nil
}

// lock is get in an Update, which runs alone and therefore needs no locks.
func (t *table[K, V]) lock(log *journal, k K) (v V, err error) {
	if err := log.writable(); err != nil {
		return v, err
	}
	return t.get(k)
}

// holder returns the key of the row whose n-th unique value is key.
func (t *table[K, V]) holder(n int, key string) (K, bool) {
	k, ok := t.unique[n].holder[key]
	return k, ok
}

// taken returns the fields whose unique value belongs to a row other than except; keys are the values in the order of
// t.unique.
func (t *table[K, V]) taken(except K, keys ...string) []string {
	fields := []string{}
	for n, key := range keys {
		if k, ok := t.holder(n, key); ok && k != except && key != "" {
			fields = append(fields, t.unique[n].field)
		}
	}
	return fields
}

// where returns the rows that match, in no particular order.
func (t *table[K, V]) where(match func(V) bool) []V {
	out := []V{}
	for _, v := range t.rows {
		if match(v) {
			out = append(out, t.copy(v))
		}
	}
	return out
}

func (t *table[K, V]) any(match func(V) bool) bool {
	for _, v := range t.rows {
		if match(v) {
			return true
		}
	}
	return false
}

func (t *table[K, V]) add(log *journal, k K, v V) error {
	if _, ok := t.rows[k]; ok {
		return fmt.Errorf("memory: id %s already exists", k)
	}
	return t.put(log, k, v)
}

func (t *table[K, V]) save(log *journal, k K, v V) error {
	if _, ok := t.rows[k]; !ok {
		return domain.ErrNotFound
	}
	return t.put(log, k, v)
}

// put inserts or replaces a row; ports.Taken if another row has one of its unique values.
func (t *table[K, V]) put(log *journal, k K, v V) error {
	if err := log.writable(); err != nil {
		return err
	}
	for _, u := range t.unique {
		if other, ok := u.holder[u.key(v)]; ok && other != k && u.key(v) != "" {
			return &ports.Taken{Field: u.field}
		}
	}
	if old, ok := t.rows[k]; ok {
		log.record(func() { t.set(k, old) })
	} else {
		log.record(func() { t.drop(k) })
	}
	t.set(k, t.copy(v))
	return nil
}

func (t *table[K, V]) remove(log *journal, k K) error {
	if err := log.writable(); err != nil {
		return err
	}
	old, ok := t.rows[k]
	if !ok {
		return domain.ErrNotFound
	}
	log.record(func() { t.set(k, old) })
	t.drop(k)
	return nil
}

// removeWhere removes at most limit rows that match, and returns how many.
func (t *table[K, V]) removeWhere(log *journal, limit int, match func(V) bool) (n int, err error) {
	for k, v := range t.rows {
		if n >= limit || err != nil {
			return n, err
		}
		if match(v) {
			err = t.remove(log, k)
			n++
		}
	}
	return n, err
}

func (t *table[K, V]) set(k K, v V) {
	t.drop(k)
	t.rows[k] = v
	for _, u := range t.unique {
		u.holder[u.key(v)] = k
	}
}

func (t *table[K, V]) drop(k K) {
	if v, ok := t.rows[k]; ok {
		for _, u := range t.unique {
			if u.holder[u.key(v)] == k {
				delete(u.holder, u.key(v))
			}
		}
		delete(t.rows, k)
	}
}

// pageOf returns one page of a list.
func pageOf[T any](all []T, p ports.Page) []T {
	from := min(max(p.Offset(), 0), len(all))
	return all[from:min(from+p.Size, len(all))]
}
