package token_test

import (
	"encoding/base64"
	"errors"
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"tickt/adapters/token"
	"tickt/domain"
	"tickt/ports"
)

var (
	secret = []byte("0123456789abcdef0123456789abcdef")
	now    = time.Date(2026, 5, 4, 10, 0, 0, 123456000, time.UTC)
	access = ports.Token{
		Type: ports.AccessToken, ID: "f425cc79c24c4784b1be740478342b55", Session: "a5f85f4a0b1a4358855c172bfa69e119",
		Account: "00000000000000000000000000000001", IssuedAt: now, ExpiresAt: now.Add(5 * time.Minute),
	}
)

func signer() *token.Signer { return signerAt(now) }

func signerAt(t time.Time) *token.Signer {
	return token.New(secret, func() time.Time { return t })
}

// makeToken returns a token with the claims of access, changed by those of change; nil removes a claim.
func makeToken(t testing.TB, method jwt.SigningMethod, key any, change map[string]any) string {
	t.Helper()
	claims := jwt.MapClaims{
		"token_type": "access", "exp": now.Add(time.Minute).Unix(), "iat": now.Unix(),
		"jti": string(access.ID), "user_id": string(access.Account), "sid": string(access.Session),
	}
	maps.Copy(claims, change)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	s, err := jwt.NewWithClaims(method, claims).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestReadReturnsWhatWasSigned(t *testing.T) {
	for _, kind := range []ports.TokenType{ports.AccessToken, ports.RefreshToken} {
		want := access
		want.Type = kind
		s, err := signer().Sign(want)
		if err != nil {
			t.Fatal(err)
		}
		want.IssuedAt, want.ExpiresAt = want.IssuedAt.Truncate(time.Second), want.ExpiresAt.Truncate(time.Second)
		if got, err := signer().Read(s); err != nil || got != want {
			t.Errorf("read %+v, %v; want %+v", got, err, want)
		}
	}
}

func TestTokenHasTheFormOfTheContract(t *testing.T) {
	s, err := signer().Sign(access)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(s, ".")
	for i, want := range []string{
		`{"alg":"HS256","typ":"JWT"}`,
		body,
	} {
		got, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || string(got) != want {
			t.Errorf("part %d is %s, %v; want %s", i, got, err, want)
		}
	}
	again, _ := signer().Sign(access)
	if s != again {
		t.Error("the same token got two texts")
	}
}

func TestTokenExpires(t *testing.T) {
	s, err := signer().Sign(access)
	if err != nil {
		t.Fatal(err)
	}
	end := access.ExpiresAt.Truncate(time.Second)
	if _, err := signerAt(end.Add(-time.Microsecond)).Read(s); err != nil {
		t.Error("refused just before it expires")
	}
	if _, err := signerAt(end).Read(s); !errors.Is(err, ports.ErrTokenExpired) {
		t.Errorf("when it expires: %v", err)
	}
	if _, err := signerAt(access.IssuedAt.Add(-time.Hour)).Read(s); err != nil {
		t.Error("refused by a replica whose clock is behind")
	}
}

func TestReadRefusesForeignTokens(t *testing.T) {
	hs256 := jwt.SigningMethodHS256
	good := makeToken(t, hs256, secret, nil)
	if _, err := signer().Read(good); err != nil {
		t.Fatal("the token that the others are derived from cannot be read")
	}
	parts := strings.Split(good, ".")
	for name, s := range map[string]string{
		"nothing":                     "",
		"dots":                        strings.Repeat(".", 1000),
		"a huge text":                 good + strings.Repeat("A", 1<<20),
		"a huge claim":                makeToken(t, hs256, secret, map[string]any{"x": strings.Repeat("a", 1<<16)}),
		"truncated":                   good[:len(good)-1],
		"no signature":                parts[0] + "." + parts[1] + ".",
		"two parts":                   parts[0] + "." + parts[1],
		"four parts":                  good + "." + parts[2],
		"a changed payload":           parts[0] + "." + parts[1][:20] + "A" + parts[1][21:] + "." + parts[2],
		"no algorithm":                makeToken(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil),
		"HS384":                       makeToken(t, jwt.SigningMethodHS384, secret, nil),
		"HS512":                       makeToken(t, jwt.SigningMethodHS512, secret, nil),
		"another key":                 makeToken(t, hs256, []byte("another"), nil),
		"an empty key":                makeToken(t, hs256, []byte{}, nil),
		"no expiry":                   makeToken(t, hs256, secret, map[string]any{"exp": nil}),
		"an expiry of null":           makeToken(t, hs256, secret, map[string]any{"exp": (*int)(nil)}),
		"an expiry that is text":      makeToken(t, hs256, secret, map[string]any{"exp": "tomorrow"}),
		"an expiry in a string":       makeToken(t, hs256, secret, map[string]any{"exp": strconv.FormatInt(now.Unix()+60, 10)}),
		"an expiry in a list":         makeToken(t, hs256, secret, map[string]any{"exp": []int64{now.Unix() + 60}}),
		"an expiry that is true":      makeToken(t, hs256, secret, map[string]any{"exp": true}),
		"an expiry in upper case":     makeToken(t, hs256, secret, map[string]any{"exp": nil, "EXP": now.Unix() + 60}),
		"a time of issue in a string": makeToken(t, hs256, secret, map[string]any{"iat": strconv.FormatInt(now.Unix(), 10)}),
		"a session with a long s":     makeToken(t, hs256, secret, map[string]any{"sid": nil, "ſid": string(access.Session)}),
		"expired":                     makeToken(t, hs256, secret, map[string]any{"exp": now.Unix() - 1}),
		"no time of issue":            makeToken(t, hs256, secret, map[string]any{"iat": nil}),
		"no type":                     makeToken(t, hs256, secret, map[string]any{"token_type": nil}),
		"another type":                makeToken(t, hs256, secret, map[string]any{"token_type": "sliding"}),
		"a type in upper case":        makeToken(t, hs256, secret, map[string]any{"token_type": "ACCESS"}),
		"no id":                       makeToken(t, hs256, secret, map[string]any{"jti": nil}),
		"an id with dashes":           makeToken(t, hs256, secret, map[string]any{"jti": "f425cc79-c24c-4784-b1be-740478342b55"}),
		"no account":                  makeToken(t, hs256, secret, map[string]any{"user_id": nil}),
		"an account that is empty":    makeToken(t, hs256, secret, map[string]any{"user_id": ""}),
		"an account that is 1":        makeToken(t, hs256, secret, map[string]any{"user_id": 1}),
		"an account of the original":  makeToken(t, hs256, secret, map[string]any{"user_id": "1"}),
		"no session":                  makeToken(t, hs256, secret, map[string]any{"sid": nil}),
		"a session that is a list":    makeToken(t, hs256, secret, map[string]any{"sid": []string{string(access.Session)}}),
		"SQL in the session":          makeToken(t, hs256, secret, map[string]any{"sid": "' OR 1=1 --"}),
		"a payload that is no object": signBody(t, `[1]`),
		"a payload that is no JSON":   signBody(t, `{`),
		"two payloads":                signBody(t, body+body),
		"an expiry twice":             signBody(t, strings.Replace(body, `{`, `{"exp":1,`, 1)),
		"an account twice":            signBody(t, strings.Replace(body, `}`, `,"user_id":"00000000000000000000000000000001"}`, 1)),
		"a name written in two ways":  signBody(t, strings.Replace(body, `{`, `{"\u0065xp":1,`, 1)),
		"an unknown claim twice":      signBody(t, strings.Replace(body, `{`, `{"x":1,"x":1,`, 1)),
		"an unknown critical header":  sign(t, `{"alg":"HS256","typ":"JWT","crit":["x"],"x":1}`, body),
		"a known critical header":     sign(t, `{"alg":"HS256","typ":"JWT","crit":["exp"],"exp":1}`, body),
		"no critical headers":         sign(t, `{"alg":"HS256","typ":"JWT","crit":[]}`, body),
		"critical headers of null":    sign(t, `{"alg":"HS256","typ":"JWT","crit":null}`, body),
		"a payload as it is":          sign(t, `{"alg":"HS256","typ":"JWT","b64":false,"crit":["b64"]}`, body),
		"b64 that is not critical":    sign(t, `{"alg":"HS256","typ":"JWT","b64":false}`, body),
		"b64 that says nothing new":   sign(t, `{"alg":"HS256","typ":"JWT","b64":true}`, body),
		"algorithm none, signed":      sign(t, `{"alg":"none","typ":"JWT"}`, body),
		"algorithm none in any case":  sign(t, `{"alg":"nOnE","typ":"JWT"}`, body),
		"an algorithm in lower case":  sign(t, `{"alg":"hs256","typ":"JWT"}`, body),
		"an algorithm named ALG":      sign(t, `{"ALG":"HS256","typ":"JWT"}`, body),
		"an algorithm in a list":      sign(t, `{"alg":["HS256"],"typ":"JWT"}`, body),
		"an asymmetric algorithm":     sign(t, `{"alg":"RS256","typ":"JWT"}`, body),
		"two algorithms":              sign(t, `{"alg":"none","typ":"JWT","alg":"HS256"}`, body),
		"the algorithm twice":         sign(t, `{"alg":"HS256","typ":"JWT","alg":"HS256"}`, body),
		"no algorithm in the header":  sign(t, `{"typ":"JWT"}`, body),
		"an encrypted token":          sign(t, `{"alg":"HS256","typ":"JWE"}`, body),
		"a token of another kind":     sign(t, `{"alg":"HS256","typ":"at+jwt"}`, body),
		"a type that is no text":      sign(t, `{"alg":"HS256","typ":1}`, body),
		"no type in the header":       sign(t, `{"alg":"HS256"}`, body),
		"a header that is a list":     sign(t, `["HS256"]`, body),
		"two headers":                 sign(t, `{"alg":"HS256","typ":"JWT"}{}`, body),
		"a header that is null":       sign(t, `null`, body),
	} {
		t.Run(name, func(t *testing.T) {
			want := ports.ErrTokenInvalid
			if name == "expired" {
				want = ports.ErrTokenExpired
			}
			if got, err := signer().Read(s); !errors.Is(err, want) || got != (ports.Token{}) {
				t.Errorf("read as %+v, %v", got, err)
			}
		})
	}
}

func TestReadIgnoresWhatItNeedNotKnow(t *testing.T) {
	for name, s := range map[string]string{
		"unknown members of the header": sign(t, `{"typ":"jwt","kid":"1","jku":"https://example.org/","alg":"HS256","x":{"crit":[1]}}`, body),
		"an unknown claim":              signBody(t, strings.Replace(body, `{`, ` { "Sid":"other", "x": {"exp":1,"exp":2} ,`, 1)),
		"a time with a fraction":        signBody(t, strings.Replace(body, `1777888800`, `1777888800.5`, 1)),
	} {
		if got, err := signer().Read(s); err != nil || got.Session != access.Session || got.Account != access.Account {
			t.Errorf("%s: read as %+v, %v", name, got, err)
		}
	}
}

// body is the payload of a token that can be read.
const body = `{"token_type":"access","exp":1777889100,"iat":1777888800,"jti":"f425cc79c24c4784b1be740478342b55",` +
	`"user_id":"00000000000000000000000000000001","sid":"a5f85f4a0b1a4358855c172bfa69e119"}`

// signBody signs any payload with the right key.
func signBody(t testing.TB, body string) string {
	t.Helper()
	return sign(t, `{"alg":"HS256","typ":"JWT"}`, body)
}

// sign signs any header and payload with the right key.
func sign(t testing.TB, header, body string) string {
	t.Helper()
	e := base64.RawURLEncoding
	head := e.EncodeToString([]byte(header)) + "." + e.EncodeToString([]byte(body))
	signature, err := jwt.SigningMethodHS256.Sign(head, secret)
	if err != nil {
		t.Fatal(err)
	}
	return head + "." + e.EncodeToString(signature)
}

func TestPreviousSecretsOnlyVerify(t *testing.T) {
	clock := func() time.Time { return now }
	next := []byte("fedcba9876543210fedcba9876543210")
	old := makeToken(t, jwt.SigningMethodHS256, secret, nil)
	rotated := token.New(next, clock, secret, nil)
	if _, err := rotated.Read(old); err != nil {
		t.Errorf("a token of the previous secret: %v", err)
	}
	fresh, err := rotated.Sign(access)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := token.New(next, clock).Read(fresh); err != nil {
		t.Errorf("a new token is not signed with the new secret: %v", err)
	}
	for name, s := range map[string]string{
		"a token of an empty secret":       makeToken(t, jwt.SigningMethodHS256, []byte{}, nil),
		"a token of another secret":        makeToken(t, jwt.SigningMethodHS256, []byte("another"), nil),
		"an expired one of the old secret": makeToken(t, jwt.SigningMethodHS256, secret, map[string]any{"exp": now.Unix() - 1}),
	} {
		if _, err := rotated.Read(s); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestEmptySecretSignsAndReadsNothing(t *testing.T) {
	s := token.New(nil, func() time.Time { return now })
	if _, err := s.Sign(access); err == nil {
		t.Error("signed without a secret")
	}
	if _, err := s.Read(makeToken(t, jwt.SigningMethodHS256, []byte{}, nil)); err == nil {
		t.Error("read without a secret")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(makeToken(f, jwt.SigningMethodHS256, secret, nil), false)
	f.Add("a.b.c", false)
	f.Add(`{"token_type":"access","exp":1777889100,"iat":1777888800}`, true)
	f.Add(`{"exp":1e308,"iat":-1e308}`, true)
	f.Fuzz(func(t *testing.T, s string, ours bool) {
		if ours { // a payload with a good signature
			s = signBody(t, s)
		}
		got, err := signer().Read(s)
		if err != nil {
			return
		}
		for _, id := range []domain.ID{got.ID, got.Account, got.Session} {
			if _, ok := domain.ParseID(string(id)); !ok {
				t.Errorf("read the id %q", id)
			}
		}
		if !got.ExpiresAt.After(now) || got.Type != ports.AccessToken && got.Type != ports.RefreshToken {
			t.Errorf("read %+v", got)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	s := signer()
	t, _ := s.Sign(access)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = s.Read(t)
	}
}

func BenchmarkSign(b *testing.B) {
	s := signer()
	b.ReportAllocs()
	for b.Loop() {
		_, _ = s.Sign(access)
	}
}
