// Package phone reads phone numbers by the numbering plans of libphonenumber. It does not know whose they are.
package phone

import (
	"fmt"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"tickt/ports"
)

var _ ports.Phones = (*Parser)(nil)

// maxLength is the length of the longest text that is looked at, in bytes.
const maxLength = 256

// Parser is ports.Phones for one region.
type Parser struct {
	region string
}

// New makes a Book for a region, named by its two letters (ISO 3166-1), as "NP". It fails where the region
// has no numbering plan.
func New(region string) (*Parser, error) {
	region = strings.ToUpper(strings.TrimSpace(region))
	if !phonenumbers.GetSupportedRegions()[region] {
		return nil, fmt.Errorf("phone: %q is no region with phone numbers", region)
	}
	return &Parser{region: region}, nil
}

// Normalise gives the E.164 form, as ports.Phones promises. Letters and extensions are refused, which
// libphonenumber would read and drop.
func (b *Parser) Normalise(number string) (string, bool) {
	number = strings.TrimSpace(number)
	if len(number) > maxLength || strings.ContainsFunc(number, isForeign) {
		return "", false
	}
	n, err := phonenumbers.Parse(number, b.region)
	if err != nil {
		return "", false
	}
	valid := phonenumbers.IsValidNumberForRegion(n, b.region)
	if strings.HasPrefix(number, "+") {
		valid = phonenumbers.IsValidNumber(n)
	}
	if !valid {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}

// isForeign says whether a character is neither part of a number nor of how people write one.
func isForeign(r rune) bool {
	return !strings.ContainsRune("0123456789+-(). ", r)
}

// National gives a number as it is written in the region, digits only, as ports.Phones promises. A trunk
// prefix is part of that: 020 7946 0958 in GB is 02079460958.
func (b *Parser) National(e164 string) string {
	n, err := phonenumbers.Parse(e164, b.region)
	if err != nil || !phonenumbers.IsValidNumberForRegion(n, b.region) {
		return e164
	}
	return phonenumbers.NormalizeDigitsOnly(phonenumbers.Format(n, phonenumbers.NATIONAL))
}
