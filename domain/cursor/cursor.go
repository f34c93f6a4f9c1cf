// Package cursor encodes positions in lists as texts that clients send back to get the next page, and decodes them
// strictly. A cursor is opaque to clients. It is base64url (RFC 4648 §5) without padding of a version byte, a byte that
// identifies the list, and the values of the position.
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
	"tickt/domain/text"
)

const (
	version    = 1
	headerSize = 2    // bytes before the values
	maxText    = 1024 // characters of a cursor
	maxString  = 512  // bytes of a value
	maxYear    = 9999 // of a time
	idSize     = 32   // bytes of a reference id
)

var errInvalid = errors.New("not a cursor")

// Encode returns the cursor of a position in a list. Each value is a pointer to a time.Time, int, bool, string or
// domain.ID; Encode panics on other types. Times are cut to microseconds.
func Encode(list byte, values ...any) string {
	b := []byte{version, list}
	for _, value := range values {
		switch v := value.(type) {
		case *time.Time:
			b = binary.AppendVarint(b, v.UnixMicro())
		case *int:
			b = binary.AppendVarint(b, int64(*v))
		case *bool:
			b = binary.AppendVarint(b, boolToInt(*v))
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

// Decode stores the position of a cursor in values, which must have the types and the order that Encode had. It reports
// whether the text is a cursor of the list. Texts that Encode does not produce for the list are refused, and so are values
// that no list has: years outside of 1 to 9999, negative ints, ints above math.MaxInt32, and strings that are not a
// text.Line or longer than 512 bytes. If Decode returns false, the values are undefined.
func Decode(text string, list byte, values ...any) bool {
	if len(text) > maxText {
		return false
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) < headerSize {
		return false
	}
	r := bytes.NewReader(raw[headerSize:])
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
		return errInvalid
	}
	raw := make([]byte, n)
	if _, err := io.ReadFull(r, raw); err != nil {
		return err
	}
	*v = string(raw)
	_, refused := text.Line.Clean(*v) // it may not be in the form in which text is stored now
	return errUnless(refused == nil)
}

func boolToInt(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

func errUnless(ok bool) error {
	if ok {
		return nil
	}
	return errInvalid
}
