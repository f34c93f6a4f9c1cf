// Package architecture proves, on the source and on the assembled application, the rules that every
// part of tickt keeps: dependencies point inwards, only the domain changes entities, every use case
// authorises its actor, and no port promises what nobody needs. It uses the standard library alone.
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

// layer says which of our packages a folder may import, itself aside.
type layer struct {
	folder     string
	may        []string
	thirdParty bool
}

// layers are the rules: the first whose folder fits holds. A folder that is not named may import all of our packages.
var layers = []layer{
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
	{"application", []string{"domain", "ports", "application"}, false},
	{"migrations", []string{"domain", "ports"}, true},
	{httpServer, []string{"domain", "ports"}, true},
	{"adapters", []string{"domain", "ports", "application", "migrations", httpServer}, true},
}

// TestEveryAreaSaysWhatItMayImport keeps a new area from falling under the rule of application, which may import all.
func TestEveryAreaSaysWhatItMayImport(t *testing.T) {
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
		t.Errorf("only %d areas were looked at", areas)
	}
}

// reserved says what only bootstrap may import, test files included.
var reserved = []struct{ path, why string }{
	{"go.uber.org/fx", "only bootstrap wires"},
	{"go.uber.org/dig", "only bootstrap wires"},
	{"github.com/caarlos0/env", "only bootstrap knows the environment"},
	{"github.com/joho/godotenv", "only bootstrap knows the environment"},
	{"github.com/alecthomas/kong", "only bootstrap offers commands"},
}

// reservedOffence says what is wrong with an import, if it is reserved for another folder; "" if it is not.
func reservedOffence(folder, imported string) string {
	for _, r := range reserved {
		if within(r.path, imported) && !within("bootstrap", folder) {
			return r.why
		}
	}
	return ""
}

// httpServer is what the ways in over HTTP share: the one adapter that others may import.
const httpServer = "adapters/httpserver"

// importOffence says what is wrong with an import by a file of a folder, both named from the root of the
// module; "" where nothing is.
func importOffence(folder, imported string) string {
	ours, local := strings.CutPrefix(imported, module)
	first, _, _ := strings.Cut(imported, "/")
	if offence := reservedOffence(folder, imported); offence != "" {
		return offence
	}
	for _, l := range layers {
		if !within(l.folder, folder) {
			continue
		}
		switch {
		case !local && strings.Contains(first, ".") && !l.thirdParty:
			return l.folder + " may import nothing but the standard library and what lies further inwards"
		case !local, slices.ContainsFunc(l.may, func(m string) bool { return within(m, ours) }), within(l.folder, ours) && l.folder != "adapters",
			within(adapterOf(folder), ours):
			return ""
		case within("adapters", ours) && within("adapters", folder):
			return "an adapter may not import another"
		}
		if within("application", ours) && within("application", folder) {
			return l.folder + " may not import that area"
		}
		return l.folder + " may not import what lies further outwards"
	}
	return ""
}

// within says whether a folder is another or lies in it.
func within(outer, folder string) bool {
	return outer != "" && (folder == outer || strings.HasPrefix(folder, outer+"/"))
}

// adapterOf gives the adapter that a folder belongs to, "" for none.
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
			rule := importOffence
			if strings.HasSuffix(name, "_test.go") { // tests may import adapters and test/...
				rule = reservedOffence
			}
			if offence := rule(filepath.ToSlash(filepath.Dir(rel)), imported); offence != "" {
				t.Errorf("%s imports %s: %s", rel, imported, offence)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Errorf("only %d files were looked at", files)
	}
}

func TestTheImportRuleFindsOffences(t *testing.T) {
	const ok = ""
	for _, c := range []struct{ folder, imported, want string }{
		{"domain/ticket", "strings", ok},
		{"domain/ticket", "tickt/domain/access", ok},
		{"domain/ticket", "tickt/ports", "further outwards"},
		{"domain", "github.com/x/y", "standard library"},
		{"ports", "tickt/domain", ok},
		{"ports", "tickt/application", "further outwards"},
		{"application", "tickt/ports", ok},
		{"application", "tickt/application/setup", ok},
		{"application/record", "tickt/application/notify", ok},
		{"application/notify", "tickt/application/record", "that area"},
		{"application/identity", "tickt/application/permissions", "that area"},
		{"application/usecase", "tickt/application", "that area"},
		{"application/usecase", "tickt/adapters/memory", "further outwards"},
		{"application", "tickt/adapters/memory", "further outwards"},
		{"application", "golang.org/x/text/cases", "standard library"},
		{"adapters/memory", "tickt/application", ok},
		{"adapters/memory", "github.com/x/y", ok},
		{"adapters/bunstore/sub", "tickt/adapters/bunstore", ok},
		{"adapters/bunstore", "tickt/migrations", ok},
		{"adapters/memory", "tickt/adapters/bunstore", "another"},
		{"adapters/memory", "tickt/adapters/memoryless", "another"},
		{"adapters/memory", "tickt/bootstrap", "further outwards"},
		{"adapters/httpapi", "tickt/adapters/httpserver", ok},
		{"adapters/httpapi", "tickt/adapters/memory", "another"},
		{"adapters/httpserver", "tickt/adapters/httpserver/sub", ok},
		{"adapters/httpserver", "tickt/domain", ok},
		{"adapters/httpserver", "tickt/adapters/httpapi", "another"},
		{"adapters/httpserver", "tickt/application", "further outwards"},
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
		if got := importOffence(c.folder, c.imported); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s imports %s: says %q, want %q", c.folder, c.imported, got, c.want)
		}
	}
}
