package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/adapters/httpserver"
	"tickt/domain"
)

// ok responds with 200 and a sentence, "Ok" if it is empty. data is left out if it is nil; a nil pointer in it becomes
// null.
func ok(c *fiber.Ctx, sentence string, data any) error {
	_, err := succeed(c, sentence, data)
	return err
}

// respond is ok with another status.
func respond(c *fiber.Ctx, status int, sentence string, data any) error {
	_, err := succeedWith(c, status, sentence, data)
	return err
}

// succeed is ok that also returns the encoded data, which is valid until the body of the response changes.
func succeed(c *fiber.Ctx, sentence string, data any) (shown []byte, err error) {
	return succeedWith(c, fiber.StatusOK, sentence, data)
}

func succeedWith(c *fiber.Ctx, status int, sentence string, data any) (shown []byte, err error) {
	response := httpserver.BeginJSON(c, status)
	body, shown, err := appendSuccess(response.SwapBody(nil)[:0], sentence, data)
	response.SwapBody(body)
	return shown, err
}

// appendSuccess appends the body of a successful response to b. shown is the encoded data within body, nil if data is
// nil.
func appendSuccess(b []byte, sentence string, data any) (body, shown []byte, err error) {
	if sentence == "" {
		sentence = "Ok"
	}
	body, err = httpserver.AppendJSON(append(b, `{"ResponseCode":"0","response":`...), sentence)
	if err != nil {
		return body, nil, err
	}
	if data != nil {
		body = append(body, `,"data":`...)
		start := len(body)
		if body, err = httpserver.AppendJSON(body, data); err != nil {
			return body, nil, err
		}
		shown = body[start:]
	}
	return append(body, '}'), shown, nil
}

// pathID returns the path parameter id. It fails as NotFound if the id is malformed.
func pathID(c *fiber.Ctx) (domain.ID, error) { return idAt(c, "id") }

// idAt is pathID for another path parameter.
func idAt(c *fiber.Ctx, name string) (domain.ID, error) {
	id, ok := domain.ParseID(c.Params(name))
	if !ok {
		return "", domain.ErrNotFound
	}
	return id, nil
}
