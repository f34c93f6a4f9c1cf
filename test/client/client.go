// Package client is a Go client that oapi-codegen makes from the OpenAPI document, as any client of tickt could. It has the
// operations that generate.yaml lists; the journeys in test/journey go through it.
package client
