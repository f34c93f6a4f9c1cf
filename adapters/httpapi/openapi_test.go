package httpapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// contract is the OpenAPI document, against which tests check responses.
type contract struct{ *openapi3.T }

// loadContract loads the document once, and adds the formats that the validator does not check by default.
var loadContract = sync.OnceValues(func() (contract, error) {
	document, err := openapi3.NewLoader().LoadFromData(openAPIYAML)
	if err != nil {
		return contract{}, err
	}
	check := openapi3.NewCallbackValidator[string]
	document.SetStringFormatValidators(map[string]openapi3.StringFormatValidator{
		"email":         check(func(text string) error { _, err := mail.ParseAddress(text); return err }),
		"uri-reference": check(func(text string) error { _, err := url.Parse(text); return err }),
	})
	return contract{document}, nil
})

func contractOf(t *testing.T) contract {
	t.Helper()
	p, err := loadContract()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestOpenAPIDocumentIsValid(t *testing.T) {
	p := contractOf(t)
	if err := p.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	if !p.IsOpenAPI31OrLater() {
		t.Errorf("OpenAPI version is %s", p.OpenAPI)
	}
}

// parameterInPath matches a path parameter in the notation of the router.
var parameterInPath = regexp.MustCompile(`:(\w+)`)

func TestRoutesMatchOpenAPIDocument(t *testing.T) {
	served := map[string]bool{}
	for _, route := range servedRoutes() {
		if !strings.HasPrefix(route.Path, "/api/") || outsideContract(route.Path) || route.Method == http.MethodHead {
			continue // HEAD routes follow from GET
		}
		served[route.Method+" "+parameterInPath.ReplaceAllString(route.Path, "{$1}")] = true
	}
	documented := map[string]bool{}
	for path, item := range contractOf(t).Paths.Map() {
		for method := range item.Operations() {
			documented[method+" "+path] = true
		}
	}
	for _, operation := range slices.Sorted(maps.Keys(served)) {
		if !documented[operation] {
			t.Errorf("%s is served, but not documented", operation)
		}
	}
	for _, operation := range slices.Sorted(maps.Keys(documented)) {
		if !served[operation] {
			t.Errorf("%s is documented, but not served", operation)
		}
	}
	if len(served) == 0 {
		t.Error("no routes")
	}
}

// outsideContract reports whether a path serves the document itself or the page that shows it.
func outsideContract(path string) bool {
	return strings.HasPrefix(path, "/api/openapi.") || strings.HasPrefix(path, "/api/docs")
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
	if response == nil {
		return fmt.Errorf("%s does not document %d", route.Operation.OperationID, got.status)
	}
	for name := range strings.SplitSeq(corsPolicy.ResponseHeaders, ", ") {
		if _, documented := response.Value.Headers[name]; !documented && got.header.Get(name) != "" {
			return fmt.Errorf("%s does not document the header %s of %d", route.Operation.OperationID, name, got.status)
		}
	}
	if got.body == "" && len(response.Value.Content) == 0 {
		return nil
	}
	return openapi3filter.ValidateResponse(request.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, Route: route},
		Status:                 got.status,
		Header:                 got.header,
		Body:                   io.NopCloser(bytes.NewReader([]byte(got.body))),
		Options:                &openapi3filter.Options{IncludeResponseStatus: true, SchemaValidationOptions: p.GetSchemaValidationOptions()},
	})
}

// checkFailure checks the response to a request outside of the document.
func (p contract) checkFailure(request *http.Request, got answer) error {
	if got.status < http.StatusBadRequest {
		return fmt.Errorf("%s %s: got %d, but it is not in the document", request.Method, request.URL.Path, got.status)
	}
	if request.Method == http.MethodHead {
		return nil
	}
	return p.checkSchema(p.Components.Schemas["Failure"], []byte(got.body))
}

// checkSchema checks a JSON text against a schema of the document.
func (p contract) checkSchema(schema *openapi3.SchemaRef, body []byte) error {
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return err
	}
	return p.ValidateSchemaJSON(schema.Value, value, openapi3.EnableJSONSchema2020(), openapi3.VisitAsResponse())
}

// route returns the operation of a request, nil if the document has none.
func (p contract) route(request *http.Request) *routers.Route {
	method := request.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	segments := strings.Split(strings.TrimSuffix(request.URL.Path, "/"), "/")
	for _, path := range p.Paths.InMatchingOrder() {
		item := p.Paths.Value(path)
		if operation := item.GetOperation(method); operation != nil && matches(path, segments) {
			return &routers.Route{Spec: p.T, Path: path, PathItem: item, Method: method, Operation: operation}
		}
	}
	return nil
}

// matches reports whether the segments of a path match a documented path.
func matches(documented string, segments []string) bool {
	return slices.EqualFunc(strings.Split(strings.TrimSuffix(documented, "/"), "/"), segments, func(pattern, segment string) bool {
		return pattern == segment || strings.HasPrefix(pattern, "{")
	})
}
