// Package sentence makes sentences for people of the problems of an input. It has one catalog for each language.
package sentence

import (
	"fmt"
	"strings"

	"tickt/domain"
)

// Language is the catalog of a language: a sentence for each code, and a translation of each term.
type Language struct {
	Sentences map[domain.Code]string // {x} is replaced by the parameter x, {field} by the field
	Terms     map[domain.Term]string // nil for English
}

// Of returns the sentence of a problem. If the catalog has no sentence for the code, Of returns the code; if it has no
// translation of a term, Of uses the term itself.
func (l Language) Of(p domain.Problem) string {
	text, ok := l.Sentences[p.Code]
	if !ok {
		return string(p.Code)
	}
	values := []string{"{field}", p.Field}
	for name, value := range p.Params {
		values = append(values, "{"+name+"}", l.words(value))
	}
	return strings.NewReplacer(values...).Replace(text)
}

// words returns the text of a parameter in a sentence.
func (l Language) words(value any) string {
	switch v := value.(type) {
	case domain.Term:
		if words, ok := l.Terms[v]; ok {
			return words
		}
		return string(v)
	case []string:
		return strings.Join(v, ", ")
	default:
		return fmt.Sprint(v)
	}
}
