package mail

import (
	"encoding/base64"
	netmail "net/mail"
	"strings"
	"unicode/utf8"

	"tickt/domain/text"
)

// Limits of lines and words in a header.
const (
	maxHeaderLine  = 76 // RFC 2047 §2, of a line that has an encoded word; other lines keep to it too
	maxEncodedWord = 75 // RFC 2047 §2
	minEncodedWord = len(wordStart) + len(wordEnd) + 12
)

// An encoded word is wordStart, "Q?" or "B?", the encoded text and wordEnd.
const (
	wordStart = "=?UTF-8?Q?"
	wordEnd   = "?="
)

// textField returns a header field with a text (RFC 5322 §2.2.1) that ends with CRLF. What cannot be written as it is, is written in
// encoded words: all from the first word that needs it. What a line may not hold is repaired: older releases accepted it.
func textField(name, value string) string {
	f := newFolder(name)
	plain, encoded := splitPlain(text.Line.Repair(value))
	for _, word := range plain {
		f.putWord(word)
	}
	f.putEncoded(encoded)
	return f.end()
}

// addressField returns a header field with one mailbox (RFC 5322 §3.4, RFC 6532 §3.2), whose address is written as ports.Address has
// it: in ASCII, but for a local part that is sent with SMTPUTF8.
func addressField(name string, a netmail.Address) string {
	f := newFolder(name)
	display := text.Line.Repair(a.Name)
	switch plain, encoded := splitPlain(display); {
	case display == "":
	case encoded != "":
		f.putEncoded(display)
	case isAtoms(display):
		for _, word := range plain {
			f.putWord(word)
		}
	case len(display) < maxHeaderLine/2:
		f.putWord(quotedString(display))
	default:
		f.putEncoded(display)
	}
	f.putWord("<" + a.Address + ">")
	return f.end()
}

// plainField returns a header field whose value is a short text of printable ASCII characters.
func plainField(name, value string) string { return name + ": " + value + "\r\n" }

// splitPlain splits a text into leading words that can be written as they are and the rest, which must be encoded, "" if there is
// none. The space between both stays one; any other space of the rest is part of it.
func splitPlain(text string) (plain []string, encoded string) {
	words := strings.Split(text, " ")
	for i, word := range words {
		switch {
		case word == "": // two spaces, or one at an end, which folding would not keep
			i = max(i-1, 0)
			return words[:i], strings.Join(words[i:], " ")
		case !isPlainWord(word):
			return words[:i], strings.Join(words[i:], " ")
		}
	}
	return words, ""
}

// isPlainWord reports whether a word can be written as it is: it is ASCII, fits into a line and does not look like an encoded word.
func isPlainWord(word string) bool {
	if len(word) >= maxHeaderLine/2 || strings.Contains(word, "=?") {
		return false
	}
	for i := range len(word) {
		if word[i] <= ' ' || word[i] > '~' {
			return false
		}
	}
	return true
}

// isAtoms reports whether a text is a sequence of atoms (RFC 5322 §3.2.3).
func isAtoms(text string) bool {
	for i := range len(text) {
		if c := text[i]; c != ' ' && !isLetterOrDigit(c) && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", rune(c)) {
			return false
		}
	}
	return true
}

func isLetterOrDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// quotedString returns a text as a quoted string (RFC 5322 §3.2.4).
func quotedString(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// folder writes a header field in lines of at most maxHeaderLine bytes. Its first word stays in the first line, however long it is: a
// line without one would be taken for the end of the header by some servers.
type folder struct {
	out   strings.Builder
	line  int // bytes in the current line
	words int
}

func newFolder(name string) *folder {
	f := &folder{}
	f.put(name + ":")
	return f
}

func (f *folder) put(text string) {
	f.out.WriteString(text)
	f.line += len(text)
}

// putWord adds a space and a word, in a new line if it does not fit into this one.
func (f *folder) putWord(word string) {
	if f.words > 0 && f.line+1+len(word) > maxHeaderLine {
		f.out.WriteString("\r\n")
		f.line = 0
	}
	f.put(" " + word)
	f.words++
}

// putEncoded adds a text as encoded words, each of whole characters, one in a line except the first. It adds nothing if text is "".
func (f *folder) putEncoded(text string) {
	for text != "" {
		room := maxHeaderLine - f.line - 1
		if room < minEncodedWord {
			room = maxEncodedWord
		}
		word, n := encodedWord(text, room)
		f.putWord(word)
		text = text[n:]
	}
}

// end returns the field.
func (f *folder) end() string { return f.out.String() + "\r\n" }

// encodedWord encodes as many of the first characters of a text as fit into size bytes, at least one, in the encoding that takes
// more of them, or else is shorter. It returns the number of bytes of the text that were encoded.
func encodedWord(text string, size int) (word string, n int) {
	size -= len(wordStart) + len(wordEnd)
	quoted, nQuoted := quotedText(text, size)
	if n := base64Length(text, size); n > nQuoted || n == nQuoted && base64.StdEncoding.EncodedLen(n) < len(quoted) {
		return strings.Replace(wordStart, "Q", "B", 1) + base64.StdEncoding.EncodeToString([]byte(text[:n])) + wordEnd, n
	}
	return wordStart + quoted + wordEnd, nQuoted
}

// base64Length returns how many bytes of a text, in whole characters, have a base64 encoding of at most size bytes.
func base64Length(text string, size int) int {
	limit := min(size/4*3, len(text))
	for limit > 0 && limit < len(text) && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return limit
}

// quotedText encodes the first characters of a text in the Q encoding, for any place in a header (RFC 2047 §5 (3)), in at most size
// bytes.
func quotedText(text string, size int) (encoded string, n int) {
	const hex = "0123456789ABCDEF"
	var out strings.Builder
	for n < len(text) {
		_, width := utf8.DecodeRuneInString(text[n:])
		var one []byte
		for _, c := range []byte(text[n : n+width]) {
			switch {
			case c == ' ':
				one = append(one, '_')
			case isLetterOrDigit(c) || strings.IndexByte("!*+-/", c) >= 0:
				one = append(one, c)
			default:
				one = append(one, '=', hex[c>>4], hex[c&0xF])
			}
		}
		if out.Len()+len(one) > size {
			break
		}
		out.Write(one)
		n += width
	}
	return out.String(), n
}
