package httpapi

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"tickt/adapters/httpserver"
	"tickt/domain"
)

var errBlankBody = domain.Fail(domain.Invalid, "Body can not be blank.")

// bind decodes the body, one JSON object, into the struct that into points to. A field with a json tag takes the key of
// that name, case-sensitively; the fields of an embedded struct count as its own. A field is a string, []string,
// [][]string, a slice of such structs, a domain.Optional of string, []string, bool, int or time.Time, or implements
// filler. A field is left unchanged if its key is absent or has a value of the wrong type; so is a slice of structs whose
// value is null. The keys in readOnly are accepted with any value and ignored; "items.id" means the key id of each object in
// the list items.
//
// It fails as Invalid with all problems: first those of fields, in the order of the struct, then unknown keys and the
// remaining duplicate keys. Decoded text is valid UTF-8.
func (a *api) bind(c *fiber.Ctx, into any, readOnly ...string) error {
	if err := httpserver.ReadBody(c, httpserver.MaxBody); err != nil {
		return err
	}
	request := c.Request()
	body := request.Body()
	if len(bytes.TrimSpace(body)) == 0 {
		return errBlankBody
	}
	if !hasMedia(request, fiber.MIMEApplicationJSON) {
		return fiber.ErrUnsupportedMediaType
	}
	return decode(body, into, a.Zone, readOnly)
}

// bindNothing accepts an absent body or an object without keys.
func (a *api) bindNothing(c *fiber.Ctx) error {
	var nothing struct{}
	if err := a.bind(c, &nothing); !errors.Is(err, errBlankBody) {
		return err
	}
	return nil
}

// take stores the problems in err, an error of bind, in unread and returns nil; a body that is not JSON, or missing, is one
// too. The use case then checks the permission first, and reports these problems together with its own. Other errors are
// returned.
func take(unread *domain.Problems, err error) error {
	var e *domain.Error
	switch {
	case !errors.As(err, &e) || e.Kind != domain.Invalid:
		return err
	case len(e.Problems) > 0:
		*unread = e.Problems
	default:
		*unread = domain.Unreadable(e)
	}
	return nil
}

// contentTypes returns how many Content-Type lines a header has. The parsed header keeps only the last one.
func contentTypes(header []byte) (n int) {
	for line := range bytes.Lines(header) {
		name, _, _ := bytes.Cut(line, []byte(":"))
		if bytes.EqualFold(bytes.TrimRight(name, " \t"), []byte(fiber.HeaderContentType)) {
			n++
		}
	}
	return n
}

// hasMedia reports whether a request says once that its body has a media type, regardless of its parameters, and is not
// compressed.
func hasMedia(r *fasthttp.Request, want string) bool {
	media, _, _ := bytes.Cut(r.Header.ContentType(), []byte(";"))
	return bytes.EqualFold(bytes.TrimSpace(media), []byte(want)) && contentTypes(r.Header.RawHeaders()) == 1 &&
		len(r.Header.ContentEncoding()) == 0
}

// decode is bind for a body outside of a request.
func decode(body []byte, into any, zone *time.Location, readOnly []string) error {
	f := decoder{zone: zone, readOnly: readOnly}
	s := scanner{text: body, onDuplicate: f.keyProblems.duplicate}
	var p domain.Problems
	err := f.object(&p, reflect.ValueOf(into).Elem(), place{}, s.document)
	if err != nil {
		return err
	}
	return append(p, f.keyProblems.problems...).Err()
}

// document reads the outermost object and checks that nothing follows it.
func (s *scanner) document(member func(key, v value)) error {
	if s.skipSpace() != '{' {
		return domain.FailFor(domain.ReasonMalformed, "Body must be a JSON object.")
	}
	if err := s.object(1, member); err != nil {
		return err
	}
	if s.skipSpace(); s.at < len(s.text) {
		return s.malformed("something after the object")
	}
	return nil
}

// decoder is the state of one decode.
type decoder struct {
	zone        *time.Location
	readOnly    []string
	keyProblems unknownFields
}

// object sets the fields of a struct from the members that read passes to its argument.
func (f *decoder) object(p *domain.Problems, target reflect.Value, at place, read func(member func(key, v value)) error) error {
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
			if at.outermost() { // in inner objects, the scanner has reported it
				f.keyProblems.duplicate(name)
			}
		case !slices.Contains(f.readOnly, at.pattern+name):
			f.keyProblems.unknown(at.path + domain.Truncate(name))
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

// field sets a field, or adds a problem to p if the value has the wrong type. It returns an error for a field of a type
// that bind does not support.
func (f *decoder) field(p *domain.Problems, target reflect.Value, v value, at place, name string) error {
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

// set stores a value in a field. If the value has the wrong type, want is what it must be.
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
		if v.isNull() { // null is not a bool
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
