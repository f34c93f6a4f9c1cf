package httpapi

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// runDocs starts a server that has only the OpenAPI document and its page.
func runDocs(t *testing.T) *edgeClient {
	t.Helper()
	return run(t, (*api).docs)
}

func TestOpenAPIYAMLAndJSONAreEqual(t *testing.T) {
	e := runDocs(t)
	var fromYAML, fromJSON any
	inYAML := e.ask("GET", "/api/openapi.yaml", "")
	if inYAML.status != 200 || inYAML.header.Get("Content-Type") != "application/yaml" || inYAML.body != string(openAPIYAML) {
		t.Errorf("got %d %v", inYAML.status, inYAML.header)
	}
	inJSON := e.ask("GET", "/api/openapi.json", "")
	if inJSON.status != 200 || inJSON.header.Get("Content-Type") != "application/json" {
		t.Errorf("got %d %v", inJSON.status, inJSON.header)
	}
	if err := json.Unmarshal([]byte(inJSON.body), &fromJSON); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(openAPIYAML, &fromYAML); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(fromYAML)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(again, &fromYAML); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(fromYAML, fromJSON) {
		t.Error("YAML and JSON differ")
	}
}

// loaded matches what a page loads or links to, and inline matches scripts and styles in the page itself.
var (
	loaded = regexp.MustCompile(`(?:src|href)="([^"]*)"`)
	inline = regexp.MustCompile(`(?i)<script>|<style|\sstyle=|\son[a-z]+=|javascript:`)
)

func TestDocsPageLoadsOnlyFromItsOrigin(t *testing.T) {
	e := runDocs(t)
	for _, path := range []string{"/api/docs/", "/api/docs"} {
		page := e.ask("GET", path, "")
		if page.status != 200 || page.header.Get("Content-Type") != "text/html; charset=utf-8" || inline.MatchString(page.body) {
			t.Fatalf("%s: %d %v\n%s", path, page.status, page.header, page.body)
		}
		policy := page.header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
			t.Errorf("%s: policy %q", path, policy)
		}
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
		} {
			if got := page.header.Get(header); got != want {
				t.Errorf("%s: %s is %q", path, header, got)
			}
		}
		links := loaded.FindAllStringSubmatch(page.body, -1)
		if len(links) < 5 {
			t.Errorf("page loads only %v", links)
		}
		for _, link := range links {
			if got := e.ask("GET", link[1], ""); got.status != 200 || len(got.body) == 0 {
				t.Errorf("%s: %d", link[1], got.status)
			}
		}
	}
}

func TestDocsAreCompressedOnRequest(t *testing.T) {
	e := runDocs(t)
	for _, path := range []string{"/api/openapi.json", "/api/openapi.yaml", "/api/docs/", "/api/docs/swagger-ui-bundle.js"} {
		plain, zipped := e.ask("GET", path, "", "Accept-Encoding", "identity"), e.ask("GET", path, "", "Accept-Encoding", "gzip")
		if plain.header.Get("Content-Encoding") != "" || zipped.header.Get("Content-Encoding") != "gzip" ||
			plain.header.Get("Vary") != "Accept-Encoding" || len(zipped.body) >= len(plain.body) {
			t.Errorf("%s: %v and %v", path, plain.header, zipped.header)
		}
		r, err := gzip.NewReader(strings.NewReader(zipped.body))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(text, []byte(plain.body)) {
			t.Errorf("%s: compressed content differs: %v", path, err)
		}
		if plain.header.Get("ETag") == zipped.header.Get("ETag") {
			t.Errorf("%s: same strong ETag for both encodings", path)
		}
	}
}

func TestDocsAreNotSentAgainIfUnchanged(t *testing.T) {
	e := runDocs(t)
	for _, path := range []string{"/api/openapi.json", "/api/openapi.yaml", "/api/docs/", "/api/docs/swagger-ui.css"} {
		for _, encoding := range []string{"identity", "gzip"} {
			first := e.ask("GET", path, "", "Accept-Encoding", encoding)
			tag := first.header.Get("ETag")
			again := e.ask("GET", path, "", "Accept-Encoding", encoding, "If-None-Match", tag)
			if tag == "" || again.status != 304 || again.body != "" || again.header.Get("ETag") != tag {
				t.Errorf("%s: %d %v", path, again.status, again.header)
			}
			if other := e.ask("GET", path, "", "If-None-Match", `"other"`); other.status != 200 {
				t.Errorf("%s: %d for another ETag", path, other.status)
			}
		}
	}
}

func TestDocsRefuseUnknownMethodsAndParameters(t *testing.T) {
	e := runDocs(t)
	for _, path := range []string{"/api/openapi.json", "/api/docs/", "/api/docs/page.js"} {
		refused := e.ask("POST", path, "")
		e.failed(refused, 405, "method_not_allowed", "Method not allowed.")
		if allow := refused.header.Get("Allow"); allow != "GET, HEAD" {
			t.Errorf("%s: Allow: %q", path, allow)
		}
		if head := e.ask("HEAD", path, ""); head.status != 200 || head.body != "" {
			t.Errorf("HEAD %s: %d", path, head.status)
		}
		if odd := e.ask("GET", path+"?colour=red", ""); odd.status != 400 {
			t.Errorf("%s: %d for an unknown parameter", path, odd.status)
		}
	}
	for _, path := range []string{"/api/docs/swagger-ui.js", "/api/docs/index.html", "/api/docs/../openapi.yaml", "/api/openapi"} {
		e.failed(e.ask("GET", path, ""), 404, "not_found", "Data not found.")
	}
}
