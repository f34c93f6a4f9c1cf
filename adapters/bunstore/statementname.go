package bunstore

import (
	"regexp"
	"strings"
)

// lexeme is a word of a statement, in double quotes or not, a bracket, or a text in single quotes.
var lexeme = regexp.MustCompile(`'(?:[^']|'')*'|"?\w+"?|[()]`)

// nameOf returns what a statement does to which table, as in "UPDATE tickets"; of several tables, the first one that it
// takes rows from or puts them into. Of a text that is no statement it returns the text.
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

// source returns where a SELECT takes its rows from, given the words after it, as in " FROM tickets"; if it has no
// FROM, the function that it calls.
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
