package journey

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// ellipsis stands for what a document leaves out: fields of an object, entries of an array, or the end of a string.
const ellipsis = "…"

// compareAnswers compares the JSON documents that were printed with those that a document shows, field by field.
func compareAnswers(shown, printed string, n names) error {
	want, err := decodeAll(quoteEllipses(shown))
	if err != nil {
		return fmt.Errorf("the document: %w", err)
	}
	got, err := decodeAll(printed)
	if err != nil {
		return err
	}
	if len(got) != len(want) {
		return fmt.Errorf("%d answers, and the document shows %d", len(got), len(want))
	}
	var problems []error
	for i := range want {
		problems = append(problems, n.compare(fmt.Sprintf("answer %d", i+1), want[i], got[i]))
	}
	return errors.Join(problems...)
}

func decodeAll(text string) (all []any, err error) {
	d := json.NewDecoder(strings.NewReader(text))
	for {
		var x any
		if err := d.Decode(&x); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
}

// quoteEllipses makes the JSON of a document valid: an ellipsis in an object becomes a field of that name, one in an array an
// entry.
func quoteEllipses(text string) string {
	var out, open strings.Builder
	inString, escaped := false, false
	for _, r := range text {
		switch {
		case inString:
			inString = escaped || r != '"'
			escaped = r == '\\' && !escaped
		case r == '"':
			inString = true
		case r == '{' || r == '[':
			open.WriteRune(r)
		case r == '}' || r == ']':
			left := open.String()
			open.Reset()
			open.WriteString(left[:max(len(left)-1, 0)])
		case string(r) == ellipsis:
			out.WriteString(`"` + ellipsis + `"`)
			if strings.HasSuffix(open.String(), "{") {
				out.WriteString(":null")
			}
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

// names are the ids of a document and those of the answers that stand for them.
type names map[string]string

// elapsing are the fields whose numbers depend on when a request is sent.
var elapsing = []string{"elapsedSeconds", "remainingSeconds", "seconds"}

func (n names) compare(at string, want, got any) error {
	switch want := want.(type) {
	case map[string]any:
		if got, ok := got.(map[string]any); ok {
			return n.compareObjects(at, want, got)
		}
	case []any:
		if got, ok := got.([]any); ok {
			return n.compareArrays(at, want, got)
		}
	case string:
		if got, ok := got.(string); ok {
			return n.compareTexts(at, want, got)
		}
	case float64:
		_, number := got.(float64)
		if got == want || number && slices.Contains(elapsing, at[strings.LastIndexByte(at, '.')+1:]) {
			return nil
		}
	default:
		if got == want {
			return nil
		}
	}
	return fmt.Errorf("%s is %v, and the document shows %v", at, got, want)
}

func (n names) compareObjects(at string, want, got map[string]any) error {
	var problems []error
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if key == ellipsis {
			continue
		}
		if value, ok := got[key]; ok {
			problems = append(problems, n.compare(at+"."+key, want[key], value))
		} else {
			problems = append(problems, fmt.Errorf("%s has no %s", at, key))
		}
	}
	if _, more := want[ellipsis]; !more {
		for _, key := range slices.Sorted(maps.Keys(got)) {
			if _, shown := want[key]; !shown {
				problems = append(problems, fmt.Errorf("the document does not show %s.%s", at, key))
			}
		}
	}
	return errors.Join(problems...)
}

func (n names) compareArrays(at string, want, got []any) error {
	if last := len(want) - 1; last >= 0 && want[last] == ellipsis {
		want = want[:last]
		got = got[:min(len(want), len(got))]
	}
	if len(got) != len(want) {
		return fmt.Errorf("%s has %d entries, and the document shows %d", at, len(got), len(want))
	}
	var problems []error
	for i := range want {
		problems = append(problems, n.compare(fmt.Sprintf("%s[%d]", at, i), want[i], got[i]))
	}
	return errors.Join(problems...)
}

// forms are the parts of texts that differ from desk to desk: ids, times, numbers of tickets and cursors.
var forms = []*regexp.Regexp{
	regexp.MustCompile(`\b[0-9a-f]{32}\b`),
	regexp.MustCompile(`\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)`),
	regexp.MustCompile(`\bTKT-\d{8}-\d{4,}\b`),
	regexp.MustCompile(`\bcursor=[\w-]{4,}…?`),
}

// compareTexts compares two texts. Ids, times and the like are compared by their form, and an id must always stand for the same
// one.
func (n names) compareTexts(at, want, got string) error {
	wantForm, gotForm := want, got
	for i, form := range forms {
		if i == 0 {
			ids := form.FindAllString(got, -1)
			for j, id := range form.FindAllString(want, -1) {
				if j < len(ids) && n[id] != "" && n[id] != ids[j] {
					return fmt.Errorf("%s is another id than before: the document shows %s again", at, id)
				} else if j < len(ids) {
					n[id] = ids[j]
				}
			}
		}
		placeholder := fmt.Sprintf("<%d>", i)
		wantForm, gotForm = form.ReplaceAllString(wantForm, placeholder), form.ReplaceAllString(gotForm, placeholder)
	}
	if beginning, cut := strings.CutSuffix(wantForm, ellipsis); cut && strings.HasPrefix(gotForm, beginning) {
		return nil
	}
	if wantForm != gotForm {
		return fmt.Errorf("%s is %q, and the document shows %q", at, got, want)
	}
	return nil
}

func TestAnswersAreComparedFieldByField(t *testing.T) {
	const a, b = "01a20adda62c7208b9d995e2c85ab3d5", "5b0c7d21f4e84a36b9d2608ae1c97f03"
	for _, tc := range []struct {
		shown, printed string
		same           bool
	}{
		{`{"a":1,"b":[true,null]}`, `{"b":[true,null],"a":1}`, true},
		{`{"a":1}`, `{"a":2}`, false},
		{`{"a":1}`, `{"a":"1"}`, false},
		{`{"a":1}`, `{"a":1,"b":2}`, false},
		{`{"a":1,…}`, `{"a":1,"b":2}`, true},
		{`{"a":1,…}`, `{"b":2}`, false},
		{`{…,"a":{…}}`, `{"a":{"b":[]}}`, true},
		{`{"a":[1,…]}`, `{"a":[1,2]}`, true},
		{`{"a":[1]}`, `{"a":[1,2]}`, false},
		{`{"a":[1,2]}`, `{"a":[1]}`, false},
		{`{"a":null}`, `{"a":false}`, false},
		{`{"a":"AWWYhJud…"}`, `{"a":"AWWYhJudXX"}`, true},
		{`{"a":"x,\"{…"}`, `{"a":"x,\"{y"}`, true},
		{`{"a":1}{"a":2}`, `{"a":1}` + "\n" + `{"a":2}`, true},
		{`{"a":1}`, ``, false},
		{``, `{"a":1}`, false},
		{``, "not JSON", false},
		{`{"a":"` + a + `"}`, `{"a":"` + b + `"}`, true},
		{`{"a":"` + a + `"}`, `{"a":"sita"}`, false},
		{`["` + a + `","` + a + `"]`, `["` + b + `","` + b + `"]`, true},
		{`["` + a + `","` + a + `"]`, `["` + a + `","` + b + `"]`, false},
		{`{"at":"2026-11-24T00:03:47.88413Z"}`, `{"at":"2027-01-01T10:00:00Z"}`, true},
		{`{"at":"2026-11-24T00:03:47.88413Z"}`, `{"at":null}`, false},
		{`"TKT-20261124-0001: burns"`, `"TKT-20270101-0002: burns"`, true},
		{`"TKT-20261124-0001: burns"`, `"TKT-20270101-0002: smokes"`, false},
		{`"/x/?cursor=AWWY…"`, `"/x/?cursor=BBBBBBBB"`, true},
		{`"/x/?cursor=AWWY…"`, `"/y/?cursor=BBBBBBBB"`, false},
		{`{"elapsedSeconds":9}`, `{"elapsedSeconds":0}`, true},
		{`{"elapsedSeconds":9}`, `{"elapsedSeconds":null}`, false},
	} {
		if err := compareAnswers(tc.shown, tc.printed, names{}); (err == nil) != tc.same {
			t.Errorf("%s and %s: %v", tc.shown, tc.printed, err)
		}
	}
}
