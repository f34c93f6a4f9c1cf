package domain

import (
	"slices"
	"strings"
)

// Problem is one thing that is wrong with an input. Package sentence puts it into words.
type Problem struct {
	Field  string // as clients name it
	Code   Code
	Params Params // nil if the sentence has none
}

// Params are what a sentence says besides the field: texts and lists of texts, which are the same in every language,
// numbers, and Terms. A code comes with the same parameters wherever it is used.
type Params map[string]any

// Term is words that are part of sentences, such as what a field is called, in English. Package sentence may have
// other words for it in another language.
type Term string

// Problems collects all that is wrong with an input, so that it is reported at once.
// The zero value is ready to use.
type Problems []Problem

// Add adds a problem of a field; a code whose sentence has parameters comes with them.
func (p *Problems) Add(field string, code Code, params ...Params) {
	x := Problem{Field: field, Code: code}
	if len(params) > 0 {
		x.Params = params[0]
	}
	*p = append(*p, x)
}

// AddOnce is Add for a field that has no problem yet.
func (p *Problems) AddOnce(field string, code Code, params ...Params) {
	if !p.Has(field) {
		p.Add(field, code, params...)
	}
}

// Has reports whether a field has a problem already.
func (p Problems) Has(field string) bool {
	return slices.ContainsFunc(p, func(x Problem) bool { return x.Field == field })
}

// Err is nil if nothing is wrong, else an Invalid Error that holds every problem.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: "Invalid", Problems: p}
}

// MaxUnknownFields is how many names that do not belong in an input are reported at once.
const MaxUnknownFields = 50

// Truncate cuts what a client made up to a length that can be repeated to it: 64 characters.
func Truncate(text string) string {
	const limit = 64
	count := 0
	for i := range text {
		if count++; count > limit {
			return text[:i] + "…"
		}
	}
	return text
}

// Names are the names of the values of an enumeration, as a parameter of a sentence.
func Names[T ~string](all []T) []string {
	names := make([]string, len(all))
	for i, x := range all {
		names[i] = string(x)
	}
	return names
}

// Text checks a text of a field, which label names to people, and returns it trimmed. It has at most limit
// characters; the rules say more. A field that has a problem already gets no second one.
func (p *Problems) Text(field string, label Term, value string, limit int, rules ...TextRule) string {
	value = strings.TrimSpace(value)
	if p.Has(field) {
		return value
	}
	has := func(r TextRule) bool { return slices.Contains(rules, r) }
	valid := Line
	if has(Multiline) {
		valid = Prose
	}
	switch {
	case has(Required) && !Visible(value):
		p.Add(field, CodeBlank, Params{"label": label})
	case has(RequiredName) && !Visible(value):
		p.Add(field, CodeBlankName, Params{"label": label})
	case !valid(value):
		p.Add(field, CodeCharacters, Params{"label": label})
	case Length(value) > limit:
		p.Add(field, CodeTooLong, Params{"label": label, "limit": limit})
	}
	return value
}

// TextRule refines what Problems.Text accepts.
type TextRule uint8

// The rules.
const (
	Multiline    TextRule = iota // newlines and tabs are allowed
	Required                     // something must be seen
	RequiredName                 // Required, as CodeBlankName
)
