package mail

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	netmail "net/mail"
	"net/url"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/text"
)

// texts returns more than 200 names and titles of many scripts and lengths.
func texts() []string {
	words := []string{
		"打印机着火了", "プリンターが燃えている", "프린터에 불이 났어요", "無線網路無法連線至伺服器", "प्रिन्टर जलिरहेको छ", "क्षत्रियहरूको ज्ञान", "सर्भर बन्द भयो",
		"الطابعة تحترق", "لا يعمل البريد الإلكتروني", "המדפסת בוערת", "שלום עולם",
		"👩🏽\u200d🚒", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🇳🇵🖨️🔥", "e\u0301a\u0308o\u0302", "Ż̷a̴l̶g̵o̷",
		"Drucker brennt – Süd", "Çağrı", "Принтер горит", "Εκτυπωτής", "เครื่องพิมพ์ไฟไหม้",
		"Máy in đang cháy", "ප්\u200dරින්ටරය", "ပရင်တာ", "መትከያ",
		"Printer", "=?utf-8?q?=41?=", "a=?b", "?=", "\"quoted\" \\ back", "a,b;c:d<e>f@g", "(comment)",
		"dot.ted", "x=y_z?", "_under_score_", "100%",
		strings.Repeat("W", 75), strings.Repeat("नमस्ते", 40), strings.Repeat("漢", 200), strings.Repeat("x", 300), strings.Repeat("é", 67),
	}
	all := append([]string{}, words...)
	for i, a := range words {
		for j := range 4 {
			b := words[(i*7+j*11+3)%len(words)]
			all = append(all, a+" "+b, "Re: "+b+"  "+a+" end")
		}
	}
	for n := range 90 { // every place of a fold
		all = append(all, strings.Repeat("a", n)+"ü b", strings.Repeat("b ", n)+"😀", "कम्प्युटर "+strings.Repeat("c", n))
	}
	return all
}

// checkLines checks the lines of a header field.
func checkLines(t *testing.T, field string, longest int) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(field, "\r\n"), "\r\n")
	if _, value, _ := strings.Cut(lines[0], ":"); strings.TrimSpace(value) == "" {
		t.Errorf("the first line is empty: %q", field)
	}
	for i, line := range lines {
		if len(line) > longest || strings.TrimSpace(line) == "" || i > 0 && line[0] != ' ' || strings.TrimRight(line, " ") != line {
			t.Errorf("line %d of %q", i+1, field)
		}
		for _, word := range strings.Fields(line) {
			if strings.HasPrefix(word, "=?UTF-8?") && (len(word) > maxEncodedWord || !strings.HasSuffix(word, wordEnd)) {
				t.Errorf("the encoded word %q", word)
			}
		}
		for _, c := range []byte(line) {
			if c < ' ' || c > '~' {
				t.Errorf("byte %x in %q", c, line)
			}
		}
	}
}

func TestTextFieldsDecodeToTheirText(t *testing.T) {
	n := 0
	for _, title := range texts() {
		written := "[TKT-20260301-0001] " + title
		field := textField("Subject", written)
		checkLines(t, field, maxHeaderLine)
		m, err := netmail.ReadMessage(strings.NewReader(field + "\r\n"))
		if err != nil {
			t.Fatalf("%q: %v", field, err)
		}
		if got, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil || got != text.Stored(strings.TrimSpace(written)) {
			t.Errorf("%q: read %q, %v", field, got, err)
		}
		if !strings.HasPrefix(field, "Subject: [TKT-20260301-0001]") {
			t.Errorf("the number is encoded: %q", field)
		}
		n++
	}
	if n < 200 {
		t.Errorf("only %d texts", n)
	}
}

func TestAddressFieldsDecodeToTheirName(t *testing.T) {
	for _, name := range texts() {
		a := netmail.Address{Name: text.Stored(strings.TrimSpace(name)), Address: "someone@example.org"}
		field := addressField("To", netmail.Address{Name: name, Address: a.Address})
		checkLines(t, field, maxHeaderLine)
		m, err := netmail.ReadMessage(strings.NewReader(field + "\r\n"))
		if err != nil {
			t.Fatalf("%q: %v", field, err)
		}
		if got, err := m.Header.AddressList("To"); err != nil || len(got) != 1 || *got[0] != a {
			t.Errorf("%q: read %+v, %v", field, got, err)
		}
	}
}

func TestHeaderFieldsAtTheirLimits(t *testing.T) {
	long := strings.Repeat("l", 60) + "@" + strings.Repeat(strings.Repeat("d", 60)+".", 3) + "example.org"
	for _, c := range []struct{ field, want string }{
		{textField("Subject", "Printer"), "Subject: Printer\r\n"},
		{textField("Subject", "a\r\nBcc: eve@example.org"), "Subject: =?UTF-8?Q?a__Bcc=3A_eve=40example=2Eorg?=\r\n"},
		{textField("Subject", "1\x00\u202e2\u2028u\u0308"), "Subject: 12 =?UTF-8?B?w7w=?=\r\n"}, // of an older release
		{addressField("To", netmail.Address{Name: "\u202eZoe\u202d", Address: "a@example.org"}), "To: Zoe <a@example.org>\r\n"},
		{textField("Subject", "über"), "Subject: =?UTF-8?B?w7xiZXI=?=\r\n"},
		{textField("Subject", "[T] 打印"), "Subject: [T] =?UTF-8?B?5omT5Y2w?=\r\n"},
		{addressField("To", netmail.Address{Address: "a@example.org"}), "To: <a@example.org>\r\n"},
		{addressField("To", netmail.Address{Name: "  ", Address: "a@example.org"}), "To: <a@example.org>\r\n"},
		{addressField("To", netmail.Address{Name: "Zoe Zo", Address: "a@example.org"}), "To: Zoe Zo <a@example.org>\r\n"},
		{addressField("To", netmail.Address{Name: `Zoe "Z" Inc.`, Address: "a@example.org"}), `To: "Zoe \"Z\" Inc." <a@example.org>` + "\r\n"},
		{addressField("To", netmail.Address{Name: "z", Address: `"two words"@example.org`}), `To: z <"two words"@example.org>` + "\r\n"},
		{addressField("To", netmail.Address{Address: long}), "To: <" + long + ">\r\n"},
		{addressField("To", netmail.Address{Name: "Zoë", Address: long}), "To: =?UTF-8?Q?Zo=C3=AB?=\r\n <" + long + ">\r\n"},
	} {
		if c.field != c.want {
			t.Errorf("%q, want %q", c.field, c.want)
		}
	}
}

// FuzzTextField checks that every text is read as it was written, but for control characters.
func FuzzTextField(f *testing.F) {
	for _, seed := range texts()[:40] {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		want := text.Line.Repair("x " + typed)
		field := textField("Subject", "x "+typed)
		checkLines(t, field, maxHeaderLine)
		m, err := netmail.ReadMessage(strings.NewReader(field + "\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil || got != want {
			t.Errorf("%q: read %q, want %q, %v", field, got, want, err)
		}
	})
}

func TestThreadIndexNamesTheTicket(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 123456700, time.UTC)
	raw, err := base64.StdEncoding.DecodeString(thread{"t1", at}.index())
	if err != nil || len(raw) != 22 || raw[0] != 1 {
		t.Fatalf("%x, %v", raw, err)
	}
	// 2026-03-01T12:00:00.1234567Z is 134168400001234567 intervals of 100 ns after 1601.
	if want := []byte{0x01, 0xdc, 0xa9, 0x72, 0xee}; !bytes.Equal(raw[1:6], want) {
		t.Errorf("the time is %x, want %x", raw[1:6], want)
	}
	for _, other := range []thread{{"t2", at}, {"t1", at.Add(time.Hour)}} {
		if other.index() == (thread{"t1", at}).index() {
			t.Errorf("%v has the same index", other)
		}
	}
	if (thread{"t1", at}).index() != (thread{"t1", at.In(time.FixedZone("", 3600))}).index() {
		t.Error("the index depends on the zone")
	}
}

func TestMessageIDWithoutSite(t *testing.T) {
	site, _ := url.Parse("https://[::1]:8443/x")
	for _, c := range []struct {
		site *url.URL
		want string
	}{{nil, "<l1@example.org>"}, {site, "<l1@--1>"}} {
		m := &Mailer{o: Options{Site: c.site, From: netmail.Address{Address: "desk@example.org"}}}
		if got := m.messageID(domain.ID("l1")); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

func ExampleMailer_header() {
	site, _ := url.Parse("https://desk.example.org")
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	m := &Mailer{o: Options{Site: site, Zone: time.UTC, From: netmail.Address{Name: "Desk", Address: "desk@example.org"}}}
	fmt.Print(strings.ReplaceAll(m.header(draft{
		id: "l1", thread: thread{"t1", at}, subject: "[TKT-1] प्रिन्टर", at: at,
	}, netmail.Address{Name: "सीता", Address: "sita@example.org"}), "\r", ""))
	// Output:
	// Date: Sun, 01 Mar 2026 12:00:00 +0000
	// From: Desk <desk@example.org>
	// To: =?UTF-8?B?4KS44KWA4KSk4KS+?= <sita@example.org>
	// Subject: [TKT-1] =?UTF-8?B?4KSq4KWN4KSw4KS/4KSo4KWN4KSf4KSw?=
	// Message-ID: <l1@desk.example.org>
	// In-Reply-To: <t1@desk.example.org>
	// References: <t1@desk.example.org>
	// Thread-Topic: [TKT-1] =?UTF-8?B?4KSq4KWN4KSw4KS/4KSo4KWN4KSf4KSw?=
	// Thread-Index: AQHcqXLu57RumMBfBQA4mE0iKHgDzA==
	// Auto-Submitted: auto-generated
	// X-Auto-Response-Suppress: All
	// MIME-Version: 1.0
}
