package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"tickt/domain/text"
	"tickt/ports"
)

// Limits of an address in bytes (RFC 5321 §4.5.3.1). That of the whole is the limit of a path without its angle brackets.
const (
	maxLocalPart = 64
	maxDomain    = 255
	maxMailbox   = 254
)

// domains reads domain names as UTS #46 says for looking them up, without the transitional mappings. It does not check for hyphens
// in the third and fourth place, as DNS does not: hyphens at the ends of labels are refused by readDomain.
var domains = idna.New(
	idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(), idna.StrictDomainName(true), idna.CheckHyphens(false),
	idna.VerifyDNSLength(true),
)

// Addresses implements ports.Addresses.
type Addresses struct{}

var _ ports.Addresses = Addresses{}

// Read implements ports.Addresses: it returns an address of the form Mailbox of RFC 5321 §4.1.2, as extended by RFC 6531 §3.3, if its
// domain is a name with at least two labels, whose last one is no number. It accepts no comments and no address literals.
func (Addresses) Read(typed string) (ports.Address, bool) {
	address := strings.TrimSpace(text.Stored(strings.Map(pastedInvisible, typed)))
	at := strings.LastIndexByte(address, '@')
	if at < 0 || !utf8.ValidString(address) || len(address) > 4*maxMailbox {
		return ports.Address{}, false
	}
	local, ok := readLocal(address[:at])
	ascii, valid := readDomain(address[at+1:])
	if !ok || !valid {
		return ports.Address{}, false
	}
	a := ports.Address{
		Text: address, Mailbox: quotedLocal(local) + "@" + ascii, Key: quotedLocal(text.Key(local)) + "@" + ascii,
	}
	if len(quotedLocal(local)) > maxLocalPart || len(a.Mailbox) > maxMailbox {
		return ports.Address{}, false
	}
	return a, true
}

// pastedInvisible drops the invisible characters that a one-line text loses.
func pastedInvisible(r rune) rune {
	switch r {
	case '\u00ad', '\u200b', '\ufeff': // soft hyphen, zero-width space, byte order mark
		return -1
	}
	return r
}

// readLocal returns the local part of an address without quotes.
func readLocal(written string) (local string, ok bool) {
	if len(written) < 2 || written[0] != '"' {
		return written, isDotString(written)
	}
	if written[len(written)-1] != '"' {
		return "", false
	}
	var out strings.Builder
	escaped := false
	for _, r := range written[1 : len(written)-1] {
		switch {
		case escaped && (r < ' ' || r > '~'), !escaped && r == '"', r != ' ' && !isLocal(r):
			return "", false
		case !escaped && r == '\\':
			escaped = true
			continue
		}
		escaped = false
		out.WriteRune(r)
	}
	return out.String(), !escaped && out.Len() > 0
}

// isDotString reports whether a local part is a sequence of atoms with single dots between them.
func isDotString(local string) bool {
	for atom := range strings.SplitSeq(local, ".") {
		if atom == "" || strings.ContainsFunc(atom, func(r rune) bool { return !isAtom(r) }) {
			return false
		}
	}
	return true
}

func isAtom(r rune) bool {
	if r <= unicode.MaxASCII {
		return isLetterOrDigit(byte(r&unicode.MaxASCII)) || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
	}
	return isLocal(r)
}

// isLocal reports whether a quoted local part may hold a character: it is visible, or it joins letters.
func isLocal(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !text.IsIgnorable(r) && r != utf8.RuneError || r == '\u200c' || r == '\u200d'
}

// quotedLocal returns a local part as it is written, in quotes only if it needs them.
func quotedLocal(local string) string {
	if isDotString(local) {
		return local
	}
	return quotedString(local)
}

// readDomain returns a domain name in the ASCII form of DNS.
func readDomain(name string) (ascii string, ok bool) {
	ascii, err := domains.ToASCII(name)
	if err != nil || len(ascii) > maxDomain {
		return "", false
	}
	labels := strings.Split(ascii, ".")
	for _, label := range labels {
		if label == "" || label[0] == '-' || label[len(label)-1] == '-' {
			return "", false
		}
	}
	top := labels[len(labels)-1]
	return ascii, len(labels) > 1 && strings.Trim(top, "0123456789") != ""
}
