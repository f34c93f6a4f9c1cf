package httpapi

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"tickt/domain"
)

// maxDepth is the maximum nesting of objects and arrays.
const maxDepth = 32

// value is the text of a valid JSON value, without space around it. Its first byte determines its type.
type value []byte

// scanner reads JSON strictly: RFC 8259, and of RFC 7493 (I-JSON) the rules that text is UTF-8 without lone surrogates
// and that no object has duplicate keys. It decodes nothing; values are slices of the text.
type scanner struct {
	text []byte
	at   int
	// onDuplicate is called with the paths of duplicate keys of objects inside the outermost one, at most
	// domain.MaxUnknownFields times; may be nil.
	onDuplicate func(path string)

	reported int    // number of calls of onDuplicate
	path     []step // path to the current position
}

// step is one step of a path: to the member with a key or, if key is nil, to an element of an array.
type step struct {
	key   value
	index int
}

// duplicate reports a duplicate key of the current object. The number of reports is limited, because naming many keys
// would cost more than reading them.
func (s *scanner) duplicate(name string) {
	if s.onDuplicate != nil && s.reported < domain.MaxUnknownFields {
		s.reported++
		s.onDuplicate(s.pathTo(name))
	}
}

// pathTo returns the path of a key of the current object, as in "items[2].name".
func (s *scanner) pathTo(name string) string {
	var path strings.Builder
	for _, at := range s.path {
		if at.key == nil {
			fmt.Fprintf(&path, "[%d]", at.index)
			continue
		}
		if path.Len() > 0 {
			path.WriteByte('.')
		}
		path.WriteString(at.key.text())
	}
	return path.String() + "." + name
}

// descend reads a value one step deeper.
func (s *scanner) descend(next step, depth int) (value, error) {
	s.path = append(s.path, next)
	v, err := s.value(depth + 1)
	s.path = s.path[:len(s.path)-1]
	return v, err
}

// malformed returns the error for invalid JSON at the current position, which it counts in characters from 1.
func (s *scanner) malformed(what string) error {
	position := utf8.RuneCount(s.text[:s.at]) + 1
	return domain.FailFor(domain.ReasonMalformed, fmt.Sprintf("Body is not valid JSON: %s at position %d.", what, position))
}

// skipSpace skips white space and returns the next byte, 0 at the end.
func (s *scanner) skipSpace() byte {
	for ; s.at < len(s.text); s.at++ {
		switch b := s.text[s.at]; b {
		case ' ', '\t', '\n', '\r':
		default:
			return b
		}
	}
	return 0
}

// object reads an object, from its opening brace, and calls member for each of its members in order.
func (s *scanner) object(depth int, member func(key value, v value)) error {
	s.at++
	if s.skipSpace() == '}' {
		s.at++
		return nil
	}
	for {
		if s.skipSpace() != '"' {
			return s.malformed("a key was expected")
		}
		key, err := s.scanString()
		if err != nil {
			return err
		}
		if s.skipSpace() != ':' {
			return s.malformed("a colon was expected")
		}
		s.at++
		v, err := s.descend(step{key: key}, depth)
		if err != nil {
			return err
		}
		member(key, v)
		if more, err := s.more('}'); !more {
			return err
		}
	}
}

// array reads an array, from its opening bracket, and calls element for each of its elements in order.
func (s *scanner) array(depth int, element func(v value)) error {
	s.at++
	if s.skipSpace() == ']' {
		s.at++
		return nil
	}
	for i := 0; ; i++ {
		v, err := s.descend(step{index: i}, depth)
		if err != nil {
			return err
		}
		element(v)
		if more, err := s.more(']'); !more {
			return err
		}
	}
}

// more reads what follows a member or element: a comma, or end. It reports whether another one follows.
func (s *scanner) more(end byte) (bool, error) {
	switch s.skipSpace() {
	case ',':
		s.at++
		return true, nil
	case end:
		s.at++
		return false, nil
	default:
		return false, s.malformed("a comma or '" + string(end) + "' was expected")
	}
}

// value reads a value of any type.
func (s *scanner) value(depth int) (value, error) {
	first := s.skipSpace()
	start := s.at
	var err error
	switch {
	case depth > maxDepth && (first == '{' || first == '['):
		err = s.malformed(fmt.Sprintf("more than %d levels", maxDepth))
	case first == '{':
		var keys nameSet
		err = s.object(depth, func(key, _ value) {
			if name := key.text(); !keys.add(name) {
				s.duplicate(name)
			}
		})
	case first == '[':
		err = s.array(depth, func(value) {})
	case first == '"':
		return s.scanString()
	case first == '-' || first >= '0' && first <= '9':
		err = s.number()
	default:
		err = s.word()
	}
	return value(s.text[start:s.at]), err
}

func (s *scanner) word() error {
	rest := s.text[s.at:]
	if len(rest) == 0 {
		return s.malformed("unexpected end")
	}
	for _, w := range [...]string{"null", "true", "false"} {
		if len(rest) >= len(w) && string(rest[:len(w)]) == w {
			s.at += len(w)
			return nil
		}
	}
	return s.malformed("a value was expected")
}

func (s *scanner) number() error {
	s.accept("-")
	if !s.accept("0") && !s.digits() {
		return s.malformed("a digit was expected")
	}
	if s.accept(".") && !s.digits() {
		return s.malformed("a digit was expected")
	}
	if s.accept("eE") {
		s.accept("+-")
		if !s.digits() {
			return s.malformed("a digit was expected")
		}
	}
	return nil
}

// accept skips the next byte if it is one of these, and reports whether it was.
func (s *scanner) accept(these string) bool {
	if s.at == len(s.text) || strings.IndexByte(these, s.text[s.at]) < 0 {
		return false
	}
	s.at++
	return true
}

func (s *scanner) digits() bool {
	start := s.at
	for s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
		s.at++
	}
	return s.at > start
}

// nameSet is a set of keys; the zero value is empty.
type nameSet map[string]struct{}

// add adds a name and reports whether it was new.
func (n *nameSet) add(name string) bool {
	if *n == nil {
		*n = nameSet{}
	}
	before := len(*n)
	(*n)[name] = struct{}{}
	return len(*n) > before
}
