package httpserver

import (
	"bytes"
	"encoding/json"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// WriteJSON answers with a status and a body of JSON.
func WriteJSON(c *fiber.Ctx, status int, body any) error {
	response := BeginJSON(c, status)
	text, err := AppendJSON(response.SwapBody(nil)[:0], body)
	response.SwapBody(text)
	return err
}

// BeginJSON sets the status, and empties the response for a body of JSON.
func BeginJSON(c *fiber.Ctx, status int) *fasthttp.Response {
	response := c.Response()
	response.ResetBody()
	response.SetStatusCode(status)
	response.Header.SetContentType(fiber.MIMEApplicationJSON)
	return response
}

// AppendJSON appends x to b as JSON. It escapes nothing for HTML.
func AppendJSON(b []byte, x any) ([]byte, error) {
	w := unterminated(b)
	encoder := json.NewEncoder(&w)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(x)
	return w, err
}

// unterminated collects text without the newline that json.Encoder, which writes in one piece, ends it with.
type unterminated []byte

func (u *unterminated) Write(p []byte) (int, error) {
	*u = append(*u, bytes.TrimSuffix(p, []byte("\n"))...)
	return len(p), nil
}
