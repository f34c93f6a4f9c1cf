package architecture

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// program is the module without its tests: its packages and all their dependencies, as go list describes them.
type program struct {
	fset     *token.FileSet
	importer types.Importer // reads export data, so that all packages share their types
	packages map[string]listed
}

type listed struct {
	ImportPath string
	Dir        string
	Export     string // the file with the package's export data
	GoFiles    []string
}

// source is one type-checked package with its syntax.
type source struct {
	fset  *token.FileSet
	files []*ast.File
	info  *types.Info
}

// load lists the module once, without the folder test.
var load = sync.OnceValues(func() (*program, error) {
	folders, err := os.ReadDir(root)
	if err != nil {
		return nil, err
	}
	args := []string{"list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles"}
	for _, f := range folders {
		if f.IsDir() && f.Name() != "test" && !strings.HasPrefix(f.Name(), ".") {
			args = append(args, "./"+f.Name()+"/...")
		}
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, &stderr)
	}
	p := &program{fset: token.NewFileSet(), packages: map[string]listed{}}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var l listed
		if err := dec.Decode(&l); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		p.packages[l.ImportPath] = l
	}
	p.importer = importer.ForCompiler(p.fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(p.packages[path].Export)
	})
	return p, nil
})

func loaded(t *testing.T) *program {
	t.Helper()
	p, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ours returns the import paths of the module's packages in a folder, or of all if folder is "".
func (p *program) ours(folder string) (paths []string) {
	for path := range p.packages {
		if rest, ok := strings.CutPrefix(path, module); ok && (folder == "" || within(folder, rest)) {
			paths = append(paths, path)
		}
	}
	return paths
}

// imported returns the types of a package as its importers see them.
func (p *program) imported(t *testing.T, path string) *types.Package {
	t.Helper()
	pkg, err := p.importer.Import(path)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

// checked parses and type-checks a package of the module without its tests.
func (p *program) checked(t *testing.T, path string) source {
	t.Helper()
	var files []*ast.File
	for _, name := range p.packages[path].GoFiles {
		f, err := parser.ParseFile(p.fset, filepath.Join(p.packages[path].Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return p.check(t, path, files)
}

// fixture parses and type-checks the text of a package.
func (p *program) fixture(t *testing.T, text string) source {
	t.Helper()
	f, err := parser.ParseFile(p.fset, t.Name()+".go", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return p.check(t, "fixture", []*ast.File{f})
}

func (p *program) check(t *testing.T, path string, files []*ast.File) source {
	t.Helper()
	s := source{p.fset, files, &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Selections: map[*ast.SelectorExpr]*types.Selection{}, Uses: map[*ast.Ident]types.Object{},
		Instances: map[*ast.Ident]types.Instance{},
	}}
	conf := types.Config{Importer: p.importer}
	if _, err := conf.Check(path, p.fset, files, s.info); err != nil {
		t.Fatal(err)
	}
	return s
}
