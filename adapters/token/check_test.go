package token

import (
	"strings"
	"testing"
)

func TestCheckValueTellsKeysApartAndStaysTheSame(t *testing.T) {
	const key = "a secret of thirty-two bytes or more"
	// echo -n 'tickt key check 1' | openssl dgst -sha256 -hmac "$key" | cut -c 1-32
	const want = "6de9b3551310629448580d74cfefdea8"
	got := Check([]byte(key))
	if got != want {
		t.Errorf("the check value is %s, want %s: every database would refuse its key", got, want)
	}
	if got == Check([]byte(key+"!")) || Check(nil) != "" || strings.Contains(key, string(got)) {
		t.Error("the check value does not depend on the key alone")
	}
}
