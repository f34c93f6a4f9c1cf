package httpapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tickt/adapters/httpserver"
	"tickt/application/usecase"
	"tickt/domain"
)

// revalidated lets a client keep an answer for itself, as long as it asks each time whether it still holds.
const revalidated = "private, no-cache"

// single answers 200 as ok does, with one whole resource: it has a strong ETag, and a GET whose If-None-Match names
// that is answered 304.
func single(c *fiber.Ctx, sentence string, data any) error {
	shown, err := succeed(c, sentence, data)
	if err != nil {
		return err
	}
	tag := tagOf(shown)
	setTag(c, tag)
	reads := c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
	if known, err := conditionIn(c, fiber.HeaderIfNoneMatch); err == nil && reads && known.names(tag, weakly) {
		response := c.Response()
		response.ResetBody()
		response.Header.SetNoDefaultContentType(true)
		response.Header.SetContentType("")
		response.SetStatusCode(fiber.StatusNotModified)
	}
	return nil
}

// matching reads the conditions under which a client wants its change (RFC 9110 §13.1); nil where it has none. show
// makes what the client was shown, so that the tags compare.
func matching[V, R any](c *fiber.Ctx, show func(V) R) usecase.Match[V] {
	same, _ := conditionIn(c, fiber.HeaderIfMatch) // conditional has refused what cannot be read
	other, _ := conditionIn(c, fiber.HeaderIfNoneMatch)
	if same == nil && other == nil {
		return nil
	}
	return func(v V) bool {
		shown, err := httpserver.AppendJSON(nil, show(v))
		if err != nil {
			return false
		}
		tag := tagOf(shown)
		return (same == nil || same.names(tag, strongly)) && !other.names(tag, weakly)
	}
}

// setTag says which entity tag the answer has, which holds a whole resource.
func setTag(c *fiber.Ctx, tag string) {
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, revalidated)
}

// tagOf gives the strong entity tag of a representation: half of its SHA-256, which nobody has seen twice.
func tagOf(representation []byte) string {
	sum := sha256.Sum256(representation)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2]) + `"`
}

// condition is what If-Match or If-None-Match say; nil says nothing.
type condition struct {
	every bool     // "*"
	tags  []string // as they were sent: in quotes, weak ones with W/ before them
}

// How tags compare (RFC 9110 §8.8.3.2). Ours are all strong.
const (
	strongly = iota
	weakly
)

func (d *condition) names(tag string, how int) bool {
	return d != nil && (d.every || slices.ContainsFunc(d.tags, func(t string) bool {
		return t == tag || how == weakly && strings.TrimPrefix(t, "W/") == tag
	}))
}

// conditional refuses, before anything is done, a request whose conditions cannot be read.
func conditional(c *fiber.Ctx) error {
	var p domain.Problems
	for _, header := range [...]string{fiber.HeaderIfMatch, fiber.HeaderIfNoneMatch} {
		if _, err := conditionIn(c, header); err != nil {
			p.Add(header, domain.CodeCondition)
		}
	}
	return p.Err()
}

var errMalformedCondition = domain.Fail(domain.Invalid, "A condition of the request could not be read.")

// conditionIn reads the header of a name; nil where the request has none.
func conditionIn(c *fiber.Ctx, header string) (*condition, error) {
	lines := c.Request().Header.PeekAll(header)
	if len(lines) == 0 {
		return nil, nil
	}
	text := string(bytes.Join(lines, []byte(",")))
	if strings.Trim(text, " \t") == "*" {
		return &condition{every: true}, nil
	}
	tags, ok := entityTags(text)
	if !ok {
		return &condition{}, errMalformedCondition
	}
	return &condition{tags: tags}, nil
}

// entityTags reads a list of at least one entity tag (RFC 9110 §8.8.3); empty elements count for nothing (§5.6.1.2).
func entityTags(text string) (tags []string, ok bool) {
	for text = strings.Trim(text, " \t,"); text != ""; {
		start := strings.IndexByte(text, '"') + 1
		length := strings.IndexByte(text[start:], '"')
		if start == 0 || length < 0 {
			return nil, false
		}
		end := start + length + 1
		if before := text[:start-1]; before != "" && before != "W/" || !opaque(text[start:end-1]) {
			return nil, false
		}
		tags = append(tags, text[:end])
		rest := strings.TrimLeft(text[end:], " \t")
		if rest != "" && rest[0] != ',' {
			return nil, false
		}
		text = strings.TrimLeft(rest, " \t,")
	}
	return tags, len(tags) > 0
}

// opaque says whether a tag may hold these bytes: all that can be seen, and those outside of ASCII.
func opaque(text string) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] == 0x7f {
			return false
		}
	}
	return true
}
