package domain

import (
	"slices"
	"strings"
)

// Problem is one thing that is wrong with an input. Package sentence makes a sentence of it.
type Problem struct {
	Field  string // the JSON key or parameter, as clients know it
	Code   Code
	Params Params // nil if the sentence has no parameters
	Whole  *Error // the input could not be read at all, and this is why; nil for all other problems
}

// Params are the parameters of a sentence besides the field: strings and lists of strings, which are the same in every
// language, numbers, and Terms. A code has the same parameters wherever it is used.
type Params map[string]any

// Term is a phrase that is part of sentences, in English, such as the label of a field. Package sentence may translate it
// into another language.
type Term string

// Problems collects everything that is wrong with an input, so that it can be reported at once. The zero value is ready
// to use.
type Problems []Problem

// Add adds a problem of a field. At most one Params is used; it is needed if the sentence of the code has parameters.
func (p *Problems) Add(field string, code Code, params ...Params) {
	x := Problem{Field: field, Code: code}
	if len(params) > 0 {
		x.Params = params[0]
	}
	*p = append(*p, x)
}

// AddOnce is Add, unless the field has a problem already.
func (p *Problems) AddOnce(field string, code Code, params ...Params) {
	if !p.Has(field) {
		p.Add(field, code, params...)
	}
}

// Has reports whether a field has a problem already.
func (p Problems) Has(field string) bool {
	return slices.ContainsFunc(p, func(x Problem) bool { return x.Field == field })
}

// Unreadable returns the problems of an input that could not be read at all. Their Err is e, whatever is added to them.
func Unreadable(e *Error) Problems { return Problems{{Whole: e}} }

// Err returns nil if there are no problems, and otherwise an Invalid Error that holds them all.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	for _, x := range p {
		if x.Whole != nil {
			return x.Whole
		}
	}
	return &Error{Kind: Invalid, Message: "Invalid", Problems: p}
}

// MaxUnknownFields is the maximum number of unknown fields or parameters that are reported at once.
const MaxUnknownFields = 50

// Truncate cuts a text of a client to 64 characters, so that an error can quote it. A cut text ends with an ellipsis.
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

// Names returns the values of an enumeration as strings, for a parameter of a sentence.
func Names[T ~string](all []T) []string {
	names := make([]string, len(all))
	for i, x := range all {
		names[i] = string(x)
	}
	return names
}

// Text checks the text of a field, and returns it trimmed. The text must be a Line, or Prose by the rule Multiline, of at
// most limit characters. label is the name of the field in sentences. Text adds no problem to a field that has one already.
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
	Required                     // the text must be Visible
	RequiredName                 // as Required, but reported as CodeBlankName
)
