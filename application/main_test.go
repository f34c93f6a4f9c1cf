package application_test

import (
	"flag"
	"os"
	"testing"

	"tickt/test/stores"
)

// Properties are tried on fewer examples where a store for each of them is dear, unless the command line says otherwise.
func TestMain(m *testing.M) {
	if !stores.Cheap() {
		if err := flag.Set("rapid.checks", "10"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
