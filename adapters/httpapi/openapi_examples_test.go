package httpapi

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"tickt/adapters/httpserver"
	"tickt/test/desk"
)

// exampleRequest is an example request of the document.
type exampleRequest struct {
	operation *openapi3.Operation
	name      string // of the example; "" if the operation has no body
	method    string
	path      string
	query     url.Values
	body      map[string]any // nil without a body
	headers   []string       // pairs
}

func TestRequestExamplesSucceed(t *testing.T) {
	for _, request := range contractOf(t).requests(t) {
		name := request.operation.OperationID + " " + request.name
		t.Run(strings.TrimSpace(name), func(t *testing.T) {
			request.send(newExampleDesk(t))
		})
	}
}

// requests returns all examples: each body of an operation, and each of its query parameters alone.
func (p contract) requests(t *testing.T) (all []exampleRequest) {
	t.Helper()
	for _, path := range p.Paths.InMatchingOrder() {
		item := p.Paths.Value(path)
		for method, operation := range item.Operations() {
			plain := exampleRequest{operation: operation, method: method, path: path}
			var queries []exampleRequest
			for _, parameter := range slices.Concat(item.Parameters, operation.Parameters) {
				example := parameter.Value.Example
				if example == nil {
					t.Errorf("%s: the parameter %s has no example", operation.OperationID, parameter.Value.Name)
					continue
				}
				switch parameter.Value.In {
				case openapi3.ParameterInPath:
					plain.path = strings.ReplaceAll(plain.path, "{"+parameter.Value.Name+"}", example.(string))
				case openapi3.ParameterInHeader:
					plain.headers = append(plain.headers, parameter.Value.Name, example.(string))
				default:
					queries = append(queries, plain.withQuery(parameter.Value.Name, example))
				}
			}
			all = append(append(all, plain.withBodies(t)...), queries...)
		}
	}
	return all
}

// withQuery returns the request with one query parameter.
func (s exampleRequest) withQuery(name string, example any) exampleRequest {
	s.name, s.query = name, url.Values{}
	values, several := example.([]any)
	if !several {
		values = []any{example}
	}
	for _, v := range values {
		text, plain := v.(string)
		if !plain {
			encoded, _ := json.Marshal(v) // numbers and bools
			text = string(encoded)
		}
		s.query.Add(name, text)
	}
	return s
}

// withBodies returns the request with each example as its body.
func (s exampleRequest) withBodies(t *testing.T) (all []exampleRequest) {
	t.Helper()
	if s.operation.RequestBody == nil {
		return []exampleRequest{s}
	}
	content := s.operation.RequestBody.Value.Content.Get("application/json")
	for name, example := range content.Examples {
		body, ok := example.Value.Value.(map[string]any)
		if !ok {
			t.Errorf("%s: the example %s is not an object", s.operation.OperationID, name)
		}
		s.name, s.body = name, body
		all = append(all, s)
	}
	if all == nil {
		t.Errorf("%s: the body has no example", s.operation.OperationID)
	}
	return all
}

// send sends the request as a superuser and checks that it succeeds with the documented status.
func (s exampleRequest) send(c *clients) {
	c.t.Helper()
	path, body := s.path, ""
	if len(s.query) > 0 {
		path += "?" + s.query.Encode()
	}
	if s.body != nil {
		body = text(operationWalk{exampleRequest: s}.bodyWithTokens(c))
	}
	if got := c.ask(desk.Root, s.method, path, body, s.headers...); got.status != s.successStatus() {
		c.t.Errorf("%s %s %s: got %d %s", s.method, path, body, got.status, got.body)
	}
}

// successStatus returns the documented success status of the operation, 0 if there is not exactly one. 202 is for what takes
// longer than an example does.
func (s exampleRequest) successStatus() (status int) {
	for code := range s.operation.Responses.Map() {
		if n := number(code); n >= http.StatusOK && n < http.StatusMultipleChoices && n != http.StatusAccepted {
			if status != 0 {
				return 0
			}
			status = n
		}
	}
	return status
}

func TestResponseExamplesMatchSchemas(t *testing.T) {
	p := contractOf(t)
	examples := 0
	for name, response := range p.Components.Responses {
		for mediaType, content := range response.Value.Content {
			if len(content.Examples) == 0 {
				t.Errorf("%s has no example", name)
			}
			for title, example := range content.Examples {
				examples++
				body, err := httpserver.AppendJSON(nil, example.Value.Value)
				if err != nil {
					t.Fatal(err)
				}
				if err := p.schemas.validateText(contentSchema("#/components/responses/"+name, mediaType), string(body)); err != nil {
					t.Errorf("the example %s of %s: %v", title, name, err)
				}
			}
		}
	}
	for _, item := range p.Paths.Map() {
		for _, operation := range item.Operations() {
			for status, response := range operation.Responses.Map() {
				if response.Ref == "" {
					t.Errorf("%s: the response %s is not a $ref to components", operation.OperationID, status)
				}
			}
		}
	}
	if examples == 0 {
		t.Error("no examples")
	}
}
