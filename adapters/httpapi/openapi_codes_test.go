package httpapi

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"tickt/adapters/httpserver"
	"tickt/domain"
)

// failureCode returns the code in the body of a failure, "" if there is none.
func failureCode(body string) domain.Reason {
	var f struct{ Code domain.Reason }
	_ = json.Unmarshal([]byte(body), &f) // the schema of the body is checked elsewhere
	return f.Code
}

// codesOf returns the codes of failures that the document lists for an operation.
func codesOf(o *openapi3.Operation) (codes []domain.Reason) {
	listed, _ := o.Extensions["x-codes"].([]any)
	for _, code := range listed {
		text, _ := code.(string)
		codes = append(codes, domain.Reason(text))
	}
	return codes
}

// statusOf returns the HTTP status of the failures with a code, 0 if there is no such code.
func statusOf(code domain.Reason) int {
	status := map[domain.Reason]int{
		"method_not_allowed": http.StatusMethodNotAllowed, "timeout": http.StatusRequestTimeout,
		"too_large": http.StatusRequestEntityTooLarge, "unsupported_media_type": http.StatusUnsupportedMediaType,
		"headers_too_large": http.StatusRequestHeaderFieldsTooLarge, domain.ReasonInternal: http.StatusInternalServerError,
		"totp_required": http.StatusUnauthorized, // of features to come
	}[code]
	if status == 0 && code.Kind() != domain.Internal {
		status = httpserver.FailureOf(domain.FailFor(code, "")).Status
	}
	return status
}

// ofAnyRequest are the codes of requests that could not be read, whatever the operation.
var ofAnyRequest = []domain.Reason{domain.ReasonMalformed, "timeout", "too_large", "headers_too_large"}

// TestEveryFailureHasDocumentedCodes compares the codes of each operation with its documented statuses and with the list of
// all codes.
func TestEveryFailureHasDocumentedCodes(t *testing.T) {
	p := contractOf(t)
	all := map[domain.Reason]bool{}
	for _, code := range p.Components.Schemas["Reason"].Value.Enum {
		text, _ := code.(string)
		all[domain.Reason(text)] = true
		if statusOf(domain.Reason(text)) == 0 {
			t.Errorf("%s is not a code of the service", text)
		}
	}
	if len(all) == 0 {
		t.Error("no codes")
	}
	for _, item := range p.Paths.Map() {
		for _, operation := range item.Operations() {
			explained := map[int]bool{}
			for _, code := range codesOf(operation) {
				status := statusOf(code)
				explained[status] = true
				if !all[code] || operation.Responses.Status(status) == nil && !slices.Contains(ofAnyRequest, code) {
					t.Errorf("%s lists %s, but does not document %d, or the code is not in the list of all", operation.OperationID, code, status)
				}
			}
			for _, code := range ofAnyRequest {
				if !slices.Contains(codesOf(operation), code) {
					t.Errorf("%s does not list %s", operation.OperationID, code)
				}
			}
			for status := range operation.Responses.Map() {
				if n := number(status); n >= http.StatusBadRequest && !explained[n] {
					t.Errorf("%s documents %d without a code", operation.OperationID, n)
				}
			}
		}
	}
}
