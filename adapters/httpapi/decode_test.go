package httpapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/google/go-cmp/cmp"

	"tickt/domain"
	"tickt/domain/sentence"
)

// parcel has a field of every kind that bind supports.
type parcel struct {
	Title     domain.Optional[string]    `json:"title"`
	Due       domain.Optional[time.Time] `json:"dueDate"`
	Escalated domain.Optional[bool]      `json:"isEscalated"`
	Rating    domain.Optional[int]       `json:"rating"`
	Token     string                     `json:"token"`
}

func TestBindDecodesFields(t *testing.T) {
	for _, tc := range []struct {
		name, body string
		want       parcel
	}{
		{"nothing", `{}`, parcel{}},
		{
			"everything",
			" {\n\t\"title\" : \"A \\\"b\\\" \\u00e9\\ud83d\\ude00\\/\\n\", \"dueDate\":\"2026/01/31 09:30\",\"isEscalated\":true,\"rating\":5," +
				"\"token\":\"t\"}\r\n",
			parcel{
				Title: domain.Some("A \"b\" é😀/\n"), Due: domain.Some(time.Date(2026, 1, 31, 9, 30, 0, 0, time.UTC)),
				Escalated: domain.Some(true), Rating: domain.Some(5), Token: "t",
			},
		},
		{"nulls", `{"title":null,"dueDate":null,"rating":null}`, parcel{
			Title: domain.Null[string](), Due: domain.Null[time.Time](), Rating: domain.Null[int](),
		}},
		{"empty and false", `{"title":"","isEscalated":false,"rating":-0}`, parcel{
			Title: domain.Some(""), Escalated: domain.Some(false), Rating: domain.Some(0),
		}},
		{"other notation of an integer", `{"rating":3.0e2}`, parcel{Rating: domain.Some(300)}},
		{"escaped key", `{"\u0074itle":"x"}`, parcel{Title: domain.Some("x")}},
		{
			"read-only keys with any value", `{"createdAt":{"a":[1,{"b":null}]},"referenceId":7,"title":"x"}`,
			parcel{Title: domain.Some("x")},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got parcel
			if err := decode([]byte(tc.body), &got, time.UTC, []string{"createdAt", "referenceId"}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(parcel{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBindRefusesNullForBool(t *testing.T) {
	var got parcel
	err := decode([]byte(`{"isEscalated":null}`), &got, time.UTC, nil)
	var e *domain.Error
	if !errors.As(err, &e) || len(e.Problems) != 1 || sentence.English.Of(e.Problems[0]) != "isEscalated must be true or false." ||
		got.Escalated.Set {
		t.Errorf("%+v, %v", got, err)
	}
}

// shownProblem is the JSON form of a problem.
type shownProblem struct{ Field, Class, Sentence string }

func TestBindReportsAllProblems(t *testing.T) {
	const notTime = " must be a date and time, such as 2026-01-31T09:30:00Z or 2026/01/31 09:30."
	for _, tc := range []struct {
		name, body string
		want       []shownProblem
	}{
		{"wrong types, in the order of the struct", `{"token":null,"rating":"5","isEscalated":0,"dueDate":17,"title":["x"]}`, []shownProblem{
			{"title", "type", "title must be a string."},
			{"dueDate", "type", "dueDate" + notTime},
			{"isEscalated", "type", "isEscalated must be true or false."},
			{"rating", "type", "rating must be a whole number."},
			{"token", "type", "token must be a string."},
		}},
		{"garbage for a time", `{"dueDate":"tomorrow"}`, []shownProblem{{"dueDate", "type", "dueDate" + notTime}}},
		{"unknown keys last, in the order of the body", `{"zzz":1,"aaa":{},"rating":true}`, []shownProblem{
			{"rating", "type", "rating must be a whole number."},
			{"zzz", "unknown", "Unknown field 'zzz'."},
			{"aaa", "unknown", "Unknown field 'aaa'."},
		}},
		{"keys are case-sensitive", `{"Title":"x","hidden":1}`, []shownProblem{
			{"Title", "unknown", "Unknown field 'Title'."},
			{"hidden", "unknown", "Unknown field 'hidden'."},
		}},
		{"duplicate field", `{"title":"a","title":"b"}`, []shownProblem{{"title", "duplicate", "Field 'title' is given more than once."}}},
		{
			"duplicate field, once escaped", `{"title":"a","\u0074itle":"a"}`,
			[]shownProblem{{"title", "duplicate", "Field 'title' is given more than once."}},
		},
		{
			"duplicate read-only key", `{"createdAt":1,"createdAt":1}`,
			[]shownProblem{{"createdAt", "duplicate", "Field 'createdAt' is given more than once."}},
		},
		{
			"duplicate key deep inside", `{"createdAt":[{"a":{"b":1,"b":2}}]}`,
			[]shownProblem{{"createdAt[0].a.b", "duplicate", "Field 'createdAt[0].a.b' is given more than once."}},
		},
		{"long unknown key", `{"` + strings.Repeat("é", 100) + `":1}`, []shownProblem{
			{strings.Repeat("é", 64) + "…", "unknown", "Unknown field '" + strings.Repeat("é", 64) + "…'."},
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var into parcel
			err := decode([]byte(tc.body), &into, time.UTC, []string{"createdAt"})
			var known *domain.Error
			if !errors.As(err, &known) || known.Kind != domain.Invalid || known.Message != "Invalid" {
				t.Fatalf("got %v", err)
			}
			var got []shownProblem
			for _, p := range known.Problems {
				got = append(got, shownProblem{p.Field, p.Code.Class(), sentence.English.Of(p)})
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBindKeepsValidFieldsDespiteProblems(t *testing.T) {
	var got parcel
	if err := decode([]byte(`{"title":"x","rating":"y"}`), &got, time.UTC, nil); err == nil {
		t.Fatal("accepted")
	}
	if want := (parcel{Title: domain.Some("x")}); got != want {
		t.Errorf("%+v", got)
	}
}

func TestBindLimitsReportedUnknownKeys(t *testing.T) {
	var body strings.Builder
	body.WriteString("{")
	for i := range 10_000 {
		fmt.Fprintf(&body, `"k%d":0,`, i)
	}
	body.WriteString(`"rating":1.5}`)
	var got parcel
	var known *domain.Error
	if err := decode([]byte(body.String()), &got, time.UTC, nil); !errors.As(err, &known) || len(known.Problems) != domain.MaxUnknownFields+1 {
		t.Errorf("%d problems", len(known.Problems))
	}
}

func TestBindAcceptsOnlyIntegers(t *testing.T) {
	for _, text := range []string{"1.5", "1e400", "99999999999999999999", "-1e30", strings.Repeat("9", 5000), `"1"`, "true", "[1]"} {
		var got parcel
		err := decode([]byte(`{"rating":`+text+`}`), &got, time.UTC, nil)
		var e *domain.Error
		if !errors.As(err, &e) || sentence.English.Of(e.Problems[0]) != "rating must be a whole number." {
			t.Errorf("%.20s: %v, %v", text, err, got.Rating)
		}
	}
}

func TestBindRequiresOneJSONObject(t *testing.T) {
	nested := func(n int) string { return `{"createdAt":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}` }
	for _, tc := range []struct {
		name, body, want string
	}{
		{"array", `[]`, "Body must be a JSON object."},
		{"null", `null`, "Body must be a JSON object."},
		{"no JSON", `title=x`, "Body must be a JSON object."},
		{"byte order mark", "\ufeff{}", "Body must be a JSON object."},
		{"cut off", `{"title":"x`, "Body is not valid JSON: unexpected end at position 12."},
		{"cut off after a key", `{"title"`, "Body is not valid JSON: a colon was expected at position 9."},
		{"cut off after a colon", `{"title":`, "Body is not valid JSON: unexpected end at position 10."},
		{"cut off in an escape", `{"title":"\`, "Body is not valid JSON: unexpected end at position 11."},
		{"second object", `{} {}`, "Body is not valid JSON: something after the object at position 4."},
		{"NUL after it", "{}\x00", "Body is not valid JSON: something after the object at position 3."},
		{"trailing comma", `{"title":"x",}`, "Body is not valid JSON: a key was expected at position 14."},
		{"comma in an array", `{"createdAt":[1,]}`, "Body is not valid JSON: a value was expected at position 17."},
		{"no comma", `{"title":"x" "rating":1}`, "Body is not valid JSON: a comma or '}' was expected at position 14."},
		{"single quotes", `{'title':1}`, "Body is not valid JSON: a key was expected at position 2."},
		{"comment", `{"title":/**/1}`, "Body is not valid JSON: a value was expected at position 10."},
		{"NaN", `{"rating":NaN}`, "Body is not valid JSON: a value was expected at position 11."},
		{"plus sign", `{"rating":+1}`, "Body is not valid JSON: a value was expected at position 11."},
		{"leading zero", `{"rating":01}`, "Body is not valid JSON: a comma or '}' was expected at position 12."},
		{"bare point", `{"rating":1.}`, "Body is not valid JSON: a digit was expected at position 13."},
		{"bare exponent", `{"rating":1e}`, "Body is not valid JSON: a digit was expected at position 13."},
		{
			"raw newline in a string", "{\"title\":\"a\nb\"}",
			"Body is not valid JSON: the control character U+000A, which is not escaped, at position 12.",
		},
		{
			"raw NUL in a string", "{\"title\":\"a\x00b\"}",
			"Body is not valid JSON: the control character U+0000, which is not escaped, at position 12.",
		},
		{"invalid UTF-8", "{\"title\":\"a\xff\"}", "Body is not valid JSON: the byte 0xFF, which is no UTF-8, at position 12."},
		{"surrogate as UTF-8", "{\"title\":\"\xed\xa0\x80\"}", "Body is not valid JSON: the byte 0xED, which is no UTF-8, at position 11."},
		{"lone high surrogate", `{"title":"\ud83d!"}`, "Body is not valid JSON: half a surrogate pair, U+D83D, at position 11."},
		{"lone high surrogate after 한국", `{"title":"한국\uD83D!"}`, "Body is not valid JSON: half a surrogate pair, U+D83D, at position 13."},
		{"invalid UTF-8 after 한국", "{\"title\":\"한국\xff\"}", "Body is not valid JSON: the byte 0xFF, which is no UTF-8, at position 13."},
		{"lone low surrogate", `{"title":"\ude00"}`, "Body is not valid JSON: half a surrogate pair, U+DE00, at position 11."},
		{
			"surrogates in wrong order", `{"title":"\ude00\ud83d"}`,
			"Body is not valid JSON: half a surrogate pair, U+DE00, at position 11.",
		},
		{
			"lone surrogate in the value of a read-only key", `{"createdAt":"\ud83d"}`,
			"Body is not valid JSON: half a surrogate pair, U+D83D, at position 15.",
		},
		{"unknown escape", `{"title":"\x41"}`, "Body is not valid JSON: an unknown escape at position 11."},
		{"escape without number", `{"title":"\u+041"}`, "Body is not valid JSON: an escape that names no character at position 11."},
		{"too deep", nested(maxDepth), "Body is not valid JSON: more than 32 levels at position 45."},
		{"much too deep", nested(400_000), "Body is not valid JSON: more than 32 levels at position 45."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got parcel
			err := decode([]byte(tc.body), &got, time.UTC, []string{"createdAt"})
			var known *domain.Error
			if !errors.As(err, &known) || known.Kind != domain.Invalid || known.Message != tc.want || known.Problems != nil {
				t.Errorf("got %v\nwant %s", err, tc.want)
			}
		})
	}
	var got parcel
	if err := decode([]byte(nested(maxDepth-1)), &got, time.UTC, []string{"createdAt"}); err != nil {
		t.Errorf("32 levels: %v", err)
	}
}

func TestBodiesMustBeDeclaredAsJSON(t *testing.T) {
	e := run(t, func(a *api, r fiber.Router) {
		r.Post("/parcels", func(c *fiber.Ctx) error {
			var p parcel
			if err := a.bind(c, &p); err != nil {
				return err
			}
			return ok(c, "", p.Title.Value)
		})
	})
	const body, notJSON = `{"title":"x"}`, "Body must be application/json."
	for _, tc := range []struct {
		name, body string
		headers    []string
		status     int
		code       domain.Reason
		sentence   string
	}{
		{"JSON", body, []string{"Content-Type", "application/json"}, 200, "", ""},
		{"JSON with parameters", body, []string{"Content-Type", "Application/JSON ; charset=utf-8"}, 200, "", ""},
		{"no type", body, nil, 415, "unsupported_media_type", notJSON},
		{"a form", "title=x", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "unsupported_media_type", notJSON},
		{"multipart", body, []string{"Content-Type", "multipart/form-data; boundary=x"}, 415, "unsupported_media_type", notJSON},
		{"JSON-like media type", body, []string{"Content-Type", "application/json-patch+json"}, 415, "unsupported_media_type", notJSON},
		{"compressed", body, []string{"Content-Type", "application/json", "Content-Encoding", "gzip"}, 415, "unsupported_media_type", notJSON},
		{"no body", "", []string{"Content-Type", "application/json"}, 400, "invalid", "Body can not be blank."},
		{"no body and no type", "", nil, 400, "invalid", "Body can not be blank."},
		{"blanks", " \n", []string{"Content-Type", "application/json"}, 400, "invalid", "Body can not be blank."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := e.ask("POST", "/api/parcels", tc.body, tc.headers...)
			if tc.status != 200 {
				e.failed(got, tc.status, tc.code, tc.sentence)
			} else if got.status != 200 {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
}

func FuzzBind(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"title":"A \"b\" \u00e9\ud83d\ude00"}`, `{"title":null,"rating":3e2,"isEscalated":true,"dueDate":"2026/01/31 09:30","token":"t"}`,
		`{"createdAt":[1,{"a":-0.5e+7}]}`, `{"title":"a","title":"b"}`, `{"zzz":1}`, `{"title":"\ud83d"}`, `[1]`,
		`{"stamps":["a",null],"items":[{"name":"x","name":1,"id":{}},{"isHeavy":0}]}`, "{\"title\":\"\xff\"}", `{"createdAt":[[[[`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var lists, same shipment
		if err := decode(body, &lists, time.UTC, nil); err == nil {
			if json.Unmarshal(body, &same) == nil && !slices.Equal(lists.Stamps, same.Stamps) || len(lists.Items) > maxItems {
				t.Fatalf("%q became %v", body, lists)
			}
		} else if domain.KindOf(err) != domain.Invalid || !utf8.ValidString(err.Error()) {
			t.Fatalf("%q: %v", body, err)
		}
		var got parcel
		if err := decode(body, &got, time.UTC, []string{"createdAt"}); err != nil {
			if domain.KindOf(err) != domain.Invalid || !utf8.ValidString(err.Error()) {
				t.Fatalf("%q: %v", body, err)
			}
			return
		}
		var oracle map[string]any
		if err := json.Unmarshal(body, &oracle); err != nil {
			t.Fatalf("accepted what encoding/json does not: %q: %v", body, err)
		}
		for key := range oracle {
			if _, known := fieldsOf(typeOfParcel).index[key]; !known && key != "createdAt" {
				t.Fatalf("unknown key %q accepted", key)
			}
		}
		if n := countKeys(body); n != len(oracle) {
			t.Fatalf("%d keys in the text, %d different: %q", n, len(oracle), body)
		}
		if got.Title.Given() && (got.Title.Value != oracle["title"] || !utf8.ValidString(got.Title.Value)) {
			t.Fatalf("title is %q, not %q", got.Title.Value, oracle["title"])
		}
		if got.Rating.Given() && float64(got.Rating.Value) != oracle["rating"] {
			t.Fatalf("rating is %d, not %v", got.Rating.Value, oracle["rating"])
		}
	})
}

// countKeys counts the keys of the outermost object with the tokens of encoding/json.
func countKeys(body []byte) int {
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	keys, depth, isKey := 0, 0, false
	for {
		token, err := decoder.Token()
		if err != nil {
			return keys
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
			isKey = depth == 1
			continue
		case json.Delim('}'), json.Delim(']'):
			depth--
			isKey = depth == 1
			continue
		}
		if depth == 1 {
			if isKey {
				keys++
			}
			isKey = !isKey
		}
	}
}

var typeOfParcel = reflect.TypeFor[parcel]()

func BenchmarkBind(b *testing.B) {
	body := []byte(`{"title":"The printer on the third floor is on fire again","dueDate":"2026-01-31T09:30:00+05:45","isEscalated":true,` +
		`"rating":5,"token":"abcdef"}`)
	b.ReportAllocs()
	for b.Loop() {
		var p parcel
		if err := decode(body, &p, time.UTC, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// Each duplicate key has a path of 400,000 characters, so reporting all of them would be expensive.
func TestDuplicateKeysAreCheap(t *testing.T) {
	body := `{"x":{"` + strings.Repeat("k", 400_000) + `":{"a":0` + strings.Repeat(`,"a":0`, 95_000) + `}}}`
	var into struct{}
	allocated := testing.AllocsPerRun(1, func() {
		var e *domain.Error
		if err := decode([]byte(body), &into, time.UTC, []string{"x"}); !errors.As(err, &e) || len(e.Problems) != domain.MaxUnknownFields {
			t.Errorf("got %v", err)
		}
	})
	if allocated > 1000 {
		t.Errorf("%.0f allocations", allocated)
	}
}
