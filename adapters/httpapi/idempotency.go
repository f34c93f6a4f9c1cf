package httpapi

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tickt/adapters/httpserver"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/ports"
)

const (
	headerIdempotencyKey = "Idempotency-Key"
	headerReplayed       = "Idempotent-Replayed"
	maxKeyLength         = 255 // characters
)

// creation is the response to a POST that creates something.
type creation struct {
	status   int // 0 means 201
	sentence string
	location string // path of the created resource; data is then its representation and gets an ETag. "" if it has no path
	data     any
}

// idempotent responds to a POST that creates something. With an Idempotency-Key, it is created once: later requests of the
// same account with the same key and content get the response to the first one.
func idempotent[V any](c *fiber.Ctx, creating func(*usecase.Idempotency) (V, error), show func(V) creation) error {
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	var (
		request *usecase.Idempotency
		reply   *storedResponse
	)
	answer := func(v V) (ports.IdempotencyRecord, error) {
		r, err := show(v).response()
		reply = &r
		return r.IdempotencyRecord, err
	}
	if key != "" {
		request = &usecase.Idempotency{Key: keyOf(c, key), Fingerprint: fingerprint(c, key), Answer: answerTo(answer)}
	}
	v, err := creating(request)
	var before *usecase.Replayed
	switch {
	case errors.As(err, &before):
		c.Set(headerReplayed, "true")
		if reply, err = readStoredResponse(before.Record); err != nil {
			return err
		}
	case err != nil:
		return err
	case reply == nil: // without a key, the use case does not call answer
		if _, err := answer(v); err != nil {
			return err
		}
	}
	send(c, *reply)
	return nil
}

// answerTo returns answer for a value of any type; the returned function fails if the value is not a V.
func answerTo[V any](answer func(V) (ports.IdempotencyRecord, error)) func(any) (ports.IdempotencyRecord, error) {
	return func(made any) (ports.IdempotencyRecord, error) {
		v, ok := made.(V)
		if !ok {
			return ports.IdempotencyRecord{}, fmt.Errorf("a use case created a %T, want %T", made, v)
		}
		return answer(v)
	}
}

// storedResponse is a response as it is stored; Code is the HTTP status. tag is the entity tag of its data, "" if data is
// not one complete resource.
type storedResponse struct {
	ports.IdempotencyRecord
	tag string
}

// response returns the response to store and to send.
func (m creation) response() (storedResponse, error) {
	if m.status == 0 {
		m.status = fiber.StatusCreated
	}
	body, shown, err := appendSuccess(nil, m.sentence, m.data)
	r := storedResponse{IdempotencyRecord: ports.IdempotencyRecord{Code: m.status, Location: m.location, Body: body}}
	if m.location != "" {
		r.tag = tagOf(shown)
	}
	return r, err
}

// readStoredResponse converts a record to a response. The tag is that of the data exactly as it was encoded.
func readStoredResponse(kept ports.IdempotencyRecord) (*storedResponse, error) {
	r := storedResponse{IdempotencyRecord: kept}
	if kept.Location == "" {
		return &r, nil
	}
	var body struct {
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(kept.Body, &body); err != nil {
		return nil, fmt.Errorf("read the stored response: %w", err)
	}
	r.tag = tagOf(body.Data)
	return &r, nil
}

// send writes the response.
func send(c *fiber.Ctx, r storedResponse) {
	response := c.Response()
	response.SetStatusCode(r.Code)
	response.Header.SetContentType(fiber.MIMEApplicationJSON)
	response.SetBodyRaw(r.Body)
	if r.Location != "" {
		c.Set(fiber.HeaderLocation, r.Location)
		setTag(c, r.tag)
	}
}

// idempotencyKey returns the Idempotency-Key of the request, "" if it has none. It fails as Invalid if it is malformed.
func idempotencyKey(c *fiber.Ctx) (string, error) {
	lines := c.Request().Header.PeekAll(headerIdempotencyKey)
	if len(lines) == 0 {
		return "", nil
	}
	key := string(lines[0])
	if len(lines) > 1 || key == "" || len(key) > maxKeyLength || !visible(key) {
		var p domain.Problems
		p.Add(headerIdempotencyKey, domain.CodeRetryKey)
		return "", p.Err()
	}
	return key, nil
}

// visible reports whether text contains only visible ASCII characters, without spaces.
func visible(text string) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] >= 0x7f {
			return false
		}
	}
	return true
}

// keyOf returns a hash of account and key. It separates the keys of different accounts, and the store does not reveal
// the client's key.
func keyOf(c *fiber.Ctx, key string) string {
	account := httpserver.RequestOf(c).Account
	sum := sha256.Sum256([]byte(string(account) + " " + key))
	return hex.EncodeToString(sum[:])
}

// fingerprint returns an HMAC of method, path and body. Bodies may contain passwords; because the HMAC is keyed with the
// client's key, which is not stored, passwords cannot be guessed from the store.
func fingerprint(c *fiber.Ctx, key string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(c.Method() + " " + strings.TrimSuffix(c.Path(), "/") + "\n"))
	h.Write(c.Request().Body())
	return hex.EncodeToString(h.Sum(nil))
}
