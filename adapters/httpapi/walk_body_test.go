package httpapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// bodyTrials returns trials with an invalid body.
func (w operationWalk) bodyTrials(good trial) (trials []trial) {
	if w.body == nil {
		return nil
	}
	for _, media := range []string{
		"", "text/plain", "text/json", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
		"application/merge-patch+json", "application/jsonp", "nonsense", "application/json/x",
	} {
		t := variant(good, "content type "+media, good.body, http.StatusUnsupportedMediaType)
		if t.headers.Del("Content-Type"); media != "" {
			t.headers.Set("Content-Type", media)
		}
		trials = append(trials, t)
	}
	for _, body := range []string{
		"", " ", "{", "}", `{"a"`, `{"a":}`, `{"a":1,}`, `{'a':1}`, "[]", "[{}]", `"text"`, "1", "null", "true", "<a/>",
		good.body + "x", good.body + good.body, "\ufeff" + good.body, strings.Repeat(`{"a":`, 1000), strings.Repeat("[", 8_000),
		"{\"\xff\":1}", `{"a":"` + "\x00" + `"}`, `{"a":"\ud800"}`, `{"a":01}`, `{"a":NaN}`, `{"a":1e999999}`,
	} {
		want := refused
		if strings.TrimSpace(body) == "" && !w.operation.RequestBody.Value.Required {
			want = append(slices.Clone(refused), http.StatusOK)
		}
		trials = append(trials, variant(good, "malformed", body, want...))
	}
	schema := w.operation.RequestBody.Value.Content.Get("application/json").Schema.Value
	return append(trials, w.memberTrials(good, schema, nil)...)
}

// memberTrials returns trials that change each key of the object at a place in the body, and of the objects in it.
func (w operationWalk) memberTrials(good trial, schema *openapi3.Schema, place []any) (trials []trial) {
	spoil := func(name string, change func(object map[string]any), want ...int) {
		body := deepCopy(w.body).(map[string]any)
		change(objectAt(body, place))
		trials = append(trials, variant(good, name, text(body), want...))
	}
	spoil("an unknown key", func(object map[string]any) { object["colour"] = "red" }, refused...)
	required := requiredOf(schema)
	for key, property := range propertiesOf(schema) {
		where := fmt.Sprint(append(place, key)...)
		missing := []int(nil)
		if slices.Contains(required, key) {
			missing = refused
		}
		spoil(where+" missing", func(object map[string]any) { delete(object, key) }, missing...)
		for name, bad := range invalidValues(property) {
			spoil(where+" "+name, func(object map[string]any) { object[key] = bad }, w.wantFor(key, bad)...)
		}
		for name, odd := range unusualValues() {
			spoil(where+" "+name, func(object map[string]any) { object[key] = odd })
		}
		if _, isObject := objectAt(w.body, place)[key].(map[string]any); isObject {
			trials = append(trials, w.memberTrials(good, property, append(slices.Clone(place), key))...)
		}
		if items := property.Items; property.Type.Includes("array") && items != nil {
			for name, bad := range invalidValues(items.Value) {
				spoil(where+" with an element "+name, func(object map[string]any) { object[key] = []any{bad} }, refused...)
			}
			if _, isObject := objectAt(w.body, place)[key].([]any); isObject && items.Value.Type.Is("object") {
				trials = append(trials, w.memberTrials(good, items.Value, append(slices.Clone(place), key, 0))...)
			}
		}
	}
	return trials
}

// wantFor returns the allowed statuses for a wrong value of a key. /api/auth/ may also fail with 401 for a wrong text, and
// ignores the other name of a token if the token is sent.
func (w operationWalk) wantFor(key string, bad any) []int {
	_, isText := bad.(string)
	switch {
	case isText && (strings.HasPrefix(w.route.path, "/api/auth/password/") || w.route.path == "/api/me/email/confirm/"):
		// an unknown name is no failure, an unknown token is gone
		return nil
	case !isText || !strings.HasPrefix(w.route.path, "/api/auth/"):
		return refused
	case key == "refresh" && w.body["refreshToken"] != nil:
		return nil
	default:
		return []int{http.StatusBadRequest, http.StatusUnauthorized}
	}
}

// deepCopy returns a deep copy of a JSON value.
func deepCopy(x any) any {
	switch x := x.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range x {
			out[key] = deepCopy(value)
		}
		return out
	case []any:
		out := make([]any, len(x))
		for i, element := range x {
			out[i] = deepCopy(element)
		}
		return out
	default:
		return x
	}
}

// objectAt returns the object at a place, which consists of keys and indexes.
func objectAt(body map[string]any, place []any) map[string]any {
	var at any = body
	for _, step := range place {
		switch step := step.(type) {
		case string:
			at = at.(map[string]any)[step]
		case int:
			at = at.([]any)[step]
		}
	}
	return at.(map[string]any)
}

// propertiesOf returns the properties of a schema, including those of its allOf, anyOf and oneOf parts.
func propertiesOf(schema *openapi3.Schema) map[string]*openapi3.Schema {
	out := map[string]*openapi3.Schema{}
	for _, part := range slices.Concat(schema.AllOf, schema.AnyOf, schema.OneOf) {
		maps.Copy(out, propertiesOf(part.Value))
	}
	for key, property := range schema.Properties {
		out[key] = property.Value
	}
	return out
}

func requiredOf(schema *openapi3.Schema) []string {
	out := slices.Clone(schema.Required)
	for _, part := range schema.AllOf {
		out = append(out, requiredOf(part.Value)...)
	}
	return out
}

// samples holds a value of each JSON type.
var samples = map[string]any{
	"string": "text", "integer": json.Number("7"), "number": json.Number("1.5"), "boolean": true,
	"array": []any{json.Number("1")}, "object": map[string]any{"a": json.Number("1")}, "null": nil,
}

// invalidValues returns values that a schema does not allow, by the reason.
func invalidValues(schema *openapi3.Schema) map[string]any {
	out := map[string]any{}
	if schema.ReadOnly || schema.Type == nil {
		return out
	}
	for kind, sample := range samples {
		if !schema.Type.Includes(kind) && (kind != "integer" || !schema.Type.Includes("number")) {
			out["of type "+kind] = sample
		}
	}
	if schema.Type.Includes("string") {
		maps.Copy(out, wrongText(schema))
	}
	if schema.Type.Includes("integer") {
		if schema.Min != nil {
			out["too small"] = json.Number(fmt.Sprintf("%.0f", *schema.Min-1))
		}
		if schema.Max != nil {
			out["too large"] = json.Number(fmt.Sprintf("%.0f", *schema.Max+1))
		}
		out["no number at all"] = json.Number("123456789012345678901234567890")
	}
	if schema.Type.Includes("array") && schema.MaxItems != nil {
		out["too long"] = slices.Repeat([]any{"x"}, int(*schema.MaxItems)+1) //nolint:gosec // a few thousand at most
	}
	return out
}

func wrongText(schema *openapi3.Schema) map[string]any {
	out := map[string]any{"with a control character": "a\x07b"}
	if schema.MaxLength != nil {
		out["too long"] = strings.Repeat("é", int(*schema.MaxLength)+1) //nolint:gosec // some 64 Ki at most
	}
	if schema.MinLength > 0 {
		out["blank"], out["of blanks"] = "", "  "
	}
	if len(schema.Enum) > 0 {
		out["not one of those listed"] = "nonsense"
	}
	if schema.Format == "date-time" {
		out["no time"], out["an impossible time"] = "yesterday", "2026-02-30T10:00:00Z"
	}
	if schema.Pattern != "" {
		out["of another form"] = "?"
	}
	return out
}

// unusualValues returns values that may be accepted or refused.
func unusualValues() map[string]any {
	out := map[string]any{"very long": strings.Repeat("x", 100_000), "nobody's id": strings.Repeat("f", 32), "one blank": " "}
	for kind, sample := range samples {
		out["perhaps of type "+kind] = sample
	}
	return out
}
