package memory

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type leaf struct {
	At   time.Time
	Name string
}

type shared struct {
	Plain  int
	Lists  [2][]leaf
	Nested [][]string
	Of     *leaf
	Deep   *[]int
	Nil    []int
	Empty  []int
	NoLeaf *leaf
}

func newShared() shared {
	return shared{
		Plain: 1, Lists: [2][]leaf{{{Name: "a"}}, {{Name: "b"}, {Name: "c"}}}, Nested: [][]string{{"d"}, nil},
		Of: &leaf{Name: "f"}, Deep: &[]int{1}, Empty: []int{},
	}
}

func TestCopySharesNothing(t *testing.T) {
	original := newShared()
	got := copier[shared]()(original)
	if diff := cmp.Diff(newShared(), got); diff != "" {
		t.Fatalf("want -, got +:\n%s", diff)
	}
	got.Lists[0][0].Name, got.Lists[1][1].Name, got.Nested[0][0], got.Of.Name = "x", "x", "x", "x"
	(*got.Deep)[0] = 2
	if diff := cmp.Diff(newShared(), original); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func TestPlainValuesNeedNoDeepCopy(t *testing.T) {
	plain := reflect.TypeFor[struct {
		N    int
		At   time.Time
		Days [7]leaf
	}]()
	if deepener(plain) != nil {
		t.Error("plain values have a deepener")
	}
}

func TestUncopyableTypesPanic(t *testing.T) {
	for name, make := range map[string]func(){
		"a function":         func() { copier[struct{ F func() }]() },
		"in a list":          func() { copier[[]any]() },
		"a map":              func() { copier[map[string]int]() },
		"an unexported list": func() { copier[struct{ list []int }]() },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was accepted", name)
				}
			}()
			make()
		}()
	}
}
