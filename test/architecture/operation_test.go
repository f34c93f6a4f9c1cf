package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// operationPage is the page for operators.
const operationPage = "docs/operate.md"

// TestEveryLogLineAndMetricIsDocumented compares the messages of the log, from level info on, and the names of metrics in the source
// with the page for operators, in both directions.
func TestEveryLogLineAndMetricIsDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, operationPage))
	if err != nil {
		t.Fatal(err)
	}
	lines, metrics := firstColumn(string(text), "Logs"), withSuffixes(firstColumn(string(text), "Metrics"))
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.HasSuffix(line, ": …") }) // of the job queue
	messages, names := logged(t)
	if len(messages) < 30 || len(names) < 20 {
		t.Errorf("only %d messages and %d metrics", len(messages), len(names))
	}
	for _, message := range messages {
		if !slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(message, line) }) {
			t.Errorf("%s does not list the log line %q", operationPage, message)
		}
	}
	for _, line := range lines {
		if !slices.ContainsFunc(messages, func(message string) bool { return strings.HasPrefix(message, line) }) {
			t.Errorf("%s lists %q, which nothing logs", operationPage, line)
		}
	}
	for _, name := range names {
		if !slices.Contains(metrics, name) {
			t.Errorf("%s does not list the metric %s", operationPage, name)
		}
	}
	for _, metric := range metrics {
		if !slices.Contains(names, metric) {
			t.Errorf("%s lists %s, which is no metric", operationPage, metric)
		}
	}
}

var codeSpan = regexp.MustCompile("`([^`]+)`")

// firstColumn returns the code in the first column of the tables of a section.
func firstColumn(page, section string) (spans []string) {
	_, text, _ := strings.Cut(page, "\n## "+section+"\n")
	text, _, _ = strings.Cut(text, "\n## ")
	for line := range strings.SplitSeq(text, "\n") {
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		for _, m := range codeSpan.FindAllStringSubmatch(strings.Split(line, " | ")[0], -1) {
			spans = append(spans, m[1])
		}
	}
	return spans
}

// withSuffixes returns the names of metrics without labels. One that begins with "_" replaces the end of the one before.
func withSuffixes(spans []string) (names []string) {
	stem := ""
	for _, span := range spans {
		name, _, _ := strings.Cut(span, "{")
		if strings.HasPrefix(name, "_") {
			name = stem + name
		} else {
			stem = name[:strings.LastIndexByte(name, '_')]
		}
		names = append(names, name)
	}
	return names
}

// logMethods are the methods that log, with the index of the argument that is the message.
var logMethods = map[string]int{"Info": 0, "Warn": 0, "Error": 0, "DPanic": 0, "Panic": 0, "Fatal": 0, "Check": 1, "warn": 1}

// loggers are the names of fields and variables that log.
var loggers = map[string]bool{"Log": true, "log": true, "warnings": true}

// lastName returns the name at the end of an expression like s.options.Log, "" if there is none.
func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// logged returns the messages that the program logs and the names of its metrics. Of a message that is put together, only the
// beginning is known.
func logged(t *testing.T) (messages, metrics []string) {
	t.Helper()
	for _, folder := range []string{"adapters", "application", "bootstrap", "migrations"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(name string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			uses := imports(file)
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					method, ok := n.Fun.(*ast.SelectorExpr)
					if !ok || !loggers[lastName(method.X)] {
						break
					}
					if i, ok := logMethods[method.Sel.Name]; ok && i < len(n.Args) {
						if message := beginning(n.Args[i]); message != "" {
							messages = append(messages, message)
						}
					}
				case *ast.BasicLit:
					if name := beginning(n); uses["github.com/prometheus/client_golang/prometheus"] && metricName.MatchString(name) {
						metrics = append(metrics, name)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return messages, metrics
}

var metricName = regexp.MustCompile(`^(?:tickt|http)_[a-z_]+$`)

func imports(file *ast.File) map[string]bool {
	uses := map[string]bool{}
	for _, i := range file.Imports {
		uses[strings.Trim(i.Path.Value, `"`)] = true
	}
	return uses
}

// beginning returns the text of a string literal, or the first literal of several that are joined; "" for anything else.
func beginning(e ast.Expr) string {
	for {
		if joined, ok := e.(*ast.BinaryExpr); ok {
			e = joined.X
			continue
		}
		literal, ok := e.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return ""
		}
		text, err := strconv.Unquote(literal.Value)
		if err != nil {
			return ""
		}
		return text
	}
}
