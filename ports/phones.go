package ports

// Phones reads and formats phone numbers by the numbering plans of all countries.
type Phones interface {
	// Region returns the service's region, two letters (ISO 3166-1).
	Region() string
	// Normalise returns the E.164 form of a number that is valid in the service's region, or international with "+"; ok
	// is false for any other text. It reads the digits of every script.
	Normalise(number string) (e164 string, ok bool)
	// National returns a number of the service's region in its national form, digits only. It returns any other number
	// unchanged.
	National(e164 string) string
}
