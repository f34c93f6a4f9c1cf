package password

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
)

// maxIterations limits a stored hash. Django 5.2 uses 1,000,000, and every release uses more.
const maxIterations = 3_000_000

// djangoHash is a hash of Django's PBKDF2PasswordHasher: "pbkdf2_sha256$<iterations>$<salt>$<base64 key>".
type djangoHash struct {
	iterations int
	salt       string
	key        []byte
}

func (h djangoHash) matches(password string) bool {
	key, err := pbkdf2.Key(sha256.New, password, []byte(h.salt), h.iterations, len(h.key))
	return err == nil && subtle.ConstantTimeCompare(key, h.key) == 1
}

// current returns false: such a hash is replaced at the next sign-in.
func (h djangoHash) current() bool { return false }

func (h djangoHash) String() string {
	return fmt.Sprintf("pbkdf2_sha256$%d$%s$%s", h.iterations, h.salt, base64.StdEncoding.EncodeToString(h.key))
}

// parseDjango parses exactly what String writes, within the limits.
func parseDjango(text string) (s djangoHash, ok bool) {
	f := strings.Split(text, "$")
	if len(f) != 4 {
		return s, false
	}
	s.iterations = int(parseNumber(f[1], "", maxIterations))
	s.salt = f[2]
	s.key = decodeBytes(base64.StdEncoding, f[3], minKey, maxKey)
	valid := s.iterations > 0 && s.salt != "" && len(s.salt) <= 2*maxSalt && s.key != nil
	return s, valid && s.String() == text
}
