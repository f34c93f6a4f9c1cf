package architecture

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// kinds says in which files a word is refused.
type kinds int

const (
	everywhere kinds = iota // in comments of Go files and in Markdown files
	inGo                    // only in comments of Go files
)

// refused is the table of words and phrases that comments and documents must not use, with what to write instead. Forms
// are separated by commas. Case does not matter, and a phrase may be broken over lines.
var refused = []struct {
	forms   string
	instead string
	in      kinds
}{
	{"anew", "again", everywhere},
	{"as it were", "nothing, or the literal statement", everywhere},
	{"forthwith", "at once", everywhere},
	{"gives", "returns", inGo},
	{"henceforth", "from now on", everywhere},
	{"hitherto, heretofore", "so far, until now", everywhere},
	{"lest", "so that … not", everywhere},
	{"nobody", "no one, never, or a rewording with the real subject", inGo},
	{"oops", "what went wrong", everywhere},
	{"reckon, reckons, reckoned, reckoning", "compute, count, consider", everywhere},
	{"say whether, says whether, tells whether", "report whether, reports whether", everywhere},
	{"sow, sown", "seed, seeded", everywhere},
	{"therein, wherein", "in it, in which", everywhere},
	{"thereof, whereof", "of it, of which", everywhere},
	{"thereupon, whereupon", "then", everywhere},
	{"unto", "to", everywhere},
	{"what time brings", "what is due, what passing time changes", everywhere},
	{"whence", "from where", everywhere},
	{"whilst", "while", everywhere},
	{"whom", "who, or a rewording with the account, actor or recipient", everywhere},
}

// quotation allows the words in one exact fragment of a file, because the fragment quotes another text.
type quotation struct{ file, fragment string }

// quotations are the fragments with refused words that the module may contain.
var quotations = []quotation{}

// passage is continuous text of a file, with its line breaks but without comment markers and code spans.
type passage struct {
	text string
	line int // of its first line
}

// wordViolations lists the refused words in the comments of Go files and in Markdown files, and the quotations that allow
// nothing. It also returns how many files it has read. Generated files and hidden folders are left out.
func wordViolations(module fs.FS, allowed []quotation) (found []string, files int, err error) {
	needed := make([]bool, len(allowed))
	rules, phrase := wordRules()
	err = fs.WalkDir(module, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go" && path.Ext(name) != ".md":
			return nil
		}
		files++
		src, err := fs.ReadFile(module, name)
		if err != nil {
			return err
		}
		passages, in := []passage{{withoutCode(string(src)), 1}}, everywhere
		if path.Ext(name) == ".go" {
			in = inGo
			if passages, err = commentsOf(name, src); err != nil {
				return err
			}
		}
		for _, p := range passages {
			quoted := quotedIn(p.text, name, allowed)
			for _, at := range phrase.FindAllStringIndex(p.text, -1) {
				form := strings.Join(strings.Fields(strings.ToLower(p.text[at[0]:at[1]])), " ")
				if rules[form].in == inGo && in != inGo {
					continue
				}
				if i := slices.IndexFunc(quoted, func(q span) bool { return q.start <= at[0] && at[1] <= q.end }); i >= 0 {
					needed[quoted[i].quotation] = true
					continue
				}
				line := p.line + strings.Count(p.text[:at[0]], "\n")
				found = append(found, fmt.Sprintf("%s:%d: %q is refused; write: %s", name, line, form, rules[form].instead))
			}
		}
		return nil
	})
	for i, q := range allowed {
		if !needed[i] {
			found = append(found, fmt.Sprintf("%s: the quotation %q is not needed", q.file, q.fragment))
		}
	}
	return found, files, err
}

// wordRule is what the table says about one form.
type wordRule struct {
	instead string
	in      kinds
}

// wordRules returns the table by form, and a pattern that matches every form as whole words, with any space between them.
func wordRules() (rules map[string]wordRule, phrase *regexp.Regexp) {
	rules = map[string]wordRule{}
	var forms []string
	for _, row := range refused {
		for _, form := range strings.Split(row.forms, ", ") {
			rules[form] = wordRule{row.instead, row.in}
			forms = append(forms, strings.ReplaceAll(form, " ", `\s+`))
		}
	}
	return rules, regexp.MustCompile(`(?i)\b(?:` + strings.Join(forms, "|") + `)\b`)
}

// span is where a text contains the fragment of a quotation.
type span struct{ start, end, quotation int }

// quotedIn returns where a text of a file contains fragments of quotations. Any space in them matches any other.
func quotedIn(text, file string, allowed []quotation) (spans []span) {
	for i, q := range allowed {
		if q.file != file {
			continue
		}
		fragment := regexp.MustCompile(strings.Join(strings.Fields(regexp.QuoteMeta(q.fragment)), `\s+`))
		for _, at := range fragment.FindAllStringIndex(text, -1) {
			spans = append(spans, span{at[0], at[1], i})
		}
	}
	return spans
}

// commentsOf returns the comments of a Go file, one passage for each group of comments; none if the file is generated.
func commentsOf(name string, src []byte) (passages []passage, err error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil || ast.IsGenerated(f) {
		return nil, err
	}
	for _, group := range f.Comments {
		first := fset.Position(group.Pos()).Line
		var text strings.Builder
		last := first
		for _, c := range group.List {
			line := fset.Position(c.Pos()).Line
			text.WriteString(strings.Repeat("\n", line-last) + " " + strings.Trim(c.Text, "/*"))
			last = line + strings.Count(c.Text, "\n")
		}
		passages = append(passages, passage{text.String(), first})
	}
	return passages, nil
}

// code matches the code of a Markdown text: fenced blocks, and spans with one or two backticks.
var code = regexp.MustCompile("(?ms)^ *```.*?^ *```|``.+?``|`[^`]+`")

// withoutCode replaces the code in a Markdown text by backticks and keeps its line breaks.
func withoutCode(text string) string {
	return code.ReplaceAllStringFunc(text, func(c string) string {
		return strings.Map(func(r rune) rune {
			if r == '\n' {
				return r
			}
			return '`'
		}, c)
	})
}

func TestCommentsAndDocumentsUseNoRefusedWords(t *testing.T) {
	found, files, err := wordViolations(os.DirFS(root), quotations)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Error(f)
	}
	if files < 200 {
		t.Errorf("only %d files were checked", files)
	}
}

func TestWordRuleFindsEveryRefusedWord(t *testing.T) {
	comments, document := "package fixture\n\n", ""
	var want []string
	lines := [2]int{3, 1}
	for _, row := range refused {
		for _, form := range strings.Split(row.forms, ", ") {
			comments += "// It " + strings.ToUpper(form) + ", and the next " + strings.ReplaceAll(form, " ", "\n// ") + ".\n\n"
			document += "It " + form + ", and `" + form + "`.\n"
			says := fmt.Sprintf("%q is refused; write: %s", form, row.instead)
			want = append(want, fmt.Sprintf("a.go:%d: %s", lines[0], says), fmt.Sprintf("a.go:%d: %s", lines[0], says))
			if row.in == everywhere {
				want = append(want, fmt.Sprintf("docs/a.md:%d: %s", lines[1], says))
			}
			lines[0] += 2 + strings.Count(form, " ")
			lines[1]++
		}
	}
	got, files, err := wordViolations(fstest.MapFS{"a.go": {Data: []byte(comments)}, "docs/a.md": {Data: []byte(document)}}, nil)
	if err != nil || files != 2 {
		t.Fatalf("%d files, %v", files, err)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("found:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestWordRuleReadsProseOnly(t *testing.T) {
	got, _, err := wordViolations(fstest.MapFS{
		"code.go": {Data: []byte("package fixture\n\nvar anew = \"anew\" // again, anews\n")},
		"block.go": {
			Data: []byte("package fixture\n\n/*\nIt\nbegins anew.\n*/\nvar x int // begins\n// anew\n"),
		},
		"generated.go":            {Data: []byte("// Code generated by x. DO NOT EDIT.\n\npackage fixture\n\n// anew\nvar x int\n")},
		"code.md":                 {Data: []byte("Says `x` whether ``a ` anew``, `or\nanew`.\n\n```\nanew\n```\n\nBegins\nanew.\n")},
		"notes.txt":               {Data: []byte("anew")},
		".hidden/a.md":            {Data: []byte("anew")},
		"x/node_modules/y/z/a.md": {Data: []byte("anew")},
	}, nil)
	want := []string{
		`block.go:5: "anew" is refused; write: again`,
		`block.go:8: "anew" is refused; write: again`,
		`code.md:9: "anew" is refused; write: again`,
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

func TestWordRuleAllowsQuotationsThatAreNeeded(t *testing.T) {
	module := fstest.MapFS{
		"a.go": {Data: []byte("package fixture\n\n// As \"for whom\n// it is\" says, or to whom it may.\n")},
		"b.md": {Data: []byte("For whom it is.\n")},
	}
	got, _, err := wordViolations(module, []quotation{
		{"a.go", "for whom it is"},
		{"a.go", "for whom it was"}, // not in the file
		{"a.go", "for"},             // without a refused word
		{"c.md", "For whom it is"},  // of another file
	})
	const instead = " is refused; write: who, or a rewording with the account, actor or recipient"
	want := []string{
		`a.go:4: "whom"` + instead,
		`b.md:1: "whom"` + instead,
		`a.go: the quotation "for whom it was" is not needed`,
		`a.go: the quotation "for" is not needed`,
		`c.md: the quotation "For whom it is" is not needed`,
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}
