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

// cachePrivate is a Cache-Control that lets only the client cache a response, and revalidate it at every use.
const cachePrivate = "private, no-cache"

// single responds like ok, with one complete resource. It sets a strong ETag, and responds with 304 to a GET or HEAD
// whose If-None-Match matches it.
func single(c *fiber.Ctx, sentence string, data any) error {
	shown, err := succeed(c, sentence, data)
	if err != nil {
		return err
	}
	tag := tagOf(shown)
	setTag(c, tag)
	reads := c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
	if known, err := conditionIn(c, fiber.HeaderIfNoneMatch); err == nil && reads && known.matches(tag, weakly) {
		response := c.Response()
		response.ResetBody()
		response.Header.SetNoDefaultContentType(true)
		response.Header.SetContentType("")
		response.SetStatusCode(fiber.StatusNotModified)
	}
	return nil
}

// matching returns the preconditions of a change (RFC 9110 §13.1), nil if the request has none. show must return the
// representation that the client has read, because its tag is compared.
func matching[V, R any](c *fiber.Ctx, show func(V) R) usecase.Match[V] {
	same, _ := conditionIn(c, fiber.HeaderIfMatch) // checkConditions has refused malformed ones
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
		return (same == nil || same.matches(tag, strongly)) && !other.matches(tag, weakly)
	}
}

// setTag sets ETag and Cache-Control of a response that holds one complete resource.
func setTag(c *fiber.Ctx, tag string) {
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, cachePrivate)
}

// tagOf returns the strong entity tag of a representation: the first half of its SHA-256.
func tagOf(representation []byte) string {
	sum := sha256.Sum256(representation)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2]) + `"`
}

// condition is the value of If-Match or If-None-Match. nil means that the request does not have the header.
type condition struct {
	every bool     // "*"
	tags  []string // as sent: in quotes, weak ones with the prefix W/
}

// Strong and weak comparison (RFC 9110 §8.8.3.2). The tags of the service are all strong.
const (
	strongly = iota
	weakly
)

// matches reports whether the condition contains tag.
func (d *condition) matches(tag string, how int) bool {
	return d != nil && (d.every || slices.ContainsFunc(d.tags, func(t string) bool {
		return t == tag || how == weakly && strings.TrimPrefix(t, "W/") == tag
	}))
}

// checkConditions fails as Invalid if a condition of the request is malformed.
func checkConditions(c *fiber.Ctx) error {
	var p domain.Problems
	for _, header := range [...]string{fiber.HeaderIfMatch, fiber.HeaderIfNoneMatch} {
		if _, err := conditionIn(c, header); err != nil {
			p.Add(header, domain.CodeCondition)
		}
	}
	return p.Err()
}

var errMalformedCondition = domain.FailFor(domain.ReasonMalformed, "A condition of the request could not be read.")

// conditionIn parses a header, If-Match or If-None-Match. It returns nil if the request does not have it.
func conditionIn(c *fiber.Ctx, header string) (*condition, error) {
	lines := c.Request().Header.PeekAll(header)
	if len(lines) == 0 {
		return nil, nil
	}
	text := string(bytes.Join(lines, []byte(",")))
	if strings.Trim(text, " \t") == "*" {
		return &condition{every: true}, nil
	}
	tags, ok := parseEntityTags(text)
	if !ok {
		return &condition{}, errMalformedCondition
	}
	return &condition{tags: tags}, nil
}

// parseEntityTags parses a list of at least one entity tag (RFC 9110 §8.8.3). Empty elements are ignored (§5.6.1.2).
func parseEntityTags(text string) (tags []string, ok bool) {
	for text = strings.Trim(text, " \t,"); text != ""; {
		start := strings.IndexByte(text, '"') + 1
		length := strings.IndexByte(text[start:], '"')
		if start == 0 || length < 0 {
			return nil, false
		}
		end := start + length + 1
		if before := text[:start-1]; before != "" && before != "W/" || !isOpaqueTag(text[start:end-1]) {
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

// isOpaqueTag reports whether text holds only what an entity tag may: visible ASCII, and bytes outside of ASCII.
func isOpaqueTag(text string) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] == 0x7f {
			return false
		}
	}
	return true
}
