package httpapi

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"tickt/domain"
)

// bodyLimit is the size of the largest body that is read, in bytes.
const bodyLimit = 1 << 20

// maxStray is how many keys that do not belong are named in one answer.
const maxStray = 50

var errBlankBody = domain.Fail(domain.Invalid, "Body can not be blank.")

// bind reads the body, one JSON object, into a pointer to a struct: each field that has a json tag takes
// the key of that name, in that case. Fields are string or domain.Change of string, bool, int or
// time.Time; a field that the body leaves out, or gives a value of the wrong kind, stays as it is.
// Keys listed as readOnly may come with any value and are ignored.
//
// It fails as Invalid with every problem at once: first those of fields, in the order of the struct, then
// those of keys that do not belong, in the order of the body. Text that it lets through is valid UTF-8.
func (a *api) bind(c *fiber.Ctx, into any, readOnly ...string) error {
	request := c.Request()
	body := request.Body()
	if len(bytes.TrimSpace(body)) == 0 {
		return errBlankBody
	}
	if !isJSON(request.Header.ContentType()) || len(request.Header.ContentEncoding()) > 0 {
		return fiber.ErrUnsupportedMediaType
	}
	return decode(body, into, a.Zone, readOnly)
}

// take moves the problems that bind found into a change, so that the use case reports them together with its own, and
// refuses first who may not ask at all. Any other error of bind is given back.
func take(unread *domain.Problems, err error) error {
	var e *domain.Error
	if errors.As(err, &e) && len(e.Problems) > 0 {
		*unread, err = e.Problems, nil
	}
	return err
}

// isJSON says whether a Content-Type is application/json, whatever its parameters.
func isJSON(contentType []byte) bool {
	media, _, _ := bytes.Cut(contentType, []byte(";"))
	return bytes.EqualFold(bytes.TrimSpace(media), []byte(fiber.MIMEApplicationJSON))
}

// decode is bind without the request.
func decode(body []byte, into any, zone *time.Location, readOnly []string) error {
	target := reflect.ValueOf(into).Elem()
	fields := fieldsOf(target.Type())
	found := make([]value, len(fields.names))
	again := make([]bool, len(fields.names))
	var stray strays
	s := scanner{text: body, twice: stray.duplicate}
	err := s.whole(func(key, v value) {
		name := key.text()
		i, known := fields.index[name]
		switch {
		case known && found[i] != nil:
			again[i] = true
		case known:
			found[i] = v
		case !stray.seen.add(name):
			stray.duplicate(name)
		case !slices.Contains(readOnly, name):
			stray.unknown(name)
		}
	})
	if err != nil {
		return err
	}

	var p domain.Problems
	for i, name := range fields.names {
		switch {
		case again[i]:
			p.Add(name, domain.CodeDuplicate, "Field '"+name+"' is given more than once.")
		case found[i] != nil:
			want, err := set(target.Field(fields.at[i]).Addr().Interface(), found[i], zone)
			if err != nil {
				return err
			}
			if want != "" {
				p.Add(name, domain.CodeType, name+" must be "+want+".")
			}
		}
	}
	return append(p, stray.problems...).Err()
}

// whole reads the outermost object, after which nothing may come.
func (s *scanner) whole(member func(key, v value)) error {
	if s.space() != '{' {
		return domain.Fail(domain.Invalid, "Body must be a JSON object.")
	}
	if err := s.object(1, member); err != nil {
		return err
	}
	if s.space(); s.at < len(s.text) {
		return s.malformed("something after the object")
	}
	return nil
}

// set puts a value into a field; where it is of the wrong kind it says what it must be. The error is
// about a field that bind cannot fill.
func set(field any, v value, zone *time.Location) (want string, err error) {
	switch f := field.(type) {
	case *string:
		text, want := readString(v)
		if want == "" {
			*f = text
		}
		return want, nil
	case *domain.Change[string]:
		return change(f, v, readString), nil
	case *domain.Change[bool]:
		if v.isNull() { // neither true nor false, and there is no third
			return "true or false", nil
		}
		return change(f, v, readBool), nil
	case *domain.Change[int]:
		return change(f, v, readInt), nil
	case *domain.Change[time.Time]:
		return change(f, v, readTime(zone)), nil
	default:
		return "", fmt.Errorf("bind cannot fill a %T", field)
	}
}

func change[T any](field *domain.Change[T], v value, read func(value) (T, string)) (want string) {
	if v.isNull() {
		*field = domain.Cleared[T]()
		return ""
	}
	x, want := read(v)
	if want == "" {
		*field = domain.To(x)
	}
	return want
}

// strays are the keys that do not belong where they stand.
type strays struct {
	seen     nameSet
	problems domain.Problems
}

func (s *strays) unknown(name string) { s.add(name, domain.CodeUnknown, "Unknown field '%s'.") }
func (s *strays) duplicate(name string) {
	s.add(name, domain.CodeDuplicate, "Field '%s' is given more than once.")
}

func (s *strays) add(name, code, sentence string) {
	if len(s.problems) < maxStray {
		name = shortened(name)
		s.problems.Add(name, code, fmt.Sprintf(sentence, name))
	}
}

// shortened cuts what a client made up to a length that can be repeated to it.
func shortened(text string) string {
	const limit = 64
	count := 0
	for i := range text {
		if count++; count > limit {
			return text[:i] + "…"
		}
	}
	return text
}

// bindable is what bind knows of a type of body: the keys, in the order of the fields.
type bindable struct {
	names []string
	at    []int // the field's index in the struct
	index map[string]int
}

var bindables sync.Map // reflect.Type → *bindable

func fieldsOf(t reflect.Type) *bindable {
	if known, ok := bindables.Load(t); ok {
		return known.(*bindable)
	}
	b := &bindable{index: map[string]int{}}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		b.index[name] = len(b.names)
		b.names = append(b.names, name)
		b.at = append(b.at, i)
	}
	bindables.Store(t, b)
	return b
}
