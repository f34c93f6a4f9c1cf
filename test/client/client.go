// Package client is the Go client that the OpenAPI document gives whoever generates one: it stands for every client that
// is made from the document, and the journeys of test/journey go through it. It knows nothing but the document.
package client
