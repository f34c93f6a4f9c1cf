// Package cursor writes a place in a list as a text that clients carry from one page to the next, and reads it
// strictly. Clients must not look inside: it holds the version of the form, the list that it is a place in, and the
// values by which the place is found, in base64url.
package cursor

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"tickt/domain"
)

const (
	version   = 1
	headSize  = 2    // bytes before the values
	maxText   = 1024 // characters of a cursor
	maxString = 512  // bytes of a value
	maxYear   = 9999 // of a value
	idSize    = 32   // bytes of a reference id
)

var errNoCursor = errors.New("not a cursor")

// Encode writes a place in a list. Each value is a pointer to a time.Time, int, bool, string or domain.ID; times are
// cut to microseconds.
func Encode(list byte, values ...any) string {
	b := []byte{version, list}
	for _, value := range values {
		switch v := value.(type) {
		case *time.Time:
			b = binary.AppendVarint(b, v.UnixMicro())
		case *int:
			b = binary.AppendVarint(b, int64(*v))
		case *bool:
			b = binary.AppendVarint(b, oneIf(*v))
		case *string:
			b = append(binary.AppendUvarint(b, uint64(len(*v))), *v...)
		case *domain.ID:
			b = append(b, *v...)
		default:
			panic(fmt.Sprintf("cursor: cannot encode a %T", value))
		}
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// Decode reads a place in a list into values of the same types in the same order as Encode had them. It reports
// false, and leaves something in the values, for every text that Encode does not write for that list, and for
// values that no list has: years after 9999, negative numbers, strings of more than one line.
func Decode(text string, list byte, values ...any) bool {
	if len(text) > maxText {
		return false
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) < headSize {
		return false
	}
	r := bytes.NewReader(raw[headSize:])
	for _, value := range values {
		if err := decodeValue(r, value); err != nil {
			return false
		}
	}
	return Encode(list, values...) == text
}

func decodeValue(r *bytes.Reader, value any) error {
	switch v := value.(type) {
	case *string:
		return decodeString(r, v)
	case *domain.ID:
		text := make([]byte, idSize)
		if _, err := io.ReadFull(r, text); err != nil {
			return err
		}
		id, ok := domain.ParseID(string(text))
		*v = id
		return errUnless(ok)
	}
	n, err := binary.ReadVarint(r)
	if err != nil {
		return err
	}
	switch v := value.(type) {
	case *time.Time:
		*v = time.UnixMicro(n).UTC()
		return errUnless(v.Year() >= 1 && v.Year() <= maxYear)
	case *int:
		*v = int(n)
		return errUnless(n >= 0 && n <= math.MaxInt32)
	case *bool:
		*v = n == 1
	}
	return nil
}

func decodeString(r *bytes.Reader, v *string) error {
	n, err := binary.ReadUvarint(r)
	if err != nil || n > maxString {
		return errNoCursor
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return err
	}
	*v = string(text)
	return errUnless(domain.Line(*v))
}

func oneIf(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

func errUnless(ok bool) error {
	if ok {
		return nil
	}
	return errNoCursor
}
