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
	headerRetryKey = "Idempotency-Key"
	headerReplayed = "Idempotent-Replayed"
	longestKey     = 255 // characters of a client's key
)

// creation is what a POST that makes something answers.
type creation struct {
	status   int // 201 where it is 0
	sentence string
	location string // the path of what was made, which is then whole in data and has an ETag; "" where it has none
	data     any
}

// idempotent answers a POST that makes something. Under an Idempotency-Key it is made once: later requests of the same
// account, key and content are answered with what the first one was.
func idempotent[V any](c *fiber.Ctx, creating func(*usecase.Idempotency) (V, error), show func(V) creation) error {
	key, err := retryKey(c)
	if err != nil {
		return err
	}
	var (
		request *usecase.Idempotency
		reply   *outcome
	)
	answer := func(v V) (ports.IdempotencyRecord, error) {
		r, err := show(v).reply()
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
		if reply, err = keptReply(before.Record); err != nil {
			return err
		}
	case err != nil:
		return err
	case reply == nil: // there was nothing to keep it under
		if _, err := answer(v); err != nil {
			return err
		}
	}
	send(c, *reply)
	return nil
}

// answerTo is answer for whatever a use case made.
func answerTo[V any](answer func(V) (ports.IdempotencyRecord, error)) func(any) (ports.IdempotencyRecord, error) {
	return func(made any) (ports.IdempotencyRecord, error) {
		v, ok := made.(V)
		if !ok {
			return ports.IdempotencyRecord{}, fmt.Errorf("%T was made where %T is shown", made, v)
		}
		return answer(v)
	}
}

// outcome is an answer as it is kept, its Code the HTTP status, and the entity tag of its data; "" if it does not hold
// one whole resource.
type outcome struct {
	ports.IdempotencyRecord
	tag string
}

// reply makes the answer that is kept and sent.
func (m creation) reply() (outcome, error) {
	if m.status == 0 {
		m.status = fiber.StatusCreated
	}
	body, shown, err := appendSuccess(nil, m.sentence, m.data)
	r := outcome{IdempotencyRecord: ports.IdempotencyRecord{Code: m.status, Location: m.location, Body: body}}
	if m.location != "" {
		r.tag = tagOf(shown)
	}
	return r, err
}

// keptReply reads an answer that was kept; its data is in the body as it was encoded.
func keptReply(kept ports.IdempotencyRecord) (*outcome, error) {
	r := outcome{IdempotencyRecord: kept}
	if kept.Location == "" {
		return &r, nil
	}
	var body struct {
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(kept.Body, &body); err != nil {
		return nil, fmt.Errorf("read the kept answer: %w", err)
	}
	r.tag = tagOf(body.Data)
	return &r, nil
}

// send writes a reply as the answer.
func send(c *fiber.Ctx, r outcome) {
	response := c.Response()
	response.SetStatusCode(r.Code)
	response.Header.SetContentType(fiber.MIMEApplicationJSON)
	response.SetBodyRaw(r.Body)
	if r.Location != "" {
		c.Set(fiber.HeaderLocation, r.Location)
		setTag(c, r.tag)
	}
}

// retryKey gives the key under which the client may ask again; "" where it named none.
func retryKey(c *fiber.Ctx) (string, error) {
	lines := c.Request().Header.PeekAll(headerRetryKey)
	if len(lines) == 0 {
		return "", nil
	}
	key := string(lines[0])
	if len(lines) > 1 || key == "" || len(key) > longestKey || !visible(key) {
		var p domain.Problems
		p.Add(headerRetryKey, domain.CodeRetryKey)
		return "", p.Err()
	}
	return key, nil
}

// visible says whether a text is of visible ASCII characters, blanks not among them.
func visible(text string) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] >= 0x7f {
			return false
		}
	}
	return true
}

// keyOf stands for the client's key among those of all accounts, and does not show it to whoever reads the store.
func keyOf(c *fiber.Ctx, key string) string {
	account := httpserver.RequestOf(c).Account
	sum := sha256.Sum256([]byte(string(account) + " " + key))
	return hex.EncodeToString(sum[:])
}

// fingerprint stands for what was asked. Bodies hold passwords: whoever reads the store and does not know the
// client's key cannot try them.
func fingerprint(c *fiber.Ctx, key string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(c.Method() + " " + strings.TrimSuffix(c.Path(), "/") + "\n"))
	h.Write(c.Request().Body())
	return hex.EncodeToString(h.Sum(nil))
}
