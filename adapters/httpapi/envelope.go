package httpapi

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"tickt/domain"
)

// failure is the body of every answer that is not a success, keys in this order. appendSuccess writes the other one.
type failure struct {
	ResponseCode string    `json:"ResponseCode"`
	Response     string    `json:"response"`
	Errors       []string  `json:"error,omitempty"`
	Details      []problem `json:"details,omitempty"`
	RequestID    string    `json:"requestId"`
}

// problem is domain.Problem as clients see it.
type problem struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// ok answers 200 with a sentence, "Ok" where it is empty. data is left out where it is nil; a nil
// pointer in it becomes null.
func ok(c *fiber.Ctx, sentence string, data any) error {
	_, err := succeed(c, sentence, data)
	return err
}

// succeed is ok that returns the data as it is encoded, valid until the body changes.
func succeed(c *fiber.Ctx, sentence string, data any) (shown []byte, err error) {
	response := begin(c, fiber.StatusOK)
	body, shown, err := appendSuccess(response.SwapBody(nil)[:0], sentence, data)
	response.SwapBody(body)
	return shown, err
}

// appendSuccess appends the body of a success to b. shown is the part of body that is the encoded data, nil if data
// is nil.
func appendSuccess(b []byte, sentence string, data any) (body, shown []byte, err error) {
	if sentence == "" {
		sentence = "Ok"
	}
	text := unended(append(b, `{"ResponseCode":"0","response":`...))
	if err := encode(&text, sentence); err != nil {
		return text, nil, err
	}
	if data != nil {
		text = append(text, `,"data":`...)
		start := len(text)
		if err := encode(&text, data); err != nil {
			return text, nil, err
		}
		shown = text[start:]
	}
	return append(text, '}'), shown, nil
}

// write encodes a body straight into the response.
func write(c *fiber.Ctx, status int, body any) error {
	response := begin(c, status)
	text := unended(response.SwapBody(nil)[:0])
	err := encode(&text, body)
	response.SwapBody(text)
	return err
}

// begin empties the response for a body of JSON.
func begin(c *fiber.Ctx, status int) *fasthttp.Response {
	response := c.Response()
	response.ResetBody()
	response.SetStatusCode(status)
	response.Header.SetContentType(fiber.MIMEApplicationJSON)
	return response
}

// encode writes what an answer holds as JSON, with a newline after it.
func encode(w io.Writer, x any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(x)
}

// encoded is encode for a text that goes on being used, without the newline.
func encoded(x any) ([]byte, error) {
	var text unended
	err := encode(&text, x)
	return text, err
}

// unended collects text without the newline that json.Encoder, which writes in one piece, ends it with.
type unended []byte

func (u *unended) Write(p []byte) (int, error) {
	*u = append(*u, bytes.TrimSuffix(p, []byte("\n"))...)
	return len(p), nil
}

// pathID reads the reference id in the path. One that is malformed names nothing.
func pathID(c *fiber.Ctx) (domain.ID, error) { return idAt(c, "id") }

// idAt is pathID for the id that the path has under a name.
func idAt(c *fiber.Ctx, name string) (domain.ID, error) {
	id, ok := domain.ParseID(c.Params(name))
	if !ok {
		return "", domain.ErrNotFound
	}
	return id, nil
}
