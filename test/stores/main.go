package stores

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// Main runs the tests of a package once for each engine that Variable lists, as in "memory,sqlite,postgres", and ends the
// process. It is the TestMain of packages whose tests show the same behavior on every engine: one binary is built and linked
// for all of them. A coverage profile holds the first run only.
func Main(m *testing.M) {
	code := 0
	for engine := range strings.SplitSeq(os.Getenv(Variable), ",") {
		if err := os.Setenv(Variable, engine); err != nil {
			panic(err)
		}
		if code = m.Run(); code != 0 {
			fmt.Fprintln(os.Stderr, "the tests failed on the store", engine)
			break
		}
	}
	os.Exit(code)
}
