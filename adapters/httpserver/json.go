package httpserver

import (
	"bytes"
	"encoding/json"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// WriteJSON responds with a status and a JSON body.
func WriteJSON(c *fiber.Ctx, status int, body any) error {
	response := BeginJSON(c, status)
	text, err := AppendJSON(response.SwapBody(nil)[:0], body)
	response.SwapBody(text)
	return err
}

// BeginJSON sets status and content type of a JSON response, and resets its body.
func BeginJSON(c *fiber.Ctx, status int) *fasthttp.Response {
	response := c.Response()
	response.ResetBody()
	response.SetStatusCode(status)
	response.Header.SetContentType(fiber.MIMEApplicationJSON)
	return response
}

// AppendJSON appends the JSON encoding of x to b, without HTML escaping.
func AppendJSON(b []byte, x any) ([]byte, error) {
	w := unterminated(b)
	encoder := json.NewEncoder(&w)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(x)
	return w, err
}

// unterminated is a writer that drops the final newline of json.Encoder, which calls Write once per value.
type unterminated []byte

func (u *unterminated) Write(p []byte) (int, error) {
	*u = append(*u, bytes.TrimSuffix(p, []byte("\n"))...)
	return len(p), nil
}
