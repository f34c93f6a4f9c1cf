package httpapi

import (
	"encoding/json"

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
	ResponseCode string           `json:"ResponseCode"`
	Response     string           `json:"response"`
	Errors       []string         `json:"error,omitempty"`
	Details      []domain.Problem `json:"details,omitempty"`
	RequestID    string           `json:"requestId"`
}

// ok answers 200 with a sentence, "Ok" where it is empty. data is left out where it is nil; a nil
// pointer in it becomes null.
func ok(c *fiber.Ctx, sentence string, data any) error {
	if sentence == "" {
		sentence = "Ok"
	}
	return write(c, fiber.StatusOK, success{"0", sentence, data})
}

// created answers 201 with the path of what was made.
func created(c *fiber.Ctx, sentence, location string, data any) error {
	c.Set(fiber.HeaderLocation, location)
	return write(c, fiber.StatusCreated, success{"0", sentence, data})
}

// write encodes a body straight into the response.
func write(c *fiber.Ctx, status int, body any) error {
	response := c.Response()
	response.ResetBody()
	response.SetStatusCode(status)
	response.Header.SetContentType(fiber.MIMEApplicationJSON)
	encoder := json.NewEncoder(oneLine{response})
	encoder.SetEscapeHTML(false)
	return encoder.Encode(body)
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
func pathID(c *fiber.Ctx) (domain.ID, error) {
	id, ok := domain.ParseID(c.Params("id"))
	if !ok {
		return "", domain.ErrNotFound
	}
	return id, nil
}
