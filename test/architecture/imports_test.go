// Package architecture checks rules of the whole module on its source and on the composed application: dependencies
// point inwards, only the domain changes entities, every use case authorizes its actor, every method of a port is used,
// times are not compared with ==, problems come with the parameters of their sentences, the walks of the
// documentation name functions that exist, and comments and documents use no archaic words. It uses only the standard
// library.
package architecture

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	root   = "../.."
	module = "tickt/"
)

// layer lists the packages of the module that a folder may import besides itself.
type layer struct {
	folder     string
	may        []string
	thirdParty bool
}

// layers are the rules. The first one whose folder contains the importing package applies; a package in none of the
// folders may import everything.
var layers = []layer{
	{"domain/text", nil, true},
	{"domain", []string{"domain"}, false},
	{"ports", []string{"domain", "ports"}, false},
	{"application/usecase", []string{"domain", "ports"}, false},
	{"application/identity", []string{"domain", "ports", "application/usecase"}, false},
	{"application/permissions", []string{"domain", "ports", "application/usecase"}, false},
	{"application/notify", []string{"domain", "ports", "application/usecase"}, false},
	{"application/record", []string{"domain", "ports", "application/notify"}, false},
	{"application/servicelevel", []string{"domain", "ports", "application/usecase", "application/record"}, false},
	{"application/ticketing", []string{"domain", "ports", "application/usecase", "application/record", "application/servicelevel"}, false},
	{"application/setup", []string{"domain", "ports", "application/usecase", "application/ticketing"}, false},
	{"application/importing", []string{"domain", "ports", "application/usecase", "application/record"}, false},
	{"application/deriving", []string{"domain", "ports", "application/usecase"}, false},
	{"application/checking", []string{"domain", "ports"}, false},
	{"application", []string{"domain", "ports", "application"}, false},
	{"migrations", []string{"domain", "ports"}, true},
	{httpServer, []string{"domain", "ports"}, true},
	{"adapters", []string{"domain", "ports", "application", "migrations", httpServer}, true},
}

// Without a rule of its own, a new area would fall under the one of application, which may import every area.
func TestEveryAreaHasALayerRule(t *testing.T) {
	folders, err := os.ReadDir(filepath.Join(root, "application"))
	if err != nil {
		t.Fatal(err)
	}
	areas := 0
	for _, f := range folders {
		if !f.IsDir() {
			continue
		}
		areas++
		folder := "application/" + f.Name()
		if !slices.ContainsFunc(layers, func(l layer) bool { return l.folder == folder }) {
			t.Errorf("%s is not in layers", folder)
		}
	}
	if areas < 8 {
		t.Errorf("only %d areas were checked", areas)
	}
}

// reserved lists the modules that only bootstrap may import. The rule applies to test files as well.
var reserved = []struct{ path, why string }{
	{"go.uber.org/fx", "only bootstrap wires"},
	{"go.uber.org/dig", "only bootstrap wires"},
	{"github.com/caarlos0/env", "only bootstrap knows the environment"},
	{"github.com/joho/godotenv", "only bootstrap knows the environment"},
	{"github.com/alecthomas/kong", "only bootstrap offers commands"},
}

// textTables are the third-party packages that domain/text may import: the tables of Unicode, without state and without I/O.
var textTables = []string{"golang.org/x/text/cases", "golang.org/x/text/unicode/norm"}

// reservedViolation returns why a folder may not import a reserved module, or "" if it may.
func reservedViolation(folder, imported string) string {
	for _, r := range reserved {
		if within(r.path, imported) && !within("bootstrap", folder) {
			return r.why
		}
	}
	return ""
}

// httpServer is the HTTP server that other adapters mount their handlers on: the only adapter that adapters may import.
const httpServer = "adapters/httpserver"

// importViolation returns why a file of a folder may not import a package, or "" if it may. The folder is relative to
// the root of the module.
func importViolation(folder, imported string) string {
	ours, local := strings.CutPrefix(imported, module)
	first, _, _ := strings.Cut(imported, "/")
	if violation := reservedViolation(folder, imported); violation != "" {
		return violation
	}
	for _, l := range layers {
		if !within(l.folder, folder) {
			continue
		}
		switch {
		case !local && strings.Contains(first, ".") && l.folder == "domain/text" && !slices.Contains(textTables, imported):
			return "domain/text may import only the tables of Unicode: " + strings.Join(textTables, ", ")
		case !local && strings.Contains(first, ".") && !l.thirdParty:
			return l.folder + " may import only the standard library and inner layers"
		case !local, slices.ContainsFunc(l.may, func(m string) bool { return within(m, ours) }), within(l.folder, ours) && l.folder != "adapters",
			within(adapterOf(folder), ours):
			return ""
		case within("adapters", ours) && within("adapters", folder):
			return "an adapter may not import another"
		}
		if within("application", ours) && within("application", folder) {
			return l.folder + " may not import that area"
		}
		return l.folder + " may not import an outer layer"
	}
	return ""
}

// within reports whether folder is outer or lies in it.
func within(outer, folder string) bool {
	return outer != "" && (folder == outer || strings.HasPrefix(folder, outer+"/"))
}

// adapterOf returns the folder of the adapter that a folder belongs to, or "" if it belongs to none.
func adapterOf(folder string) string {
	parts := strings.SplitN(folder, "/", 3)
	if len(parts) < 2 || parts[0] != "adapters" {
		return ""
	}
	return path.Join(parts[:2]...)
}

func TestImportsPointInwards(t *testing.T) {
	files := 0
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." && name != root:
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go"):
			return nil
		}
		files++
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return fmt.Errorf("%s: %w", rel, err)
			}
			rule := importViolation
			if strings.HasSuffix(name, "_test.go") { // tests may import every layer
				rule = reservedViolation
			}
			if violation := rule(filepath.ToSlash(filepath.Dir(rel)), imported); violation != "" {
				t.Errorf("%s imports %s: %s", rel, imported, violation)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Errorf("only %d files were checked", files)
	}
}

func TestImportRuleFindsViolations(t *testing.T) {
	const ok = ""
	for _, c := range []struct{ folder, imported, want string }{
		{"domain/text", "golang.org/x/text/unicode/norm", ok},
		{"domain/text", "golang.org/x/text/cases", ok},
		{"domain/text", "golang.org/x/text/secure/precis", "domain/text"},
		{"domain/text", "golang.org/x/net/idna", "domain/text"},
		{"domain/text", "tickt/domain", "outer layer"},
		{"domain/ticket", "tickt/domain/text", ok},
		{"domain/ticket", "golang.org/x/text/cases", "standard library"},
		{"domain/ticket", "strings", ok},
		{"domain/ticket", "tickt/domain/access", ok},
		{"domain/ticket", "tickt/ports", "outer layer"},
		{"domain", "github.com/x/y", "standard library"},
		{"ports", "tickt/domain", ok},
		{"ports", "tickt/application", "outer layer"},
		{"application", "tickt/ports", ok},
		{"application", "tickt/application/setup", ok},
		{"application/record", "tickt/application/notify", ok},
		{"application/notify", "tickt/application/record", "that area"},
		{"application/identity", "tickt/application/permissions", "that area"},
		{"application/usecase", "tickt/application", "that area"},
		{"application/usecase", "tickt/adapters/memory", "outer layer"},
		{"application", "tickt/adapters/memory", "outer layer"},
		{"application", "golang.org/x/text/cases", "standard library"},
		{"adapters/memory", "tickt/application", ok},
		{"adapters/memory", "github.com/x/y", ok},
		{"adapters/bunstore/sub", "tickt/adapters/bunstore", ok},
		{"adapters/bunstore", "tickt/migrations", ok},
		{"adapters/memory", "tickt/adapters/bunstore", "another"},
		{"adapters/memory", "tickt/adapters/memoryless", "another"},
		{"adapters/memory", "tickt/bootstrap", "outer layer"},
		{"adapters/httpapi", "tickt/adapters/httpserver", ok},
		{"adapters/httpapi", "tickt/adapters/memory", "another"},
		{"adapters/httpserver", "tickt/adapters/httpserver/sub", ok},
		{"adapters/httpserver", "tickt/domain", ok},
		{"adapters/httpserver", "tickt/adapters/httpapi", "another"},
		{"adapters/httpserver", "tickt/application", "outer layer"},
		{"adapters/httpserver", "github.com/x/y", ok},
		{"adapters/httpapi", "go.uber.org/fx", "only bootstrap"},
		{"test/load", "go.uber.org/dig", "only bootstrap"},
		{"test/load", "github.com/caarlos0/env/v11", "only bootstrap"},
		{"adapters/mail", "github.com/joho/godotenv", "only bootstrap"},
		{"adapters/httpapi", "github.com/alecthomas/kong", "only bootstrap"},
		{"bootstrap", "github.com/alecthomas/kong", ok},
		{"cmd/tickt", "go.uber.org/fx/fxevent", "only bootstrap"},
		{"bootstrap", "go.uber.org/fx", ok},
		{"bootstrap", "tickt/adapters/memory", ok},
		{"test/desk", "tickt/adapters/memory", ok},
	} {
		if got := importViolation(c.folder, c.imported); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s imports %s: got %q, want %q", c.folder, c.imported, got, c.want)
		}
	}
}
