package httpapi

import _ "embed" // for the documents

// openAPIYAML is the contract of the service, in OpenAPI 3.1. The tests hold router and answers to it.
//
//go:embed openapi.yaml
var openAPIYAML []byte

// openAPIJSON is the same in JSON, as `make generate` makes it.
//
//go:embed openapi.json
var openAPIJSON []byte
