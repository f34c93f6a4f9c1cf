package httpapi

import (
	"math"
	"strconv"
	"time"

	"tickt/domain"
)

func (v value) isNull() bool   { return v[0] == 'n' }
func (v value) isString() bool { return v[0] == '"' }
func (v value) isObject() bool { return v[0] == '{' }
func (v value) isNumber() bool { return v[0] == '-' || v[0] >= '0' && v[0] <= '9' }

// The following functions decode single values. If a value has another type, want is what it must be; otherwise it is "".

func readString(v value) (s string, want domain.Term) {
	if !v.isString() {
		return "", domain.TermAText
	}
	return v.text(), ""
}

// readStrings decodes a list of strings. Null is an empty list.
func readStrings(v value) (texts []string, want domain.Term) {
	const wanted = domain.TermTexts
	if v.isNull() {
		return nil, ""
	}
	items, ok := v.elements()
	if !ok {
		return nil, wanted
	}
	for _, item := range items {
		text, wrong := readString(item)
		if wrong != "" {
			return nil, wanted
		}
		texts = append(texts, text)
	}
	return texts, ""
}

// readPairs decodes a list of lists of strings. Null is an empty list. It does not check that each element is a pair.
func readPairs(v value) (pairs [][]string, want domain.Term) {
	const wanted = domain.TermPairs
	if v.isNull() {
		return nil, ""
	}
	items, ok := v.elements()
	if !ok {
		return nil, wanted
	}
	for _, item := range items {
		pair, wrong := readStrings(item)
		if wrong != "" {
			return nil, wanted
		}
		pairs = append(pairs, pair)
	}
	return pairs, ""
}

// elements returns the elements of an array. ok is false if the value is not an array.
func (v value) elements() (items []value, ok bool) {
	if v[0] != '[' {
		return nil, false
	}
	s := scanner{text: v}
	err := s.array(1, func(item value) { items = append(items, item) })
	return items, err == nil
}

// members calls member for each member of an object.
func (v value) members(member func(key, v value)) error {
	s := scanner{text: v}
	return s.object(1, member)
}

func readBool(v value) (b bool, want domain.Term) {
	switch v[0] {
	case 't':
		return true, ""
	case 'f':
		return false, ""
	default:
		return false, domain.TermBool
	}
}

// readInt accepts every notation of an integer, including 3.0 and 3e2, as long as it is exact.
func readInt(v value) (n int, want domain.Term) {
	const exact = 1 << 53
	if !v.isNumber() {
		return 0, domain.TermAnInt
	}
	if n, err := strconv.Atoi(string(v)); err == nil {
		return n, ""
	}
	f, err := strconv.ParseFloat(string(v), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > exact {
		return 0, domain.TermAnInt
	}
	return int(f), ""
}

func readTime(zone *time.Location) func(value) (time.Time, domain.Term) {
	return func(v value) (t time.Time, want domain.Term) {
		if v.isString() {
			if t, ok := domain.ParseTime(v.text(), zone); ok {
				return t, ""
			}
		}
		return time.Time{}, domain.TermATime
	}
}
