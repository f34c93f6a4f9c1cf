package password

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tickt/domain"
)

func TestPasswordMatchesOnlyItsOwnHash(t *testing.T) {
	h := New(1)
	hash, err := h.Hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %q does not name its parameters", hash)
	}
	for _, c := range []struct {
		password string
		want     bool
	}{{"correct horse", true}, {"correct horsf", false}, {"", false}, {"correct horse ", false}} {
		ok, rehash, err := h.Verify(t.Context(), c.password, hash)
		if ok != c.want || rehash || err != nil {
			t.Errorf("%q: ok %v, rehash %v, err %v", c.password, ok, rehash, err)
		}
	}
}

func TestEachHashHasItsOwnSalt(t *testing.T) {
	h := New(1)
	a, _ := h.Hash(t.Context(), "correct horse")
	b, _ := h.Hash(t.Context(), "correct horse")
	if a == b {
		t.Error("the salt was used twice")
	}
}

// phc returns an argon2id hash in the PHC string format. key is in hexadecimal.
func phc(params, salt, key string) string {
	raw, err := hex.DecodeString(key)
	if err != nil {
		panic(err)
	}
	e := base64.RawStdEncoding
	return "$argon2id$v=19$" + params + "$" + e.EncodeToString([]byte(salt)) + "$" + e.EncodeToString(raw)
}

func TestKnownHashesAreVerifiedAndUpgraded(t *testing.T) {
	for name, c := range map[string]struct{ password, hash string }{
		// Results of the reference implementation for "password" and "somesalt".
		"argon2id of one pass":     {"password", phc("m=64,t=1,p=1", "somesalt", "655ad15eac652dc59f7170a7332bf49b8469be1fdb9c28bb")},
		"argon2id of two passes":   {"password", phc("m=64,t=2,p=1", "somesalt", "068d62b26455936aa6ebe60060b0a65870dbfa3ddf8d41f7")},
		"argon2id of more threads": {"password", phc("m=256,t=3,p=2", "somesalt", "4668d30ac4187e6878eedeacf0fd83c5a0a30db2cc16ef0b")},
		// Results of django.contrib.auth.hashers.make_password("lètmein", "seasalt").
		"Django 3.2": {"lètmein", "pbkdf2_sha256$260000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo="},
		"Django 5.2": {"lètmein", "pbkdf2_sha256$1000000$seasalt$r1uLUxoxpP2Ued/qxvmje7UH9PUJBkRrvf9gGPL7Cps="},
		"Django with a password in Devanagari": {
			"पासवर्ड-१२३", "pbkdf2_sha256$600000$lUnEaI7X2n4d$8UT3n4Kev/gQUwiosVZ0tOmV3vY9CKQgK529dtmQM7s=",
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := New(1)
			if ok, rehash, err := h.Verify(t.Context(), c.password, c.hash); !ok || !rehash || err != nil {
				t.Errorf("the right password: ok %v, rehash %v, err %v", ok, rehash, err)
			}
			if ok, rehash, err := h.Verify(t.Context(), c.password+"x", c.hash); ok || rehash || err != nil {
				t.Errorf("a wrong password: ok %v, rehash %v, err %v", ok, rehash, err)
			}
		})
	}
}

const good = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$ZVrRXqxlLcWfcXCnMyv0m4Rpvh/bnCi7"

func TestUnreadableHashMatchesNothing(t *testing.T) {
	if _, ok := parse(good); !ok {
		t.Fatal("the hash that the others are derived from cannot be read")
	}
	django := "pbkdf2_sha256$1000$seasalt$ePIHI3MavvWZ3N1Ye79CP292QfexLxknlErHW6bydFU="
	h := New(1)
	if _, ok := parse(django); !ok || !h.Readable(django) || !h.Readable(good) {
		t.Fatal("the Django hash that the others are derived from cannot be read")
	}
	for name, text := range map[string]string{
		"nothing":                    "",
		"a plain password":           "password",
		"Django's unusable password": "!VbVPRUKhCbLbFPyYNTVVN2FpFKLuUzbKWLyUXNnB",
		"another algorithm":          strings.Replace(good, "argon2id", "argon2i", 1),
		"another version":            strings.Replace(good, "v=19", "v=16", 1),
		"memory of 4 TiB":            strings.Replace(good, "m=64", "m=4294967295", 1),
		"memory beyond 32 bits":      strings.Replace(good, "m=64", "m=99999999999", 1),
		"a leading zero":             strings.Replace(good, "m=64", "m=064", 1),
		"a sign":                     strings.Replace(good, "t=1", "t=+1", 1),
		"no passes":                  strings.Replace(good, "t=1", "t=0", 1),
		"too many passes":            strings.Replace(good, "t=1", "t=4294967295", 1),
		"no threads":                 strings.Replace(good, "p=1", "p=0", 1),
		"more threads than memory":   strings.Replace(good, "p=1", "p=9", 1),
		"256 threads":                strings.Replace(good, "p=1", "p=256", 1),
		"an extra parameter":         strings.Replace(good, "p=1", "p=1,data=x", 1),
		"a short salt":               strings.Replace(good, "c29tZXNhbHQ", "c29t", 1),
		"a short key":                good[:len(good)-24],
		"a key that is no base64":    good[:len(good)-1] + "*",
		"a huge key":                 good + strings.Repeat("A", 1000),
		"an extra field":             good + "$",
		"a newline at the end":       good + "\n",
		"no iterations":              strings.Replace(django, "$1000$", "$0$", 1),
		"negative iterations":        strings.Replace(django, "$1000$", "$-1$", 1),
		"iterations for hours":       strings.Replace(django, "$1000$", "$2000000000$", 1),
		"iterations in hexadecimal":  strings.Replace(django, "$1000$", "$0x10$", 1),
		"no salt":                    strings.Replace(django, "seasalt", "", 1),
		"base64 without padding":     strings.TrimSuffix(django, "="),
		"SHA-1":                      strings.Replace(django, "sha256", "sha1", 1),
	} {
		t.Run(name, func(t *testing.T) {
			if s, ok := parse(text); ok || h.Readable(text) {
				t.Fatalf("%q was read as %+v", text, s)
			}
		})
	}
	if ok, rehash, err := h.Verify(t.Context(), "", ""); ok || rehash || err != nil {
		t.Errorf("no hash: ok %v, rehash %v, err %v", ok, rehash, err)
	}
}

func TestUnreadableHashTakesAsLongAsARealOne(t *testing.T) {
	h := New(1)
	hash, _ := h.Hash(t.Context(), "correct horse")
	took := func(stored string) time.Duration {
		start := time.Now()
		_, _, _ = h.Verify(t.Context(), "wrong horse", stored)
		return time.Since(start)
	}
	// The minimum of many tries is independent of what else the machine does.
	realHash, none := time.Hour, time.Hour
	for try := 1; try <= 200; try++ {
		realHash, none = min(realHash, took(hash)), min(none, took(""))
		if try >= 5 && none >= realHash/2 && none <= 2*realHash {
			return
		}
	}
	t.Errorf("a real hash takes %v, none %v", realHash, none)
}

func TestWaitingTooLongIsUnavailableWithRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(1)
		release, err := h.acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		failed := make(chan error, 2)
		go func() { _, err := h.Hash(ctx, "correct horse"); failed <- err }()
		go func() { _, _, err := h.Verify(ctx, "correct horse", good); failed <- err }()
		synctest.Wait()
		if h.Waiting() != 2 {
			t.Errorf("%d wait, want 2", h.Waiting())
		}
		cancel()
		for range 2 {
			var e *domain.Error
			if err := <-failed; !errors.As(err, &e) || e.Kind != domain.Unavailable || e.RetryAfter != time.Second {
				t.Errorf("got %v, want Unavailable with a second to wait", err)
			}
		}
		release()
		if h.Waiting() != 0 {
			t.Errorf("%d still wait", h.Waiting())
		}
		if _, _, err := h.Verify(t.Context(), "x", good); err != nil {
			t.Errorf("the slot was not freed: %v", err)
		}
	})
}

func TestEndedContextGetsNoSlot(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(1).Hash(ctx, "correct horse"); domain.KindOf(err) != domain.Unavailable {
		t.Errorf("got %v, want Unavailable", err)
	}
}

func TestSlotsLimitConcurrentHashes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(3)
		var releases []func()
		for range 3 {
			release, err := h.acquire(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			releases = append(releases, release)
		}
		done := make(chan error)
		go func() { _, _, err := h.Verify(t.Context(), "x", good); done <- err }()
		synctest.Wait()
		select {
		case err := <-done:
			t.Fatalf("a fourth hash ran at the same time: %v", err)
		default:
		}
		releases[0]()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(good)
	f.Add("pbkdf2_sha256$1000$seasalt$ePIHI3MavvWZ3N1Ye79CP292QfexLxknlErHW6bydFU=")
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$$")
	f.Add("$$$$$")
	f.Fuzz(func(t *testing.T, text string) {
		s, ok := parse(text)
		switch s := s.(type) {
		case argonHash:
			if s.memory > maxCost.memory || s.passes > maxCost.passes || s.threads > maxCost.threads || s.String() != text {
				t.Errorf("%q was read as %v", text, s)
			}
		case djangoHash:
			if s.iterations < 1 || s.iterations > maxIterations || s.String() != text {
				t.Errorf("%q was read as %v", text, s)
			}
		default:
			if ok {
				t.Errorf("%q was read as %T", text, s)
			}
		}
	})
}

func BenchmarkHash(b *testing.B) {
	h := New(1)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = h.Hash(b.Context(), "correct horse")
	}
}

func BenchmarkVerify(b *testing.B) {
	h := New(1)
	for name, hash := range map[string]string{
		"argon2id":   h.decoy.(argonHash).String(),
		"Django 5.2": "pbkdf2_sha256$1000000$seasalt$r1uLUxoxpP2Ued/qxvmje7UH9PUJBkRrvf9gGPL7Cps=",
		"unreadable": "",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, _, _ = h.Verify(b.Context(), "correct horse", hash)
			}
		})
	}
}
