package account

import "slices"

// KeyCheck is the check value of a key that signs tokens: a one-way value by which the same key is recognized later.
type KeyCheck string

// KeyChecks are the check values of the keys that a process starts with.
type KeyChecks struct {
	Key      KeyCheck // of the key that signs
	Previous KeyCheck // of the key that only verifies; "" if there is none
}

// Start decides whether a process may start with its keys, given the stored check values, and which are stored from then on. One
// of its keys must be stored; with nothing stored every key is accepted. The key that signs is added, and keys that the process
// does not have are dropped: a start without a previous key ends the change of a key.
func (k KeyChecks) Start(stored []KeyCheck) (kept []KeyCheck, ok bool) {
	for _, c := range stored {
		if c != "" && (c == k.Key || c == k.Previous) {
			kept = append(kept, c)
		}
	}
	if len(kept) == 0 && len(stored) > 0 {
		return stored, false
	}
	if !slices.Contains(kept, k.Key) {
		kept = append(kept, k.Key)
	}
	slices.Sort(kept)
	return kept, true
}
