package bunstore

import (
	"regexp"
	"strings"
)

// lexeme matches a word of a statement, in double quotes or not, a bracket, or a string literal.
var lexeme = regexp.MustCompile(`'(?:[^']|'')*'|"?\w+"?|[()]`)

// nameOf returns the verb and the table of a statement, as in "UPDATE tickets"; of several tables, the first one that
// it reads or writes. It returns a text that is not a statement unchanged.
func nameOf(statement string) string {
	words := lexeme.FindAllString(statement, -1)
	for i, word := range words {
		switch word {
		case "SELECT":
			return "SELECT" + source(words[i+1:])
		case "DELETE", "INSERT", "LOCK", "COPY", "UPDATE", "ANALYZE":
			return word + object(words[i+1:])
		}
	}
	return statement
}

// object returns the words up to the first name, as in " INTO tickets".
func object(words []string) string {
	var text strings.Builder
	for _, word := range words {
		text.WriteString(" " + strings.Trim(word, `"`))
		if strings.ToUpper(word) != word {
			break
		}
	}
	return text.String()
}

// source returns what a SELECT reads from, given the words after SELECT, as in " FROM tickets"; without FROM, the
// function that it calls.
func source(words []string) string {
	depth := 0
	for i, word := range words {
		switch word {
		case "(":
			depth++
		case ")":
			depth--
		case "FROM", "JOIN":
			if depth > 0 {
				continue
			}
			inner := words[i+1:]
			for len(inner) > 0 && (inner[0] == "(" || inner[0] == "SELECT") {
				if inner[0] == "SELECT" {
					return source(inner[1:])
				}
				inner = inner[1:]
			}
			return " FROM" + object(inner)
		}
	}
	return object(words)
}
