package bootstrap

import (
	"fmt"
	"strings"
)

// counted returns a number of things in words, as in "1 row" or "2 rows". thing is the singular of a regular noun.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %s", n, plural(thing))
}

// plural returns the plural of a regular noun.
func plural(thing string) string {
	if strings.HasSuffix(thing, "s") {
		return thing + "es"
	}
	if stem, ok := strings.CutSuffix(thing, "y"); ok {
		return stem + "ies"
	}
	return thing + "s"
}

// verb returns the form of a verb for a number of things.
func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// listed joins parts as in "a, b and c".
func listed(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	last := len(parts) - 1
	return strings.Join(parts[:last], ", ") + " and " + parts[last]
}
