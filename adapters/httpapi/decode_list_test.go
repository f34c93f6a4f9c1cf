package httpapi

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tickt/domain"
	"tickt/domain/sentence"
)

// weight is embedded in the items of a shipment.
type weight struct {
	Heavy domain.Optional[bool] `json:"isHeavy"`
}

// shipment has a list of every kind that bind supports.
type shipment struct {
	Stamps []string `json:"stamps"`
	Items  []item   `json:"items"`
	weight
}

type item struct {
	Name domain.Optional[string] `json:"name"`
	weight
}

func TestBindDecodesLists(t *testing.T) {
	for _, tc := range []struct {
		name, body string
		want       shipment
	}{
		{"nothing", `{}`, shipment{}},
		{"nulls", `{"stamps":null,"items":null}`, shipment{}},
		{"empty ones", `{"stamps":[],"items":[ ]}`, shipment{Items: []item{}}},
		{"both", `{"stamps":["\u0061", ""],"items":[{"name":"x","isHeavy":true},{ },{"id":7,"name":null}],"isHeavy":false}`, shipment{
			Stamps: []string{"a", ""},
			Items:  []item{{Name: domain.Some("x"), weight: weight{domain.Some(true)}}, {}, {Name: domain.Null[string]()}},
			weight: weight{domain.Some(false)},
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got shipment
			if err := decode([]byte(tc.body), &got, time.UTC, []string{"items.id"}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(shipment{}, item{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBindReportsProblemsInLists(t *testing.T) {
	const texts, objects = "stamps: stamps must be a list of strings.", "items: items must be a list of objects."
	manyTexts := `{"stamps":[""` + strings.Repeat(`,""`, maxItems) + `]}`
	many := `{"items":[{}` + strings.Repeat(`,{}`, maxItems) + `]}`
	for _, tc := range []struct{ name, body, want string }{
		{"string instead of list", `{"stamps":"a","items":"a"}`, texts + "\n" + objects},
		{"object instead of list", `{"stamps":{},"items":{}}`, texts + "\n" + objects},
		{"elements of wrong type", `{"stamps":["a",1],"items":[{},[]]}`, texts + "\n" + objects},
		{"null elements", `{"stamps":[null],"items":[null]}`, texts + "\n" + objects},
		{
			"wrong types in objects", `{"items":[{"name":1},{"name":"a","isHeavy":"yes"},{"isHeavy":null}]}`,
			"items[0].name: Field 'name' must be a string for item 1.\n" +
				"items[1].isHeavy: Field 'isHeavy' must be a boolean value for item 2.\nitems[2].isHeavy: Field 'isHeavy' must be a boolean value " +
				"for item 3.",
		},
		{"unknown keys in objects", `{"items":[{},{"Name":1,"x.y":2}],"zzz":1}`, "zzz: Unknown field 'zzz'.\n" +
			"items[1].Name: Unknown field 'items[1].Name'.\nitems[1].x.y: Unknown field 'items[1].x.y'."},
		{
			"key of another object", `{"id":1,"items":[{"stamps":[]}]}`,
			"id: Unknown field 'id'.\nitems[0].stamps: Unknown field 'items[0].stamps'.",
		},
		{
			"duplicate field in one object", `{"items":[{"name":"a"},{"name":"a","name":1}]}`,
			"items[1].name: Field 'items[1].name' is given more than once.",
		},
		{"duplicate read-only key", `{"items":[{"id":1,"id":2}]}`, "items[0].id: Field 'items[0].id' is given more than once."},
		{"duplicate list", `{"items":[],"items":[]}`, "items: Field 'items' is given more than once."},
		{"too many texts", manyTexts, "stamps: stamps may list at most 1000 texts."},
		{"too many items", many, "items: items may list at most 1000 objects."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got shipment
			err := decode([]byte(tc.body), &got, time.UTC, []string{"items.id"})
			var known *domain.Error
			if !errors.As(err, &known) {
				t.Fatalf("got %v", err)
			}
			var said []string
			for _, p := range known.Problems {
				said = append(said, p.Field+": "+sentence.English.Of(p))
			}
			if strings.Join(said, "\n") != tc.want {
				t.Errorf("problems\n%s\nwant\n%s", strings.Join(said, "\n"), tc.want)
			}
		})
	}
}

// crate has fields that implement filler.
type crate struct {
	Label  objectOf[label]           `json:"label"`
	Items  listOf[item]              `json:"items"`
	Stamps domain.Optional[[]string] `json:"stamps"`
}

type label struct {
	Text  domain.Optional[string]   `json:"text"`
	Marks domain.Optional[[]string] `json:"marks"`
	Times [][]string                `json:"times"`
}

func TestBindDistinguishesAbsentAndNullContainers(t *testing.T) {
	of := func(l label) (o objectOf[label]) {
		o.Optional = domain.Some(l)
		return o
	}
	listed := func(all ...item) (l listOf[item]) {
		l.Optional = domain.Some(all)
		return l
	}
	var nothing objectOf[label]
	var none listOf[item]
	nothing.Optional, none.Optional = domain.Null[label](), domain.Null[[]item]()
	for _, tc := range []struct {
		name, body string
		want       crate
	}{
		{"nothing", `{}`, crate{}},
		{"nulls", `{"label":null,"items":null,"stamps":null}`, crate{nothing, none, domain.Null[[]string]()}},
		{"empty ones", `{"label":{},"items":[],"stamps":[]}`, crate{of(label{}), listed([]item{}...), domain.Some[[]string](nil)}},
		{"whole ones", `{"label":{"text":"a","id":1,"marks":["b"],"times":[["c","d"],[],null]},"items":[{"name":"e"}],"stamps":["f"]}`, crate{
			of(label{domain.Some("a"), domain.Some([]string{"b"}), [][]string{{"c", "d"}, nil, nil}}), listed(item{Name: domain.Some("e")}),
			domain.Some([]string{"f"}),
		}},
		{
			"nulls in an object", `{"label":{"text":null,"marks":null,"times":null}}`,
			crate{Label: of(label{Text: domain.Null[string](), Marks: domain.Null[[]string]()})},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got crate
			if err := decode([]byte(tc.body), &got, time.UTC, []string{"label.id"}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(item{}), cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBindReportsProblemsInObjects(t *testing.T) {
	const times = `label.times: label.times must be a list of pairs of times, such as [["09:00","17:30"]].`
	for _, tc := range []struct{ name, body, want string }{
		{
			"wrong types", `{"label":[],"items":{},"stamps":1}`,
			"label: label must be an object.\nitems: items must be a list of objects.\nstamps: stamps must be a list of strings.",
		},
		{
			"wrong types inside", `{"label":{"text":1,"marks":"a","times":"b"}}`,
			"label.text: label.text must be a string.\nlabel.marks: label.marks must be a list of strings.\n" + times,
		},
		{"pairs of wrong type", `{"label":{"times":[["a",1]]}}`, times},
		{"not pairs", `{"label":{"times":["a","b"]}}`, times},
		{
			"unknown keys", `{"text":1,"label":{"colour":1,"items":[]}}`,
			"text: Unknown field 'text'.\nlabel.colour: Unknown field 'label.colour'.\nlabel.items: Unknown field 'label.items'.",
		},
		{"duplicate object", `{"label":{},"label":{}}`, "label: Field 'label' is given more than once."},
		{"duplicate key inside", `{"label":{"text":"a","text":"b"}}`, "label.text: Field 'label.text' is given more than once."},
		{"long list for a string", `{"label":{"text":[""` + strings.Repeat(`,""`, maxItems) + `]}}`, "label.text: label.text must be a string."},
		{
			"too many texts", `{"label":{"marks":[""` + strings.Repeat(`,""`, maxItems) + `]}}`,
			"label.marks: label.marks may list at most 1000 texts.",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got crate
			var known *domain.Error
			if err := decode([]byte(tc.body), &got, time.UTC, nil); !errors.As(err, &known) {
				t.Fatalf("got %v", err)
			}
			var said []string
			for _, p := range known.Problems {
				said = append(said, p.Field+": "+sentence.English.Of(p))
			}
			if strings.Join(said, "\n") != tc.want {
				t.Errorf("problems\n%s\nwant\n%s", strings.Join(said, "\n"), tc.want)
			}
		})
	}
}

func TestBindLimitsReportedUnknownKeysInLists(t *testing.T) {
	var got shipment
	err := decode([]byte(`{"items":[{"x":1}`+strings.Repeat(`,{"x":1}`, maxItems-1)+`]}`), &got, time.UTC, nil)
	var known *domain.Error
	if !errors.As(err, &known) || len(known.Problems) != domain.MaxUnknownFields {
		t.Errorf("got %v", err)
	}
}
