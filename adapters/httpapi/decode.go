package httpapi

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"tickt/domain"
)

var errBlankBody = domain.Fail(domain.Invalid, "Body can not be blank.")

// bind reads the body, one JSON object, into a pointer to a struct: each field that has a json tag takes
// the key of that name, in that case; the fields of an embedded struct are like its own. Fields are string,
// []string, [][]string, a slice of such structs, domain.Change of string, []string, bool, int or time.Time, or what is
// filler; a field that the body leaves out, or gives a value of the wrong kind, stays as it is, and so does a slice that
// it gives as null. Keys listed as readOnly may come with any value and are ignored; "items.id" is the key of each object
// in a list.
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

// bindNothing reads a body that may be left out and says nothing: an object without keys.
func (a *api) bindNothing(c *fiber.Ctx) error {
	var nothing struct{}
	if err := a.bind(c, &nothing); !errors.Is(err, errBlankBody) {
		return err
	}
	return nil
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
	f := filling{zone: zone, readOnly: readOnly}
	s := scanner{text: body, twice: f.stray.duplicate}
	var p domain.Problems
	err := f.object(&p, reflect.ValueOf(into).Elem(), place{}, s.whole)
	if err != nil {
		return err
	}
	return append(p, f.stray.problems...).Err()
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

// filling is what one decode carries along.
type filling struct {
	zone     *time.Location
	readOnly []string
	stray    unknownFields
}

// object puts the members that read hands over into the fields of a struct.
func (f *filling) object(p *domain.Problems, target reflect.Value, at place, read func(member func(key, v value)) error) error {
	fields := fieldsOf(target.Type())
	found := make([]value, len(fields.names))
	again := make([]bool, len(fields.names))
	var others nameSet
	err := read(func(key, v value) {
		name := key.text()
		i, known := fields.index[name]
		switch {
		case known && found[i] != nil:
			again[i] = true
		case known:
			found[i] = v
		case !others.add(name):
			if at.outermost() { // in the others the scanner has told it
				f.stray.duplicate(name)
			}
		case !slices.Contains(f.readOnly, at.pattern+name):
			f.stray.unknown(at.path + domain.Truncate(name))
		}
	})
	if err != nil {
		return err
	}
	for i, name := range fields.names {
		switch {
		case again[i] && at.outermost():
			p.Add(name, domain.CodeFieldTwice)
		case found[i] != nil:
			if err := f.field(p, target.FieldByIndex(fields.at[i]), found[i], at, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// field puts a value into a field and notes where it is of the wrong kind. The error is about a field that
// bind cannot fill.
func (f *filling) field(p *domain.Problems, target reflect.Value, v value, at place, name string) error {
	into := target.Addr().Interface()
	if own, ok := into.(filler); ok {
		return own.fill(f, p, v, at, name)
	}
	if target.Kind() == reflect.Slice && target.Type().Elem().Kind() == reflect.Struct {
		_, err := f.list(p, target, v, name)
		return err
	}
	if items, ok := v.elements(); ok && holdsTexts(into) && len(items) > maxItems {
		p.Add(at.path+name, domain.CodeTooManyTexts, domain.Params{"limit": maxItems})
		return nil
	}
	want, err := set(into, v, f.zone)
	if want != "" {
		at.mustBe(p, name, want)
	}
	return err
}

func holdsTexts(field any) bool {
	switch field.(type) {
	case *[]string, *domain.Optional[[]string]:
		return true
	default:
		return false
	}
}

// set puts a value into a field; where it is of the wrong kind it says what it must be.
func set(field any, v value, zone *time.Location) (want domain.Term, err error) {
	switch f := field.(type) {
	case *string:
		text, want := readString(v)
		if want == "" {
			*f = text
		}
		return want, nil
	case *[]string:
		texts, want := readStrings(v)
		if want == "" {
			*f = texts
		}
		return want, nil
	case *[][]string:
		pairs, want := readPairs(v)
		if want == "" {
			*f = pairs
		}
		return want, nil
	case *domain.Optional[string]:
		return readOptional(f, v, readString), nil
	case *domain.Optional[[]string]:
		return readOptional(f, v, readStrings), nil
	case *domain.Optional[bool]:
		if v.isNull() { // neither true nor false, and there is no third
			return domain.TermBool, nil
		}
		return readOptional(f, v, readBool), nil
	case *domain.Optional[int]:
		return readOptional(f, v, readInt), nil
	case *domain.Optional[time.Time]:
		return readOptional(f, v, readTime(zone)), nil
	default:
		return "", fmt.Errorf("bind cannot fill a %T", field)
	}
}

func readOptional[T any](field *domain.Optional[T], v value, read func(value) (T, domain.Term)) (want domain.Term) {
	if v.isNull() {
		*field = domain.Null[T]()
		return ""
	}
	x, want := read(v)
	if want == "" {
		*field = domain.Some(x)
	}
	return want
}
