package httpapi

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemas are the schemas of the OpenAPI document, which are JSON Schemas (OpenAPI 3.1.1, section 4.8.24). Each one is
// compiled when it is needed first: openapi3filter.ValidateResponse would compile it for every response.
type schemas struct {
	mu       sync.Mutex // a compiler is not safe for concurrent use, but compiled schemas are
	compiler *jsonschema.Compiler
}

// documentURL is the name of the document in the compiler.
const documentURL = "https://tickt.example/openapi.json"

func loadSchemas() (*schemas, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(openAPIJSON))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	return &schemas{compiler: c}, c.AddResource(documentURL, document)
}

// validate checks a JSON value against the schema at a place in the document, as in "#/components/schemas/Failure".
func (s *schemas) validate(place string, value any) error {
	s.mu.Lock()
	schema, err := s.compiler.Compile(documentURL + place)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// validateText checks a JSON text.
func (s *schemas) validateText(place, text string) error {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return err
	}
	return s.validate(place, value)
}

// contentSchema returns the place of the schema of a media type of a response, which has the place response.
func contentSchema(response, mediaType string) string {
	return response + "/content/" + strings.ReplaceAll(mediaType, "/", "~1") + "/schema" // RFC 6901, section 3
}

// check reports an error if the document does not allow a response to a request. Requests outside of the document must fail in the
// envelope.
func (p contract) check(request *http.Request, got answer) error {
	if outsideContract(request.URL.Path) {
		return nil
	}
	route := p.route(request)
	if route == nil {
		return p.checkFailure(request, got)
	}
	response := route.Operation.Responses.Status(got.status)
	if response == nil && slices.Contains(ofAnyRequest, failureCode(got.body)) {
		return p.checkFailure(request, got)
	}
	if response == nil {
		return fmt.Errorf("%s does not document %d", route.Operation.OperationID, got.status)
	}
	if got.status >= http.StatusBadRequest && request.Method != http.MethodHead {
		if code := failureCode(got.body); !slices.Contains(codesOf(route.Operation), code) || statusOf(code) != got.status {
			return fmt.Errorf("%s does not document the code %q for %d", route.Operation.OperationID, code, got.status)
		}
	}
	for name := range strings.SplitSeq(corsPolicy.ResponseHeaders, ", ") {
		if _, documented := response.Value.Headers[name]; !documented && got.header.Get(name) != "" {
			return fmt.Errorf("%s does not document the header %s of %d", route.Operation.OperationID, name, got.status)
		}
	}
	for name, header := range response.Value.Headers {
		if err := p.checkHeader(header, got.header.Values(name)); err != nil {
			return fmt.Errorf("header %s: %w", name, err)
		}
	}
	if request.Method == http.MethodHead || got.body == "" && len(response.Value.Content) == 0 {
		return nil
	}
	mediaType, _, err := mime.ParseMediaType(got.header.Get("Content-Type"))
	if err != nil {
		return err
	}
	if response.Value.Content[mediaType] == nil {
		return fmt.Errorf("%s does not document %s for %d", route.Operation.OperationID, mediaType, got.status)
	}
	return p.schemas.validateText(contentSchema(response.Ref, mediaType), got.body)
}

// checkHeader checks the values of a documented header.
func (p contract) checkHeader(header *openapi3.HeaderRef, values []string) error {
	if len(values) != 1 {
		if len(values) > 1 || header.Value.Required {
			return fmt.Errorf("got %d values", len(values))
		}
		return nil
	}
	var value any = values[0]
	if header.Value.Schema.Value.Type.Is("integer") {
		n, err := strconv.Atoi(values[0])
		if err != nil {
			return err
		}
		value = n
	}
	return p.schemas.validate(header.Ref+"/schema", value)
}

// checkFailure checks the response to a request outside of the document.
func (p contract) checkFailure(request *http.Request, got answer) error {
	if got.status < http.StatusBadRequest {
		return fmt.Errorf("%s %s: got %d, but it is not in the document", request.Method, request.URL.Path, got.status)
	}
	if request.Method == http.MethodHead {
		return nil
	}
	return p.schemas.validateText("#/components/schemas/Failure", got.body)
}
