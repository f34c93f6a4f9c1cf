package password

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
)

// maxIterations bounds what a stored hash may ask for: Django 5.2 uses 1,000,000 and raises that every year.
const maxIterations = 3_000_000

// djangoHash is a hash that Django's PBKDF2PasswordHasher made: "pbkdf2_sha256$<iterations>$<salt>$<base64 key>".
type djangoHash struct {
	iterations int
	salt       string
	key        []byte
}

func (s djangoHash) matches(password string) bool {
	key, err := pbkdf2.Key(sha256.New, password, []byte(s.salt), s.iterations, len(s.key))
	return err == nil && subtle.ConstantTimeCompare(key, s.key) == 1
}

// current is false: such a hash is replaced as soon as its password is known.
func (s djangoHash) current() bool { return false }

func (s djangoHash) String() string {
	return fmt.Sprintf("pbkdf2_sha256$%d$%s$%s", s.iterations, s.salt, base64.StdEncoding.EncodeToString(s.key))
}

// parseDjango reads exactly what String writes, within the limits.
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
