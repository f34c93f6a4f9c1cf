package architecture

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// comparisons lists where a package compares values that hold a time.Time with ==, !=, a switch, a map key or a generic
// function. The same instant in another zone, or with a monotonic clock reading, would differ. Methods named Equal are
// exempt, since they handle the times themselves.
func (s source) comparisons() (found []string) {
	for _, file := range s.files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && f.Name.Name == "Equal" {
				continue
			}
			ast.Inspect(d, func(n ast.Node) bool {
				var pos token.Pos
				var typ types.Type
				switch x := n.(type) {
				case *ast.BinaryExpr:
					if x.Op == token.EQL || x.Op == token.NEQ {
						pos, typ = x.OpPos, s.info.TypeOf(x.X)
					}
				case *ast.SwitchStmt:
					if x.Tag != nil {
						pos, typ = x.Pos(), s.info.TypeOf(x.Tag)
					}
				case *ast.MapType:
					pos, typ = x.Pos(), s.info.TypeOf(x.Key)
				case *ast.Ident:
					pos, typ = x.Pos(), s.compared(x)
				}
				if typ != nil && holdsTime(typ) {
					found = append(found, fmt.Sprintf("%s: %s is compared with ==", s.fset.Position(pos), typ))
				}
				return true
			})
		}
	}
	return found
}

// compared returns the type argument that a called function of package slices or maps, such as slices.Equal, compares
// with ==, if it holds a time, else nil.
func (s source) compared(name *ast.Ident) types.Type {
	f, ok := s.info.Uses[name].(*types.Func)
	args := s.info.Instances[name].TypeArgs
	if !ok || f.Pkg() == nil || f.Pkg().Path() != "slices" && f.Pkg().Path() != "maps" {
		return nil
	}
	params := f.Signature().TypeParams()
	for i := range args.Len() {
		if c, ok := params.At(i).Constraint().Underlying().(*types.Interface); ok && c.IsComparable() && holdsTime(args.At(i)) {
			return args.At(i)
		}
	}
	return nil
}

// holdsTime reports whether a type is time.Time or a struct or array that contains one.
func holdsTime(t types.Type) bool {
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time" && n.Obj().Name() == "Time" {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if holdsTime(f.Type()) {
				return true
			}
		}
	case *types.Array:
		return holdsTime(u.Elem())
	}
	return false
}

func TestTimesAreNotComparedWithOperators(t *testing.T) {
	p := loaded(t)
	for _, path := range p.ours("") {
		for _, c := range p.checked(t, path).comparisons() {
			t.Error(c)
		}
	}
}

func TestTimeRuleFindsEveryComparison(t *testing.T) {
	s := loaded(t).fixture(t, `package fixture

import (
	"slices"
	"time"
)

type named struct{ id string }
type dated struct{ at [2]time.Time }
type event struct { dated; id string }

func (e event) Equal(f event) bool { return e == f }

func allowed(a, b *event, x, y named, all []event, names []named) bool {
	return a == b || x == y || a.at[0].Equal(b.at[0]) || slices.Contains(names, x) ||
		slices.ContainsFunc(all, func(e event) bool { return e.Equal(*a) })
}

func forbidden(a, b event, all []event) bool {
	switch a.at[0] { // 1
	case time.Time{}:
	}
	_ = map[event]bool{} // 2
	_ = slices.Contains(all, a) // 3
	return a == b || a.at[0] != b.at[0] // 4 and 5
}
`)
	found := s.comparisons()
	if len(found) != 5 {
		t.Errorf("found %d of 5:\n%s", len(found), strings.Join(found, "\n"))
	}
}
