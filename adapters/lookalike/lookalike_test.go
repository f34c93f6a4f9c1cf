package lookalike_test

import (
	"testing"

	"tickt/adapters/lookalike"
)

func TestSkeletonsOfLookAlikes(t *testing.T) {
	of := lookalike.Names{}.Skeleton
	for _, same := range [][2]string{{"сосо", "coco"}, {"ΑΒΕ", "ABE"}, {"раураl", "paypal"}, {"ü", "u\u0308"}, {"օ", "o"}, {"max", "rnax"}} {
		if of(same[0]) != of(same[1]) {
			t.Errorf("%q and %q: %q and %q", same[0], same[1], of(same[0]), of(same[1]))
		}
	}
	for _, other := range [][2]string{{"сосо", "cocoa"}, {"सीता", "गीता"}, {"한국", "한글"}, {"müller", "muller"}} {
		if of(other[0]) == of(other[1]) {
			t.Errorf("%q and %q have the same, %q", other[0], other[1], of(other[0]))
		}
	}
}
