package domain

import (
	"slices"

	"tickt/domain/text"
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

// Truncate cuts a text of a client to 64 characters, so that an error can quote it, and replaces those that no line may hold
// by their names. A cut text ends with an ellipsis.
func Truncate(quoted string) string {
	const limit = 64
	count := 0
	for i := range quoted {
		if count++; count > limit {
			return text.Line.Escape(quoted[:i]) + "…"
		}
	}
	return text.Line.Escape(quoted)
}

// Names returns the values of an enumeration as strings, for a parameter of a sentence.
func Names[T ~string](all []T) []string {
	names := make([]string, len(all))
	for i, x := range all {
		names[i] = string(x)
	}
	return names
}

// Text checks the text of a field, and returns it as it is stored: text.Line, or text.Lines by the rule Multiline. It may have
// at most limit characters. label is the name of the field in sentences. Text adds no problem to a field that has one
// already.
func (p *Problems) Text(field string, label Term, value string, limit int, rules ...TextRule) string {
	has := func(r TextRule) bool { return slices.Contains(rules, r) }
	form := text.Line
	if has(Multiline) {
		form = text.Lines
	}
	clean, refused := form.Clean(value)
	switch {
	case p.Has(field):
	case refused != nil:
		p.AddCharacter(field, label, refused)
	case has(Required) && !Visible(clean):
		p.Add(field, CodeBlank, Params{"label": label})
	case has(RequiredName) && !Visible(clean):
		p.Add(field, CodeBlankName, Params{"label": label})
	case Length(clean) > limit:
		p.Add(field, CodeTooLong, Params{"label": label, "limit": limit})
	}
	return clean
}

// AddCharacter adds the problem that a field holds a character that is not allowed.
func (p *Problems) AddCharacter(field string, label Term, c *text.Refused) {
	p.Add(field, CodeCharacters, Params{"label": label, "character": c.Name, "what": Term(c.What), "position": c.Position})
}

// ChangedText is Text for a field of something that is stored. What was stored by an earlier release may be what Text refuses
// or changes: it stays if the field is absent, or sent as it is.
func (p *Problems) ChangedText(field string, label Term, sent Optional[string], stored string, limit int, rules ...TextRule) string {
	if stored != "" && (!sent.Set || sent.Value == stored) {
		return stored
	}
	return p.Text(field, label, sent.Value, limit, rules...)
}

// TextRule refines what Problems.Text accepts.
type TextRule uint8

// The rules.
const (
	Multiline    TextRule = iota // newlines and tabs are allowed
	Required                     // the text must be Visible
	RequiredName                 // as Required, but reported as CodeBlankName
)
