package architecture

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// entities are the structs that only the domain may fill and change, and the names of their fields, as
// in "ticket.Ticket.Title".
type entities struct {
	names  map[*types.TypeName]bool
	fields map[*types.Var]string
}

// entitiesOf finds the entities of domain packages: exported structs whose first field is ID and that have a field
// CreatedAt.
func entitiesOf(packages ...*types.Package) entities {
	e := entities{map[*types.TypeName]bool{}, map[*types.Var]string{}}
	for _, pkg := range packages {
		for _, name := range pkg.Scope().Names() {
			tn, ok := pkg.Scope().Lookup(name).(*types.TypeName)
			if !ok || !tn.Exported() {
				continue
			}
			s, ok := tn.Type().Underlying().(*types.Struct)
			if !ok || s.NumFields() == 0 || s.Field(0).Name() != "ID" || !hasField(s, "CreatedAt") {
				continue
			}
			e.names[tn] = true
			for f := range s.Fields() {
				e.fields[f] = pkg.Name() + "." + name + "." + f.Name()
			}
		}
	}
	return e
}

func hasField(s *types.Struct, name string) bool {
	for f := range s.Fields() {
		if f.Name() == name {
			return true
		}
	}
	return false
}

// changes lists where a package assigns a field of an entity or fills an entity in a literal. Copying, converting and
// zeroing whole entities is allowed.
func (e entities) changes(s source) (found []string) {
	report := func(pos token.Pos, what string) {
		found = append(found, fmt.Sprintf("%s: %s", s.fset.Position(pos), what))
	}
	target := func(x ast.Expr) {
		if field, ok := e.fieldOf(s.info, x); ok {
			report(x.Pos(), field+" is assigned")
		}
	}
	for _, f := range s.files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, x := range n.Lhs {
					target(x)
				}
			case *ast.IncDecStmt:
				target(n.X)
			case *ast.RangeStmt:
				target(n.Key)
				target(n.Value)
			case *ast.CompositeLit:
				if tn := named(s.info.TypeOf(n)); len(n.Elts) > 0 && e.names[tn] {
					report(n.Pos(), tn.Pkg().Name()+"."+tn.Name()+" is filled in a literal")
				}
			}
			return true
		})
	}
	return found
}

// fieldOf returns the entity field that an expression refers to, directly or through an index. If it refers to none,
// ok is false.
func (e entities) fieldOf(info *types.Info, x ast.Expr) (field string, ok bool) {
	switch x := x.(type) {
	case *ast.ParenExpr:
		return e.fieldOf(info, x.X)
	case *ast.IndexExpr:
		return e.fieldOf(info, x.X)
	case *ast.SelectorExpr:
		if sel := info.Selections[x]; sel != nil {
			if v, isVar := sel.Obj().(*types.Var); isVar {
				field, ok = e.fields[v]
			}
		}
	}
	return field, ok
}

func named(t types.Type) *types.TypeName {
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj()
	}
	return nil
}

func domainEntities(t *testing.T, p *program) entities {
	t.Helper()
	var packages []*types.Package
	for _, path := range p.ours("domain") {
		packages = append(packages, p.imported(t, path))
	}
	return entitiesOf(packages...)
}

func TestOnlyTheDomainChangesEntities(t *testing.T) {
	p := loaded(t)
	e := domainEntities(t, p)
	if n := len(p.ours("adapters")); n < 3 {
		t.Errorf("only %d packages of adapters were checked", n)
	}
	for _, path := range p.ours("") {
		if within("domain", strings.TrimPrefix(path, module)) {
			continue
		}
		for _, change := range e.changes(p.checked(t, path)) {
			t.Error(change)
		}
	}
}

func TestEntityRuleCoversEveryEntity(t *testing.T) {
	var names []string
	for tn := range domainEntities(t, loaded(t)).names {
		names = append(names, tn.Pkg().Name()+"."+tn.Name())
	}
	for _, want := range []string{
		"access.AccountPermission", "access.Menu", "access.Role", "access.RolePermission",
		"account.Account", "account.Session", "ticket.Priority", "ticket.Status", "ticket.Ticket",
	} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is not covered", want)
		}
	}
	for _, free := range []string{"access.Actor", "ticket.Position", "ticket.Person"} {
		if slices.Contains(names, free) {
			t.Errorf("%s is covered, but is not an entity", free)
		}
	}
}

func TestEntityRuleFindsEveryChange(t *testing.T) {
	p := loaded(t)
	s := p.fixture(t, `package fixture

import "tickt/domain/ticket"

type row ticket.Status

func allowed(t ticket.Ticket, v ticket.View, s *ticket.Status) {
	u := t                           // a copy
	v.Ticket = u                     // a whole entity
	*s = ticket.Status{}             // a zero literal
	_ = (*row)(s)                    // a conversion
	_ = ticket.View{Ticket: u}       // a view of an entity
	var other struct{ Title string }
	other.Title = t.Title
	_ = []ticket.Status{*s}
}

func forbidden(t ticket.Ticket, v *ticket.View, s []ticket.Status, titles []string) {
	t.Title = ""                              // 1: a field
	v.Title = ""                              // 2: a field of an embedded entity
	s[0].Weight++                             // 3
	s[0].Weight += 2                          // 4
	_, (t.Title) = 1, ""                      // 5
	for _, t.Title = range titles {           // 6
	}
	_ = ticket.Ticket{Title: ""}              // 7: a literal
	_ = &ticket.View{Ticket: ticket.Ticket{Title: ""}} // 8: one in another literal
	_ = []ticket.Status{{Name: ""}}           // 9: a literal without its type
	_ = []*ticket.Status{{Name: ""}}          // 10
	(*row)(&s[0]).Name = ""                   // 11: through a converted type
}
`)
	found := domainEntities(t, p).changes(s)
	if len(found) != 11 {
		t.Errorf("found %d of 11:\n%s", len(found), strings.Join(found, "\n"))
	}
	for _, f := range found {
		var line int
		if _, err := fmt.Sscanf(f[strings.Index(f, ":")+1:], "%d", &line); err != nil || line < 18 {
			t.Errorf("allowed, but found: %s", f)
		}
	}
}
