package ports

import (
	"slices"

	"tickt/domain"
	"tickt/domain/cursor"
	"tickt/domain/query"
	"tickt/domain/text"
)

// Purpose is for what a person is chosen.
type Purpose string

const (
	ToAssign Purpose = "assign" // a ticket can be assigned to the person
	ToAsk    Purpose = "ask"    // a ticket can be created for the person: every active account
)

// MaxPeople is how many people a page has at most.
const MaxPeople = 50

// PeopleFilter selects people.
type PeopleFilter struct {
	Prefix string  // of the key of the user name
	For    Purpose // "" for any
	After  string  // the key of the user name after which the page begins; "" for the first page
}

// Person is an account to choose.
type Person struct {
	ID          domain.ID
	Username    string
	UsernameKey string
}

// Cursor returns the cursor of the page after the person.
func (p Person) Cursor() string { return cursor.Encode(byte(peopleList), &p.UsernameKey) }

// ReadPeopleFilter reads the filter of a list of people.
func ReadPeopleFilter(q *query.Query) (f PeopleFilter) {
	f.Prefix = text.Key(q.Text("search"))
	purposes := []Purpose{ToAssign, ToAsk}
	if text, given := q.One("may"); given {
		if f.For = Purpose(text); !slices.Contains(purposes, f.For) {
			q.Add("may", domain.CodeOneOf, domain.Params{"choices": domain.Names(purposes)})
		}
	}
	text, _ := q.Optional("cursor")
	if text != "" && !cursor.Decode(text, byte(peopleList), &f.After) {
		q.Add("cursor", domain.CodeCursor)
	}
	return f
}
