// Package namekey decides which of several rows has the key of a name. Names must differ by text.Key, but rows from before that rule, or
// that an older release writes, may not: of two, the older one has the key, and the other lives on, set aside, with a key that no
// name has.
package namekey

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/text"
)

// separator comes between the key of a name and the id in the key of a row that is set aside. No name may hold it.
const separator = "\x01"

// Of returns the key of a name that changes from before to after, where stored is the key of before: it stays, whatever it is, unless
// the name means another key.
func Of(stored, before, after string) string {
	if k := text.Key(after); stored == "" || k != text.Key(before) {
		return k
	}
	return stored
}

// Aside returns the key of the row of an id that does not have the key of its name.
func Aside(key string, id domain.ID) string { return key + separator + string(id) }

// IsAside reports whether a key is one that Aside returned.
func IsAside(key string) bool { return strings.Contains(key, separator) }

// AsideRange returns the range of the keys that Aside returns for a key: those from least to below end.
func AsideRange(key string) (least, end string) { return key + separator, key + "\x02" }

// Row is what decides who has a key.
type Row struct {
	Name      string
	Key       string // as stored; "" if there is none yet
	ID        domain.ID
	CreatedAt time.Time
}

func (r Row) olderThan(s Row) bool {
	return cmp.Or(r.CreatedAt.Compare(s.CreatedAt), cmp.Compare(r.ID, s.ID)) < 0
}

// Conflict is a row that is set aside, and the one that has the key of its name.
type Conflict struct {
	Row
	Holder domain.ID // "" if the name has no key, since it consists of invisible characters
}

// Assign returns the rows whose key changes, with their new keys: first those that lose a key, then those that gain one. The rows must
// include every other row that has the key of one of their names. conflicts are the rows that are newly set aside.
func Assign(rows []Row) (changed []Row, conflicts []Conflict) {
	holders := make(map[string]Row, len(rows))
	for _, r := range rows {
		k := text.Key(r.Name)
		if h, ok := holders[k]; k != "" && (!ok || r.olderThan(h)) {
			holders[k] = r
		}
	}
	for _, r := range rows {
		k := text.Key(r.Name)
		holder := holders[k]
		if holder.ID != r.ID {
			k = Aside(k, r.ID)
		}
		if r.Key == k {
			continue
		}
		r.Key = k
		changed = append(changed, r)
		if holder.ID != r.ID {
			conflicts = append(conflicts, Conflict{r, holder.ID})
		}
	}
	slices.SortStableFunc(changed, func(a, b Row) int { return cmp.Compare(asideFirst(a), asideFirst(b)) })
	return changed, conflicts
}

func asideFirst(r Row) int {
	if IsAside(r.Key) {
		return 0
	}
	return 1
}
