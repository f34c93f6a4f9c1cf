// Package sentence puts the problems of an input into words for people, in one place for each language.
package sentence

import (
	"fmt"
	"strings"

	"tickt/domain"
)

// Language has a sentence for every code, and words for every term that are not the English ones.
type Language struct {
	Sentences map[domain.Code]string // {x} stands for the parameter x, {field} for the field of the problem
	Terms     map[domain.Term]string // nil in English
}

// Of returns what is wrong, in one sentence. A code without a sentence and a term without words stand for themselves.
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

// words returns what a parameter is in a sentence.
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
