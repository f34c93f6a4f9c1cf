package mail

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestReadAddress(t *testing.T) {
	for typed, want := range map[string]struct{ mailbox, key string }{
		"anita@example.com":              {"anita@example.com", "anita@example.com"},
		" Anita.Rai+tag@Example.COM\n":   {"Anita.Rai+tag@example.com", "anita.rai+tag@example.com"},
		"!#$%&'*+-/=?^_`{|}~@example.jp": {"!#$%&'*+-/=?^_`{|}~@example.jp", "!#$%&'*+-/=?^_`{|}~@example.jp"},
		"user@müller.de":                 {"user@xn--mller-kva.de", "user@xn--mller-kva.de"},
		"user@mu\u0308ller.de":           {"user@xn--mller-kva.de", "user@xn--mller-kva.de"},
		"user@MÜLLER.DE":                 {"user@xn--mller-kva.de", "user@xn--mller-kva.de"},
		"user@xn--mller-kva.de":          {"user@xn--mller-kva.de", "user@xn--mller-kva.de"},
		"user@XN--MLLER-KVA.de":          {"user@xn--mller-kva.de", "user@xn--mller-kva.de"},
		"user@straße.de":                 {"user@xn--strae-oqa.de", "user@xn--strae-oqa.de"},
		"user@例え。テスト":                    {"user@xn--r8jz45g.xn--zckzah", "user@xn--r8jz45g.xn--zckzah"},
		"user@r3---sn.example.com":       {"user@r3---sn.example.com", "user@r3---sn.example.com"},
		"用户@例子.广告":                       {"用户@xn--fsqu00a.xn--4rr70v", "用户@xn--fsqu00a.xn--4rr70v"},
		"अजय@डाटा.भारत":                  {"अजय@xn--c2bd1gb.xn--h2brj9c", "अजय@xn--c2bd1gb.xn--h2brj9c"},
		"JOSE\u0301@example.es":          {"JOSÉ@example.es", "josé@example.es"},
		`"two words"@example.com`:        {`"two words"@example.com`, `"two words"@example.com`},
		`"Anita"@example.com`:            {"Anita@example.com", "anita@example.com"},
		`"a..b"@example.com`:             {`"a..b"@example.com`, `"a..b"@example.com`},
		`"a\"b@c"@example.com`:           {`"a\"b@c"@example.com`, `"a\"b@c"@example.com`},
		"a\u200bnita\u00ad@example.com":  {"anita@example.com", "anita@example.com"},
		"x@" + strings.Repeat("a", 63) + ".com": {
			"x@" + strings.Repeat("a", 63) + ".com", "x@" + strings.Repeat("a", 63) + ".com",
		},
		strings.Repeat("a", 64) + "@b.de": {strings.Repeat("a", 64) + "@b.de", strings.Repeat("a", 64) + "@b.de"},
	} {
		a, ok := Addresses{}.Read(typed)
		if !ok || a.Mailbox != want.mailbox || a.Key != want.key {
			t.Errorf("%+q: %+q, key %+q, %v", typed, a.Mailbox, a.Key, ok)
		}
	}
}

func TestReadAddressKeepsWhatWasTyped(t *testing.T) {
	for typed, want := range map[string]string{"User@Mu\u0308ller.DE": "User@Müller.DE", `"Anita"@example.com`: `"Anita"@example.com`} {
		if a, _ := (Addresses{}).Read(typed); a.Text != want {
			t.Errorf("%+q: %+q, want %+q", typed, a.Text, want)
		}
	}
}

func TestReadAddressRefuses(t *testing.T) {
	label := strings.Repeat("a", 63)
	for name, typed := range map[string]string{
		"nothing":                        "",
		"no @":                           "anita",
		"no local part":                  "@example.com",
		"no domain":                      "anita@",
		"two dots":                       "a..b@example.jp",
		"a dot at the beginning":         ".a@example.jp",
		"a dot at the end":               "a.@example.jp",
		"no dot in the domain":           "anita@localhost",
		"a dot at the end of the domain": "anita@example.com.",
		"two dots in the domain":         "anita@example..com",
		"an address literal":             "anita@[192.0.2.1]",
		"an IP address":                  "anita@192.0.2.1",
		"a numeric top-level domain":     "anita@example.123",
		"a hyphen at an end of a label":  "a@-b.com",
		"a hyphen at the other end":      "a@b-.com",
		"an underscore in the domain":    "a@b_c.com",
		"a comment":                      "anita(home)@example.com",
		"a name":                         "Anita <a@b.com>",
		"two addresses":                  "a@b.com,c@d.com",
		"two @":                          "a@b@c.com",
		"a space":                        "a b@c.com",
		"a newline":                      "a@b.com\nBcc: c@d.com",
		"a newline in quotes":            "\"a\nb\"@c.com",
		"NUL":                            "a\x00@b.com",
		"a C1 control":                   "a\u0085b@c.com",
		"a right-to-left override":       "a\u202eb@c.com",
		"a no-break space":               "a\u00a0b@c.com",
		"a line separator":               "a\u2028@c.com",
		"an unassigned character":        "a\U000E0FFF@c.com",
		"invalid UTF-8":                  "a\xff@b.com",
		"an open quote":                  `"a@b.com`,
		"a quote in the middle":          `a"b@c.com`,
		"empty quotes":                   `""@b.com`,
		"an open escape":                 `"a\"@b.com`,
		"a local part of 65 bytes":       strings.Repeat("a", 65) + "@b.com",
		"a local part of 66 bytes":       strings.Repeat("é", 33) + "@b.com",
		"a label of 64 bytes":            "a@" + strings.Repeat("a", 64) + ".com",
		"a domain of 256 bytes":          "a@" + strings.Repeat(label+".", 4) + "com",
		"a mailbox of 255 bytes":         "ab@" + label + "." + label + "." + label + "." + strings.Repeat("a", 60),
		"a broken punycode label":        "a@xn--\u00fc.de",
		"a label that is no punycode":    "a@xn--zzzzzz99999.de",
		"a huge text":                    strings.Repeat("a", 1<<20) + "@b.com",
		"a domain of mixed directions":   "a@אa1.com",
	} {
		if a, ok := (Addresses{}).Read(typed); ok {
			t.Errorf("%s: %+q", name, a)
		}
	}
}

func TestAddressThatNeedsSMTPUTF8(t *testing.T) {
	for typed, want := range map[string]bool{"a@b.de": false, "a@müller.de": false, "ä@b.de": true, `"ä b"@c.de`: true} {
		if a, ok := (Addresses{}).Read(typed); !ok || a.IsInternational() != want {
			t.Errorf("%q: %v, %v", typed, a.IsInternational(), ok)
		}
	}
}

func FuzzReadAddress(f *testing.F) {
	for _, s := range []string{
		"a@b.de", `"a b"@c.de`, "ä@müller.de", "a@xn--mller-kva.de", "\"\\\"\"@x.y", "＠@ｅ.ｃ", "a@例え。jp",
		"\u00ad@a.b", "ſ@a.b", "a@ß.b", "\"\u0345\"@a.b",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		a, ok := Addresses{}.Read(typed)
		if !ok {
			return
		}
		if strings.ContainsAny(a.Mailbox, "\r\n\x00<>") && !strings.HasPrefix(a.Mailbox, `"`) || !utf8.ValidString(a.Mailbox) {
			t.Errorf("%+q can be taken for something else in a command: %+q", typed, a.Mailbox)
		}
		for _, again := range []string{a.Text, a.Mailbox} {
			if b, ok := (Addresses{}).Read(again); !ok || b.Key != a.Key || b.Mailbox != a.Mailbox {
				t.Errorf("%+q is read as %+q, %+q is read as %+q, %v", typed, a, again, b, ok)
			}
		}
	})
}
