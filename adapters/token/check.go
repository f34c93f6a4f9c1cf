package token

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"tickt/domain/account"
)

// checkLabel is what a check value is the code of. It contains no dot, so that it is the signature of no token.
const checkLabel = "tickt key check 1"

// checkLength is the length of a check value in bytes.
const checkLength = 16

// Check returns the check value of a secret: the first half of HMAC-SHA-256 (RFC 2104, RFC 4868 §2.1.1) of a label, in hexadecimal
// digits. A secret that can be guessed can be guessed from it, as from any token. The check value of no secret is "".
func Check(secret []byte) account.KeyCheck {
	if len(secret) == 0 {
		return ""
	}
	code := hmac.New(sha256.New, secret)
	code.Write([]byte(checkLabel))
	return account.KeyCheck(hex.EncodeToString(code.Sum(nil)[:checkLength]))
}
