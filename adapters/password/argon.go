package password

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// cost is what working out one argon2id hash takes.
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

// currentCost is the least that OWASP's Password Storage Cheat Sheet recommends for argon2id.
var currentCost = cost{memory: 19 * 1024, passes: 2, threads: 1}

// maxCost bounds what a stored hash may ask for, so that nobody who can write one can exhaust the service.
var maxCost = cost{memory: 128 * 1024, passes: 16, threads: 16}

// The lengths of a new salt and key, and the limits of those that are read, in bytes.
const (
	saltLength = 16
	keyLength  = 32

	minSalt, maxSalt = 8, 64
	minKey, maxKey   = 16, 64
)

// argonHash is an argon2id hash. Its text form is the PHC string format,
// https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md.
type argonHash struct {
	cost
	salt, key []byte
}

func (s argonHash) derive(password string, length int) []byte {
	return argon2.IDKey([]byte(password), s.salt, s.passes, s.memory, s.threads, uint32(length)) //nolint:gosec // at most maxKey
}

func (s argonHash) matches(password string) bool {
	return subtle.ConstantTimeCompare(s.derive(password, len(s.key)), s.key) == 1
}

func (s argonHash) current() bool {
	return s.cost == currentCost && len(s.salt) == saltLength && len(s.key) == keyLength
}

func (s argonHash) String() string {
	e := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, s.memory, s.passes, s.threads,
		e.EncodeToString(s.salt), e.EncodeToString(s.key))
}

// parseArgon reads exactly what String writes, within the limits.
func parseArgon(text string) (s argonHash, ok bool) {
	f := strings.Split(text, "$")
	if len(f) != 6 {
		return s, false
	}
	costs := strings.Split(f[3], ",")
	if len(costs) != 3 {
		return s, false
	}
	s.memory = parseNumber(costs[0], "m=", maxCost.memory)
	s.passes = parseNumber(costs[1], "t=", maxCost.passes)
	s.threads = uint8(parseNumber(costs[2], "p=", uint32(maxCost.threads))) //nolint:gosec // at most costliest.threads
	s.salt = decodeBytes(base64.RawStdEncoding, f[4], minSalt, maxSalt)
	s.key = decodeBytes(base64.RawStdEncoding, f[5], minKey, maxKey)
	valid := s.passes > 0 && s.threads > 0 && s.memory >= 8*uint32(s.threads) && s.salt != nil && s.key != nil
	return s, valid && s.String() == text
}

// parseNumber reads a parameter from 1 to most; 0 for what is none.
func parseNumber(text, name string, most uint32) uint32 {
	digits, named := strings.CutPrefix(text, name)
	n, err := strconv.ParseUint(digits, 10, 32)
	if !named || err != nil || n > uint64(most) {
		return 0
	}
	return uint32(n)
}

// decodeBytes decodes base64 of least to most bytes; nil for what is none.
func decodeBytes(e *base64.Encoding, text string, least, most int) []byte {
	b, err := e.Strict().DecodeString(text)
	if err != nil || len(b) < least || len(b) > most {
		return nil
	}
	return b
}
