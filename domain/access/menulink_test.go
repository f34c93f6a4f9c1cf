package access_test

import (
	"testing"

	"tickt/domain/access"
)

func TestUnsafeLinksRunScriptsOrLeadToAnotherHost(t *testing.T) {
	for link, want := range map[string]bool{
		"": false, "#": false, "/tickets/": false, "/a:b": false, "reports": false, "https://x.test/": false, "HTTP://x.test": false,
		"http://":             false,
		"javascript:alert(1)": true, "\u0020JavaScript:alert(1)": true, "java\tscript:x": true, "data:text/html,x": true, "//host": true,
		`/\host`: true, `\\host`: true, "mailto:x@y.test": true,
	} {
		if got := access.UnsafeLink(link); got != want {
			t.Errorf("%q: %v", link, got)
		}
	}
}
