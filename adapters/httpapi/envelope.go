package httpapi

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"tickt/domain"
)

// success and failure are the two bodies that every answer has, keys in this order.
type success struct {
	ResponseCode string `json:"ResponseCode"`
	Response     string `json:"response"`
	Data         any    `json:"data,omitempty"`
}

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
	return write(c, fiber.StatusOK, succeeded(sentence, data))
}

func succeeded(sentence string, data any) success {
	if sentence == "" {
		sentence = "Ok"
	}
	return success{"0", sentence, data}
}

// write encodes a body straight into the response.
func write(c *fiber.Ctx, status int, body any) error {
	response := c.Response()
	response.ResetBody()
	response.SetStatusCode(status)
	response.Header.SetContentType(fiber.MIMEApplicationJSON)
	return encode(oneLine{response}, body)
}

// encode writes what an answer holds as JSON, with a newline after it.
func encode(w io.Writer, x any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(x)
}

// encoded is encode for a text that goes on being used, without the newline.
func encoded(x any) ([]byte, error) {
	var text bytes.Buffer
	err := encode(&text, x)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), err
}

// oneLine takes the newline off that json.Encoder ends a body with; it writes a body in one piece.
type oneLine struct{ response *fasthttp.Response }

func (w oneLine) Write(p []byte) (int, error) {
	n := len(p)
	if n > 0 && p[n-1] == '\n' {
		p = p[:n-1]
	}
	w.response.AppendBody(p)
	return n, nil
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
