package httpapi

import _ "embed" // for the document

// openAPIYAML is the contract of the service, in OpenAPI 3.1. The tests hold router and answers to it.
//
//go:embed openapi.yaml
var openAPIYAML []byte
