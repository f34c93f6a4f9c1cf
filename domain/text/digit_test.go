package text

import (
	"testing"
	"unicode"
)

func TestASCIIDigits(t *testing.T) {
	for typed, want := range map[string]string{
		"": "", "९८४१": "9841", "٠١٢٣٤٥٦٧٨٩": "0123456789", "۴": "4", "９": "9", "𝟗𝟘": "90", "๓ a½²": "3 a½²", "\xff1": "\ufffd1",
	} {
		if got := ASCIIDigits(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

// TestDigitsOfAllSystems checks that the digits of each system follow each other.
func TestDigitsOfAllSystems(t *testing.T) {
	systems := map[rune]rune{} // how many digits each zero has
	for r := rune(0); r <= unicode.MaxRune; r++ {
		value, zero, ok := digit(r)
		if ok != unicode.IsDigit(r) {
			t.Errorf("%U is a digit: %v", r, ok)
		}
		if !ok {
			continue
		}
		if value != systems[zero] || zero+value != r {
			t.Errorf("%U has the value %d in the system of %U after %d digits", r, value, zero, systems[zero])
		}
		systems[zero]++
	}
	for zero, n := range systems {
		if n != 10 {
			t.Errorf("the system of %U has %d digits", zero, n)
		}
	}
}
