package architecture

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	unusual = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// anchors returns the anchors of the headings of a Markdown text, as GitHub makes them.
func anchors(text string) map[string]bool {
	all := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		all[strings.ReplaceAll(unusual.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-")] = true
	}
	return all
}

// TestLinksBetweenDocumentsLeadSomewhere checks that the file and the heading of every relative link exist.
func TestLinksBetweenDocumentsLeadSomewhere(t *testing.T) {
	checked := 0
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/decisions/*.md"} {
		pages, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range pages {
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range link.FindAllStringSubmatch(withoutCode(string(text)), -1) {
				name, anchor, _ := strings.Cut(m[1], "#")
				if strings.Contains(name, ":") {
					continue
				}
				checked++
				target := page
				if name != "" {
					target = filepath.Join(filepath.Dir(page), name)
				}
				if _, err := os.Stat(target); err != nil {
					t.Errorf("%s links to %s, which does not exist", page, m[1])
				} else if anchor != "" {
					if text, err := os.ReadFile(target); err != nil || !anchors(string(text))[anchor] {
						t.Errorf("%s links to %s, which is no heading", page, m[1])
					}
				}
			}
		}
	}
	if checked < 50 {
		t.Errorf("only %d links", checked)
	}
}
