package architecture

import (
	"go/types"
	"slices"
	"testing"
)

// methodsOf gives the methods of the stores that a Tx hands out, each with its name, as in "Roles.Get".
func methodsOf(ports *types.Package) map[*types.Func]string {
	methods := map[*types.Func]string{}
	s := ports.Scope().Lookup("Tx").Type().Underlying().(*types.Struct)
	for f := range s.Fields() {
		store := f.Type().(*types.Named).Origin()
		for m := range store.Underlying().(*types.Interface).Methods() {
			methods[m] = store.Obj().Name() + "." + m.Name()
		}
	}
	return methods
}

// unused lists those of the methods that no package of sources calls or passes on.
func unused(methods map[*types.Func]string, sources ...source) (names []string) {
	used := map[*types.Func]bool{}
	for _, s := range sources {
		for _, sel := range s.info.Selections {
			if f, ok := sel.Obj().(*types.Func); ok {
				used[f.Origin()] = true
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

func TestEveryMethodOfEveryStoreIsNeeded(t *testing.T) {
	p := loaded(t)
	methods := methodsOf(p.imported(t, module+"ports"))
	if len(methods) < 40 {
		t.Errorf("only %d methods were looked at", len(methods))
	}
	var useCases []source
	for _, path := range p.ours("application") {
		useCases = append(useCases, p.checked(t, path))
	}
	for _, name := range unused(methods, useCases...) {
		t.Errorf("no use case calls %s", name)
	}
}

func TestThePortRuleFindsWhatNobodyCalls(t *testing.T) {
	p := loaded(t)
	methods := methodsOf(p.imported(t, module+"ports"))
	s := p.fixture(t, `package fixture

import (
	"context"

	"tickt/domain/ticket"
	"tickt/ports"
)

type namesake struct{}

func (namesake) Lock(context.Context, string) error { return nil }

func some(ctx context.Context, tx ports.Tx, store func(ports.Tx) ports.Catalog[ticket.Status]) {
	_, _ = tx.Roles.Get(ctx, "")      // called
	_ = tx.Roles.Remove               // handed on
	_, _ = store(tx).Get(ctx, "")     // of a generic port, behind a function
	_ = namesake{}.Lock(ctx, "")      // another's
}
`)
	left := unused(methods, s)
	for name, want := range map[string]bool{
		"Roles.Get": false, "Roles.Remove": false, "Roles.Lock": true,
		"Catalog.Get": false, "Catalog.Lock": true, "Menus.Remove": true,
	} {
		if slices.Contains(left, name) != want {
			t.Errorf("%s: unused %v, want %v", name, !want, want)
		}
	}
}
