package account

import (
	"strings"
	"unicode"

	"tickt/domain"
	"tickt/domain/text"
)

// checkNewName checks what only a name must keep to that an account does not have yet. Those that exist live on.
func checkNewName(p *domain.Problems, name string) {
	switch {
	case isReserved(name):
		p.Add("username", domain.CodeUsernameReserved)
	case !text.OneScript(name):
		p.Add("username", domain.CodeUsernameScripts)
	}
}

// MayLookAlike reports whether a new name must not look like that of another account: it holds a letter that is not ASCII.
func MayLookAlike(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool { return r > unicode.MaxASCII && unicode.IsLetter(r) })
}

// isReserved reports whether a name means something else where accounts are named: an id, oneself, or no one.
func isReserved(name string) bool {
	key := text.Key(name)
	_, isID := domain.ParseID(key)
	return isID || key == "me" || key == "none"
}

// withPlacedMarks returns a name with an underscore in place of each mark that its script does not write there.
func withPlacedMarks(name string) string {
	for at := text.MisplacedMark(name); at >= 0; at = text.MisplacedMark(name) {
		r := []rune(name[at:])
		name = name[:at] + "_" + string(r[1:])
	}
	return name
}

// restoredName returns the name of an imported account, which lives on, in the characters of user names.
func restoredName(typed string) string {
	return withPlacedMarks(strings.Map(func(r rune) rune {
		if notInName(r) {
			return '_'
		}
		return r
	}, strings.TrimSpace(text.Stored(strings.ToValidUTF8(typed, "_")))))
}
