package password

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// cost holds the parameters of an argon2id hash.
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

// currentCost is the minimum that OWASP's Password Storage Cheat Sheet recommends for argon2id.
var currentCost = cost{memory: 19 * 1024, passes: 2, threads: 1}

// maxCost limits the parameters of a stored hash, so that whoever can write one cannot exhaust the service.
var maxCost = cost{memory: 128 * 1024, passes: 16, threads: 16}

// Lengths in bytes: of new salts and keys, and the limits of parsed ones.
const (
	saltLength = 16
	keyLength  = 32

	minSalt, maxSalt = 8, 64
	minKey, maxKey   = 16, 64
)

// argonHash is an argon2id hash. Its text is in the PHC string format,
// https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md.
type argonHash struct {
	cost
	salt, key []byte
}

func (h argonHash) derive(password string, length int) []byte {
	return argon2.IDKey([]byte(password), h.salt, h.passes, h.memory, h.threads, uint32(length)) //nolint:gosec // at most maxKey
}

func (h argonHash) matches(password string) bool {
	return subtle.ConstantTimeCompare(h.derive(password, len(h.key)), h.key) == 1
}

func (h argonHash) current() bool {
	return h.cost == currentCost && len(h.salt) == saltLength && len(h.key) == keyLength
}

func (h argonHash) String() string {
	e := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.passes, h.threads,
		e.EncodeToString(h.salt), e.EncodeToString(h.key))
}

// parseArgon parses exactly what String writes, within the limits.
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
	s.threads = uint8(parseNumber(costs[2], "p=", uint32(maxCost.threads))) //nolint:gosec // at most maxCost.threads
	s.salt = decodeBytes(base64.RawStdEncoding, f[4], minSalt, maxSalt)
	s.key = decodeBytes(base64.RawStdEncoding, f[5], minKey, maxKey)
	valid := s.passes > 0 && s.threads > 0 && s.memory >= 8*uint32(s.threads) && s.salt != nil && s.key != nil
	return s, valid && s.String() == text
}

// parseNumber parses the parameter name, a number from 1 to limit; it returns 0 for any other text.
func parseNumber(text, name string, limit uint32) uint32 {
	digits, named := strings.CutPrefix(text, name)
	n, err := strconv.ParseUint(digits, 10, 32)
	if !named || err != nil || n > uint64(limit) {
		return 0
	}
	return uint32(n)
}

// decodeBytes decodes base64 of minLen to maxLen bytes; it returns nil for any other text.
func decodeBytes(e *base64.Encoding, text string, minLen, maxLen int) []byte {
	b, err := e.Strict().DecodeString(text)
	if err != nil || len(b) < minLen || len(b) > maxLen {
		return nil
	}
	return b
}
