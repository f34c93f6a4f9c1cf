package httpapi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// authTrials returns trials without a token or with an invalid one.
func (w operationWalk) authTrials(good trial) (trials []trial) {
	if !w.guarded {
		return nil
	}
	const none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIiwidXNlcl9pZCI6IjEifQ."
	for _, header := range []string{
		"", "Bearer", "Bearer ", "Bearer forged", "Bearer a.b.c", "Bearer " + none, "Basic cm9vdDpyb290",
		"Token forged", "Bearer " + strings.Repeat("x", 5000),
	} {
		t := variant(good, "with the authorisation "+header, good.body, http.StatusUnauthorized)
		if t.unknown = true; header != "" {
			t.headers.Set("Authorization", header)
		}
		trials = append(trials, t)
	}
	return trials
}

// pathTrials returns trials with malformed and unknown ids in the path.
func (w operationWalk) pathTrials(good trial) (trials []trial) {
	segments := strings.Split(good.path, "/")
	for i, pattern := range strings.Split(w.route.path, "/") {
		if !strings.HasPrefix(pattern, "{") {
			continue
		}
		id := segments[i]
		for _, bad := range []string{
			"1", "x", "-", "%20", "%00", "%ff", "%2e%2e", "null", "'", "ABCDEF" + id[6:], id[1:], id + "0", id + "%20", "g" + id[1:],
			id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:], strings.Repeat("f", 32), strings.Repeat("0", 2000),
		} {
			t := variant(good, "a path that names nothing", good.body, http.StatusNotFound)
			t.path = strings.Join(slices.Concat(segments[:i], []string{bad}, segments[i+1:]), "/")
			trials = append(trials, t)
		}
	}
	return trials
}

// queryTrials returns trials with unknown and invalid query parameters.
func (w operationWalk) queryTrials(good trial) (trials []trial) {
	spoil := func(query string, want ...int) {
		t := variant(good, "the query "+query, good.body, want...)
		t.path += "?" + query
		trials = append(trials, t)
	}
	spoil("colour=red", refused...)
	for _, p := range w.parameters {
		if p.Value.In != openapi3.ParameterInQuery {
			continue
		}
		name := url.QueryEscape(p.Value.Name)
		for _, unreadable := range append(invalidParameters(p.Value.Schema.Value), "%00", "%ff", "a%0ab") {
			spoil(name+"="+unreadable, refused...)
		}
		spoil(strings.ToUpper(name)+"=1", refused...)
		spoil(name+"="+strings.Repeat("x", 5000), http.StatusBadRequest, http.StatusOK, http.StatusNotFound)
		if !p.Value.Schema.Value.Type.Includes("array") {
			spoil(name+"=1&"+name+"=1", refused...)
		}
	}
	return trials
}

// invalidParameters returns values that the schema of a parameter does not allow, URL-encoded.
func invalidParameters(schema *openapi3.Schema) (out []string) {
	switch {
	case schema.Type.Includes("array") && len(schema.Items.Value.Enum) == 0: // an unknown code is valid and matches nothing
		return invalidParameters(schema.Items.Value)
	case schema.Type.Includes("integer"):
		out = append(out, "", "x", "1.5", "-1", "0", "1e3", "0x10", "%20", "1%201")
	case schema.Type.Includes("boolean"):
		out = append(out, "", "maybe", "2", "null")
	case schema.Format == "date-time":
		out = append(out, "", "yesterday", "2026-02-30T10:00:00Z", "1795000000")
	case len(schema.Enum) > 0:
		out = append(out, "nonsense")
	case schema.Pattern != "":
		out = append(out, "?")
	}
	return out
}

// headerTrials returns trials with malformed conditions and idempotency keys.
func (w operationWalk) headerTrials(good trial) (trials []trial) {
	bad := map[string][]string{
		"If-Match":        {"", "x", `"x`, `W/x`, `"a" "b"`, "*, *"},
		"If-None-Match":   {"", "x", `"x`, `W/x`},
		"Idempotency-Key": {"", " ", "a b", "é", strings.Repeat("k", 256)},
	}
	for _, p := range w.parameters {
		if p.Value.In != openapi3.ParameterInHeader {
			continue
		}
		for _, value := range bad[http.CanonicalHeaderKey(p.Value.Name)] {
			t := variant(good, p.Value.Name+" "+value, good.body, refused...)
			t.headers.Set(p.Value.Name, value)
			trials = append(trials, t)
		}
	}
	return trials
}
