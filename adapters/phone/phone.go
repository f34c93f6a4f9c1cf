// Package phone parses phone numbers by the numbering plans of libphonenumber.
package phone

import (
	"fmt"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"tickt/domain/text"
	"tickt/ports"
)

var _ ports.Phones = (*Parser)(nil)

// maxLength is the length in bytes of the longest text that is parsed.
const maxLength = 256

// Parser implements ports.Phones for one region.
type Parser struct {
	region string
}

// New returns a Parser for a region, named by its two letters (ISO 3166-1), for example "NP". It fails if the region has no
// numbering plan.
func New(region string) (*Parser, error) {
	region = strings.ToUpper(strings.TrimSpace(region))
	if !phonenumbers.GetSupportedRegions()[region] {
		return nil, fmt.Errorf("phone: %q is not a region with phone numbers", region)
	}
	return &Parser{region: region}, nil
}

// Region implements ports.Phones.
func (p *Parser) Region() string { return p.region }

// Normalise implements ports.Phones: it returns the E.164 form. It reads the digits of every script, and drops the invisible marks
// of a pasted number. It refuses letters and extensions, which libphonenumber accepts and drops.
func (p *Parser) Normalise(number string) (string, bool) {
	if len(number) > maxLength {
		return "", false
	}
	number = text.Phone(number)
	if strings.ContainsFunc(number, isForeign) {
		return "", false
	}
	n, err := phonenumbers.Parse(number, p.region)
	if err != nil {
		return "", false
	}
	valid := phonenumbers.IsValidNumberForRegion(n, p.region)
	if strings.HasPrefix(number, "+") {
		valid = phonenumbers.IsValidNumber(n)
	}
	if !valid {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}

// isForeign reports whether a character does not occur in phone numbers.
func isForeign(r rune) bool {
	return !strings.ContainsRune("0123456789+-(). ", r)
}

// National implements ports.Phones: it returns the national form of a number of the region, digits only, with the trunk prefix
// (02079460958 for 020 7946 0958 in GB), and any other number unchanged.
func (p *Parser) National(e164 string) string {
	n, err := phonenumbers.Parse(e164, p.region)
	if err != nil || !phonenumbers.IsValidNumberForRegion(n, p.region) {
		return e164
	}
	return phonenumbers.NormalizeDigitsOnly(phonenumbers.Format(n, phonenumbers.NATIONAL))
}
