package architecture

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tickt/domain"
	"tickt/domain/sentence"
)

// classes are the codes of problems in the contract. Each domain.Code belongs to one of them.
var classes = []string{"required", "type", "too_long", "too_short", "range", "invalid", "taken", "unknown", "duplicate"}

// constantsOf returns the constants in the whole module of a named type of package domain, as a map from value to name.
// Two constants with the same value are an error of the test.
func constantsOf(t *testing.T, p *program, typeName string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, path := range p.ours("") {
		scope := p.imported(t, path).Scope()
		for _, name := range scope.Names() {
			c, ok := scope.Lookup(name).(*types.Const)
			if !ok || !isDomain(c.Type(), typeName) {
				continue
			}
			value := constant.StringVal(c.Val())
			if other, twice := found[value]; twice {
				t.Errorf("%s and %s are both %q", other, name, value)
			}
			found[value] = name
		}
	}
	return found
}

func isDomain(t types.Type, name string) bool {
	n := named(t)
	return n != nil && n.Name() == name && n.Pkg() != nil && n.Pkg().Path() == module+"domain"
}

func TestEveryCodeHasASentence(t *testing.T) {
	p := loaded(t)
	codes := constantsOf(t, p, "Code")
	if len(codes) < 80 {
		t.Errorf("only %d codes were checked", len(codes))
	}
	for code, name := range codes {
		if sentence.English.Sentences[domain.Code(code)] == "" {
			t.Errorf("%s has no sentence", name)
		}
		if !slices.Contains(classes, domain.Code(code).Class()) {
			t.Errorf("%s has the class %q, which the contract does not list", name, domain.Code(code).Class())
		}
	}
	if n := len(sentence.English.Sentences); n != len(codes) {
		t.Errorf("there are %d sentences for %d codes", n, len(codes))
	}
	constantsOf(t, p, "Term") // fails if a term is declared twice
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// placeholders returns the sorted parameters of a sentence, without {field}, which every problem has.
func placeholders(sentence string) (names []string) {
	for _, match := range placeholder.FindAllStringSubmatch(sentence, -1) {
		if name := match[1]; name != "field" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// termParams are the parameters whose values are words that need translation.
var termParams = []string{"label", "want", "what", "thing", "by"}

// codeUses checks the uses of codes in a package and adds the codes to used. A constant code that is an argument of a
// call must come with exactly the parameters of its sentence; everywhere else its sentence must have none. A call with a
// code that is not constant must not have a literal of parameters, because they cannot be checked. The values of
// termParams must be Terms.
func codeUses(s source, sentences map[domain.Code]string, used map[domain.Code]bool) (found []string) {
	report := func(x ast.Expr, format string, args ...any) {
		found = append(found, fmt.Sprintf("%s: %s", s.fset.Position(x.Pos()), fmt.Sprintf(format, args...)))
	}
	inCalls := map[ast.Expr]bool{}
	check := func(x ast.Expr, given []string) {
		code := domain.Code(constant.StringVal(s.info.Types[x].Value))
		used[code] = true
		if want := placeholders(sentences[code]); !slices.Equal(given, want) {
			report(x, "%s is used with the parameters %v, but its sentence has %v", code, given, want)
		}
	}
	call := func(n *ast.CallExpr) {
		if s.info.Types[n.Fun].IsType() {
			return
		}
		elements, literal := literalParams(s.info, n)
		params := slices.Sorted(maps.Keys(elements))
		for name, value := range elements {
			if slices.Contains(termParams, name) && !isDomain(s.info.TypeOf(value), "Term") {
				report(value, "the parameter %s is not a Term", name)
			}
		}
		for _, arg := range n.Args {
			switch x := s.info.Types[arg]; {
			case !isDomain(x.Type, "Code"):
			case x.Value != nil:
				inCalls[arg] = true
				check(arg, params)
			case literal:
				report(arg, "a code that is not constant comes with parameters")
			}
		}
	}
	for _, f := range s.files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				call(n)
			case *ast.GenDecl:
				return n.Tok != token.CONST // a declaration is not a use
			case *ast.KeyValueExpr:
				if x := s.info.Types[n.Key]; x.Value != nil && isDomain(x.Type, "Code") { // an entry of a catalog
					return false
				}
			case ast.Expr:
				if x := s.info.Types[n]; x.Value != nil && isDomain(x.Type, "Code") {
					if !inCalls[n] {
						check(n, nil)
					}
					return false
				}
			}
			return true
		})
	}
	return found
}

// literalParams returns the elements of the literal of domain.Params among the arguments of a call, by parameter name.
// If there is no such literal, ok is false.
func literalParams(info *types.Info, n *ast.CallExpr) (elements map[string]ast.Expr, ok bool) {
	for _, arg := range n.Args {
		literal, isLiteral := arg.(*ast.CompositeLit)
		if !isLiteral || !isDomain(info.TypeOf(arg), "Params") {
			continue
		}
		elements = map[string]ast.Expr{}
		for _, element := range literal.Elts {
			pair := element.(*ast.KeyValueExpr)
			if key := info.Types[pair.Key]; key.Value != nil {
				elements[constant.StringVal(key.Value)] = pair.Value
			}
		}
		return elements, true
	}
	return nil, false
}

func TestEveryProblemHasTheParametersOfItsSentence(t *testing.T) {
	p := loaded(t)
	used := map[domain.Code]bool{}
	for _, path := range p.ours("") {
		for _, wrong := range codeUses(p.checked(t, path), sentence.English.Sentences, used) {
			t.Error(wrong)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(sentence.English.Sentences)) {
		if !used[code] {
			t.Errorf("nothing uses the code %s", code)
		}
	}
}

func TestProblemRuleFindsWrongParameters(t *testing.T) {
	p := loaded(t)
	s := p.fixture(t, `package fixture

import "tickt/domain"

const own domain.Code = "own" // a declaration

type holder struct{ code domain.Code }

func right(p *domain.Problems, code domain.Code, params domain.Params) {
	p.Add("x", "plain")
	p.Add("x", "two", domain.Params{"a": 1, "b": 2})
	p.Add("x", code)
	p.Add("x", code, params)
	right(p, "plain", nil)
	right(p, "two", domain.Params{"b": 2, "a": 1})
	p.Add("x", "label", domain.Params{"label": domain.Term("Title")})
	_ = holder{code: "plain"}
	_ = map[domain.Code]string{"two": "a catalog"}
}

func wrong(p *domain.Problems, code domain.Code, params domain.Params) {
	p.Add("x", "two")                                    // 1: no parameters
	p.Add("x", "two", domain.Params{"a": 1})             // 2: one is missing
	p.Add("x", "plain", domain.Params{"a": 1})           // 3: one too many
	p.Add("x", code, domain.Params{"a": 1})              // 4: a literal for an unknown code
	p.Add("x", "two", params)                            // 5: not a literal
	_ = holder{code: "two"}                              // 6: no parameters
	_ = holder{"two"}                                    // 7
	code = "two"                                         // 8
	p.Add("x", "label", domain.Params{"label": "Title"}) // 9: a word that is not a Term
}
`)
	used := map[domain.Code]bool{}
	found := codeUses(s, map[domain.Code]string{"plain": "{field} is plain.", "two": "{a} and {b} and {a}", "label": "{label}."}, used)
	if len(found) != 9 {
		t.Errorf("found %d of 9:\n%s", len(found), strings.Join(found, "\n"))
	}
	for _, f := range found {
		var line int
		if _, err := fmt.Sscanf(f[strings.Index(f, ":")+1:], "%d", &line); err != nil || line < 20 {
			t.Errorf("right, but found: %s", f)
		}
	}
	if !maps.Equal(used, map[domain.Code]bool{"plain": true, "two": true, "label": true}) {
		t.Errorf("used are %v", used)
	}
}
