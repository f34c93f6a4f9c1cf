package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// step matches a file and a function in it, as in "`a/b.go` `Type.Method`". There may be a line break between the two.
var step = regexp.MustCompile("`([a-z0-9_/]+\\.go)`\\s+`([A-Za-z.]+)`")

// functionsOf returns the names of the functions that a Go file declares, methods as "Type.Method". Name and src are as
// for parser.ParseFile.
func functionsOf(name string, src any) (names []string, err error) {
	f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if fn.Recv == nil {
			names = append(names, fn.Name.Name)
			continue
		}
		names = append(names, receiver(fn.Recv.List[0].Type)+"."+fn.Name.Name)
	}
	return names, nil
}

// receiver returns the name of a receiver's type without pointer and type parameters.
func receiver(t ast.Expr) string {
	switch x := t.(type) {
	case *ast.StarExpr:
		return receiver(x.X)
	case *ast.IndexExpr:
		return receiver(x.X)
	case *ast.IndexListExpr:
		return receiver(x.X)
	case *ast.Ident:
		return x.Name
	}
	return ""
}

func TestWalksNameExistingFunctions(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	steps := step.FindAllSubmatch(text, -1)
	if len(steps) < 30 {
		t.Errorf("only %d steps were checked", len(steps))
	}
	for _, s := range steps {
		file, function := string(s[1]), string(s[2])
		names, err := functionsOf(filepath.Join(root, filepath.FromSlash(file)), nil)
		if err != nil {
			t.Errorf("%s, named with %s: %v", file, function, err)
			continue
		}
		if !slices.Contains(names, function) {
			t.Errorf("%s declares no %s", file, function)
		}
	}
}

func TestWalkRuleReadsDeclarations(t *testing.T) {
	got, err := functionsOf("x.go", "package x\nfunc A() {}\nfunc (s *B[T]) C() {}\nfunc (D) e() {}\nfunc (f F[K, V]) G() {}\n")
	if want := []string{"A", "B.C", "D.e", "F.G"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	read := step.FindStringSubmatch("in `a/b_c.go`\n   `D.e`: so")
	if want := []string{"`a/b_c.go`\n   `D.e`", "a/b_c.go", "D.e"}; !slices.Equal(read, want) {
		t.Errorf("got %q, want %q", read, want)
	}
}
