// Command yamltojson converts a YAML document on standard input to JSON on standard output:
//
//	go run ./test/openapi/cmd/yamltojson <openapi.yaml >openapi.json
package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	if err := convert(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "yamltojson:", err)
		os.Exit(1)
	}
}

func convert(from io.Reader, to io.Writer) error {
	document, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	inJSON, err := asJSON(document)
	if err != nil {
		return err
	}
	_, err = to.Write(inJSON)
	return err
}
