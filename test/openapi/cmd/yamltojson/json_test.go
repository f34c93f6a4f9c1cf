package main

import "testing"

func TestAsJSONKeepsTheOrderOfKeys(t *testing.T) {
	got, err := asJSON([]byte(`
zebra: &z {b: 1, a: -2.5}
list: [yes, true, null, ~, "1", '<b>', 0x10]
200: *z
day: 2026-12-25
text: |
  two
  lines
nothing:
empty: {}
none: []
`))
	want := `{"zebra":{"b":1,"a":-2.5},"list":["yes",true,null,null,"1","<b>",16],"200":{"b":1,"a":-2.5},` +
		`"day":"2026-12-25","text":"two\nlines\n","nothing":null,"empty":{},"none":[]}`
	if err != nil || string(got) != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
	for _, broken := range []string{"", "a: [", "a: *b"} {
		if got, err := asJSON([]byte(broken)); err == nil {
			t.Errorf("%q became %s", broken, got)
		}
	}
}
