package httpapi

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
)

// contract is the OpenAPI document, against which tests check responses.
type contract struct {
	*openapi3.T
	schemas *schemas
}

// loadContract loads the document once.
var loadContract = sync.OnceValues(func() (contract, error) {
	document, err := openapi3.NewLoader().LoadFromData(openAPIYAML)
	if err != nil {
		return contract{}, err
	}
	schemas, err := loadSchemas()
	return contract{document, schemas}, err
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

// outsideContract reports whether a path serves the document itself, the page that shows it, or a page behind a link in a
// mail.
func outsideContract(path string) bool {
	return strings.HasPrefix(path, "/api/pages/") || strings.HasPrefix(path, "/api/openapi.") || strings.HasPrefix(path, "/api/docs")
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
