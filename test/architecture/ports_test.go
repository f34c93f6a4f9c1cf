package architecture

import (
	"go/ast"
	"go/types"
	"slices"
	"testing"
)

// methodsOf returns the methods of interfaces with their names, as in "Roles.Get".
func methodsOf(stores ...types.Type) map[*types.Func]string {
	methods := map[*types.Func]string{}
	for _, t := range stores {
		store := t.(*types.Named).Origin()
		for m := range store.Underlying().(*types.Interface).Methods() {
			methods[m] = store.Obj().Name() + "." + m.Name()
		}
	}
	return methods
}

// storesOf returns the types of the fields of ports.Tx, which are the stores.
func storesOf(ports *types.Package) (stores []types.Type) {
	for f := range ports.Scope().Lookup("Tx").Type().Underlying().(*types.Struct).Fields() {
		stores = append(stores, f.Type())
	}
	return stores
}

// unused lists the methods that no source selects, on the interface itself or on a type that implements it. A selection
// in a decorator does not count, that is, in the method of the same name of a type that implements the interface.
func unused(methods map[*types.Func]string, sources ...source) (names []string) {
	used := map[*types.Func]bool{}
	for _, s := range sources {
		for _, file := range s.files {
			for _, d := range file.Decls {
				outside, _ := d.(*ast.FuncDecl)
				ast.Inspect(d, func(n ast.Node) bool {
					if sel, ok := n.(*ast.SelectorExpr); ok && s.info.Selections[sel] != nil {
						for _, m := range calledBy(methods, s.info.Selections[sel]) {
							used[m] = used[m] || !decorates(m, outside, s.info)
						}
					}
					return true
				})
			}
		}
	}
	for m, name := range methods {
		if !used[m] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// calledBy returns the methods that a selection may call.
func calledBy(methods map[*types.Func]string, sel *types.Selection) (all []*types.Func) {
	f, ok := sel.Obj().(*types.Func)
	if !ok {
		return nil
	}
	if methods[f.Origin()] != "" {
		return []*types.Func{f.Origin()}
	}
	for m := range methods {
		if implementsAs(m, f.Name(), sel.Recv()) {
			all = append(all, m)
		}
	}
	return all
}

// implementsAs reports whether the method with a name of the type receiver implements m.
func implementsAs(m *types.Func, name string, receiver types.Type) bool {
	return m.Name() == name && types.Implements(receiver, m.Signature().Recv().Type().Underlying().(*types.Interface))
}

// decorates reports whether the function f is a method that implements m.
func decorates(m *types.Func, f *ast.FuncDecl, info *types.Info) bool {
	if f == nil || f.Recv == nil || f.Name.Name != m.Name() {
		return false
	}
	return implementsAs(m, f.Name.Name, info.Types[f.Recv.List[0].Type].Type)
}

func TestUseCasesCallEveryMethodOfEveryStore(t *testing.T) {
	p := loaded(t)
	ports := p.imported(t, module+"ports")
	methods := methodsOf(storesOf(ports)...)
	if len(methods) < 40 {
		t.Errorf("only %d methods were checked", len(methods))
	}
	var useCases []source
	for _, path := range p.ours("application") {
		useCases = append(useCases, p.checked(t, path))
	}
	for _, name := range unused(methods, useCases...) {
		t.Errorf("no use case calls %s", name)
	}
	// No use case calls Store.Ready; bootstrap passes it to the HTTP server.
	store := ports.Scope().Lookup("Store").Type()
	callers := slices.Concat(useCases, []source{p.checked(t, module+"bootstrap")})
	for _, name := range unused(methodsOf(store), callers...) {
		t.Errorf("nothing calls %s", name)
	}
}

func TestPortRuleFindsUncalledMethods(t *testing.T) {
	p := loaded(t)
	ports := p.imported(t, module+"ports")
	methods := methodsOf(append(storesOf(ports), ports.Scope().Lookup("Store").Type())...)
	s := p.fixture(t, `package fixture

import (
	"context"

	"tickt/domain/account"
	"tickt/domain/ticket"
	"tickt/ports"
)

type namesake struct{}

func (namesake) Lock(context.Context, string) error { return nil }

type kept struct{}

func (kept) Lock(context.Context) (int, error)                       { return 0, nil }
func (kept) SetSeeds(context.Context, int) error                     { return nil }
func (kept) KeyChecks(context.Context) ([]account.KeyCheck, error)    { return nil, nil }
func (kept) SetKeyChecks(context.Context, []account.KeyCheck) error   { return nil }

type watched struct{ ports.Store }

func (s watched) View(ctx context.Context, fn func(ports.Tx) error) error { return s.Store.View(ctx, fn) }   // the same method
func (s watched) Ready(ctx context.Context) error                         { return s.Store.Update(ctx, nil) } // a different method

func some(ctx context.Context, tx ports.Tx, store func(ports.Tx) ports.Catalog[ticket.Status], all ports.Store) {
	_, _ = tx.Roles.Get(ctx, "")      // called
	_ = tx.Roles.Remove               // passed on as a value
	_, _ = store(tx).Get(ctx, "")     // of a generic port, through a function
	_ = namesake{}.Lock(ctx, "")      // of an unrelated type
	_ = kept{}.SetSeeds               // of a type that implements Setup
}
`)
	left := unused(methods, s)
	for name, want := range map[string]bool{
		"Roles.Get": false, "Roles.Remove": false, "Roles.Lock": true, "Store.Update": false, "Store.View": true,
		"Setup.SetSeeds": false, "Setup.Lock": true,
		"Catalog.Get": false, "Catalog.Lock": true, "Menus.Remove": true,
	} {
		if slices.Contains(left, name) != want {
			t.Errorf("%s: unused %v, want %v", name, !want, want)
		}
	}
}
