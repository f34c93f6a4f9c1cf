package architecture

import (
	"go/ast"
	"go/types"
	"slices"
	"testing"
)

// callersOf lists the functions of the sources that select a method, each as often as it does.
func callersOf(method types.Object, sources ...source) (names []string) {
	for _, s := range sources {
		for _, file := range s.files {
			for _, d := range file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok {
					continue
				}
				ast.Inspect(f, func(n ast.Node) bool {
					if sel, ok := n.(*ast.SelectorExpr); ok && s.info.Uses[sel.Sel] == method {
						names = append(names, f.Name.Name)
					}
					return true
				})
			}
		}
	}
	slices.Sort(names)
	return names
}

// A new password ends sessions and makes the account forget known addresses. Only setPassword, which does so, may set it,
// and draft, for accounts that are new.
func TestPasswordsAreReplacedInOnePlace(t *testing.T) {
	p := loaded(t)
	pkg := p.imported(t, module+"domain/account")
	method, _, _ := types.LookupFieldOrMethod(types.NewPointer(pkg.Scope().Lookup("Account").Type()), true, pkg, "SetPassword")
	if method == nil {
		t.Fatal("account.Account has no method SetPassword")
	}
	var sources []source
	for _, path := range p.ours("") {
		sources = append(sources, p.checked(t, path))
	}
	if got := callersOf(method, sources...); !slices.Equal(got, []string{"draft", "setPassword"}) {
		t.Errorf("Account.SetPassword is called in %q; call identity.setPassword instead", got)
	}
}
