package sentence_test

import (
	"testing"

	"tickt/domain"
	"tickt/domain/sentence"
)

func TestLanguageOf(t *testing.T) {
	language := sentence.Language{
		Sentences: map[domain.Code]string{
			"one":   "{field} must be {want}.",
			"many":  "Choose {what} of {choices}, {limit} at most; {what}!",
			"plain": "No {braces} of ours.",
		},
		Terms: map[domain.Term]string{"a string": "ein Text"},
	}
	for name, c := range map[string]struct {
		problem domain.Problem
		want    string
	}{
		"a field and a term": {
			domain.Problem{Field: "title", Code: "one", Params: domain.Params{"want": domain.Term("a string")}}, "title must be ein Text.",
		},
		"a list, a number and a string": {
			domain.Problem{Code: "many", Params: domain.Params{"what": "one", "choices": []string{"a", "b"}, "limit": 3}},
			"Choose one of a, b, 3 at most; one!",
		},
		"values that look like parameters": {
			domain.Problem{Field: "{want}", Code: "one", Params: domain.Params{"want": "{field}"}}, "{want} must be {field}.",
		},
		"no parameters":   {domain.Problem{Code: "plain"}, "No {braces} of ours."},
		"an unknown term": {domain.Problem{Field: "x", Code: "one", Params: domain.Params{"want": domain.Term("other")}}, "x must be other."},
		"an unknown code": {domain.Problem{Field: "x", Code: "required.other"}, "required.other"},
	} {
		if got := language.Of(c.problem); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestCodeClass(t *testing.T) {
	for code, want := range map[domain.Code]string{
		domain.CodeBlank: "required", domain.CodeTooLong: "too_long", domain.CodeTypeInItem: "type", "alone": "alone", "": "",
	} {
		if got := code.Class(); got != want {
			t.Errorf("the class of %q is %q, want %q", code, got, want)
		}
	}
}
