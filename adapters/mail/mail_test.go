package mail_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tickt/adapters/mail"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const password = "hush-hush-harbour"

// options returns the options of a desk with a mail server on this machine.
func options(port int) mail.Options {
	site, _ := url.Parse("https://desk.example.org:8443/help/")
	return mail.Options{
		Host: "127.0.0.1", Port: port, Encryption: mail.Unencrypted, From: netmail.Address{Name: "Ação & Söhne", Address: "desk@example.org"},
		Company: "Ação & Söhne", Site: site, Zone: time.FixedZone("+0545", 20700),
	}
}

func (o *smtpServer) mailer(t *testing.T, change func(*mail.Options)) *mail.Mailer {
	t.Helper()
	with := options(o.port)
	if change != nil {
		change(&with)
	}
	return newMailer(t, with)
}

func newMailer(t *testing.T, o mail.Options) *mail.Mailer {
	t.Helper()
	m := mail.New(o)
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// statusChangeMail returns a notification about a ticket with a title.
func statusChangeMail(id, to, title string) ports.Mail {
	return ports.Mail{
		To: to,
		Log: notification.View{
			Log: notification.Log{
				ID: domain.ID(id), TicketID: "t1", Title: "Status changed: " + title,
				Message: "TKT-20260301-0001: status changed from Open to Müde by Zoë.", CreatedAt: noon,
			},
			Recipient: "Zoë", TicketNumber: "TKT-20260301-0001",
		},
		Ticket: ticket.View{
			Ticket: ticket.Ticket{ID: "t1", Number: "TKT-20260301-0001", Title: title, DueDate: noon},
			Names:  ticket.Names{StatusName: "Müde", PriorityName: "High", CreatedByName: "Zoë", CreatedForName: "Ana", AssignedToName: "Bob"},
		},
	}
}

// parsed is a parsed mail.
type parsed struct {
	header netmail.Header
	text   string
	html   string
}

func parse(t *testing.T, raw []byte) parsed {
	t.Helper()
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("the content type is %s, %v", kind, err)
	}
	p := parsed{header: msg.Header}
	var kinds []string
	for parts := multipart.NewReader(msg.Body, params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := part.Header.Get("Content-Transfer-Encoding"); got != "quoted-printable" {
			t.Errorf("a part is encoded as %s", got)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, part.Header.Get("Content-Type"))
		if len(kinds) == 1 {
			p.text = string(body)
		} else {
			p.html = string(body)
		}
	}
	if got := strings.Join(kinds, " | "); got != "text/plain; charset=UTF-8 | text/html; charset=UTF-8" {
		t.Errorf("the parts are %s", got)
	}
	return p
}

func (p parsed) decoded(t *testing.T, name string) string {
	t.Helper()
	text, err := new(mime.WordDecoder).DecodeHeader(p.header.Get(name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestMailHasHeadersAndBothBodies(t *testing.T) {
	o := (&smtpServer{}).start(t)
	check(t, o.mailer(t, nil).Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Drucker brennt – Süd")))
	got := o.got()
	if len(got) != 1 || got[0].from != "desk@example.org" || got[0].to != "zoe@example.org" {
		t.Fatalf("accepted %+v", got)
	}
	p := parse(t, got[0].text)
	for name, want := range map[string]string{
		"Subject":                  "[TKT-20260301-0001] Drucker brennt – Süd",
		"Date":                     "Sun, 01 Mar 2026 17:45:00 +0545",
		"Message-Id":               "<l1@desk.example.org>",
		"In-Reply-To":              "<t1@desk.example.org>",
		"References":               "<t1@desk.example.org>",
		"Auto-Submitted":           "auto-generated",
		"X-Auto-Response-Suppress": "All",
		"Mime-Version":             "1.0",
	} {
		if got := p.decoded(t, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]netmail.Address{
		"From": {Name: "Ação & Söhne", Address: "desk@example.org"}, "To": {Name: "Zoë", Address: "zoe@example.org"},
	} {
		if list, err := p.header.AddressList(name); err != nil || len(list) != 1 || *list[0] != want {
			t.Errorf("%s: %v, %v", name, list, err)
		}
	}
	for _, want := range []string{
		"TKT-20260301-0001", "Status changed from Open to Müde by Zoë.", "Drucker brennt – Süd", "Müde", "High", "Ana", "Bob",
		"https://desk.example.org:8443/help/tickets/t1", "Sunday, 1 March 2026, 17:45 UTC+05:45",
	} {
		for kind, body := range map[string]string{"text": p.text, "HTML": p.html} {
			if !strings.Contains(strings.ReplaceAll(body, "&#43;", "+"), want) {
				t.Errorf("the %s lacks %q:\n%s", kind, want, body)
			}
		}
	}
	if !strings.Contains(p.text, "Ação & Söhne") || !strings.Contains(p.html, "Ação &amp; Söhne") {
		t.Errorf("the company is missing:\n%s\n%s", p.text, p.html)
	}
}

func TestSendingALogAgainSendsTheSameMail(t *testing.T) {
	o := (&smtpServer{}).start(t)
	m := o.mailer(t, nil)
	for range 2 {
		check(t, m.Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer")))
	}
	first, second := parse(t, o.got()[0].text), parse(t, o.got()[1].text)
	for _, name := range []string{"Message-Id", "Date", "Subject"} {
		if first.header.Get(name) != second.header.Get(name) {
			t.Errorf("%s: %q and %q", name, first.header.Get(name), second.header.Get(name))
		}
	}
	if first.text != second.text || first.html != second.html {
		t.Error("the bodies differ")
	}
}

func TestUserTextIsEscaped(t *testing.T) {
	o := (&smtpServer{}).start(t)
	evil := `<script>alert(1)</script><img src=x onerror=alert(1)>" onmouseover="alert(1)` +
		"\r\nBcc: eve@example.org\r\n\r\n=?utf-8?q?=0ABcc:_eve?="
	x := statusChangeMail("l1", "zoe@example.org", evil)
	x.Log.Message, x.Log.Recipient, x.Ticket.StatusName, x.Ticket.AssignedToName = evil, "Zoe\r\nBcc: eve@example.org", evil, evil
	check(t, o.mailer(t, func(with *mail.Options) {
		with.From.Name, with.Company = "Desk\r\nBcc: eve@example.org", evil
	}).Send(t.Context(), x))
	p := parse(t, o.got()[0].text)
	for name := range p.header {
		if name == "Bcc" || name == "Cc" {
			t.Errorf("a header %s was injected", name)
		}
	}
	if got := p.header.Get("Subject"); strings.ContainsAny(p.decoded(t, "Subject"), "\x00") || strings.Contains(got, "=?utf-8?q?=0ABcc") {
		t.Errorf("the subject is %q", got)
	}
	for _, tag := range []string{"<script", "<img", `onmouseover="`} {
		if strings.Contains(p.html, tag) {
			t.Errorf("the HTML holds %s:\n%s", tag, p.html)
		}
	}
	if !strings.Contains(p.html, "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&#34; onmouseover=&#34;alert(1)") {
		t.Errorf("the HTML lacks the escaped text:\n%s", p.html)
	}
}

func TestMailWithoutAssigneeAndDueDate(t *testing.T) {
	o := (&smtpServer{}).start(t)
	x := statusChangeMail("l1", "zoe@example.org", "Printer")
	x.Ticket.AssignedToName, x.Ticket.CreatedForName, x.Ticket.DueDate = "", "", time.Time{}
	check(t, o.mailer(t, nil).Send(t.Context(), x))
	p := parse(t, o.got()[0].text)
	if !strings.Contains(p.text, "Assignee:   none\r\n\r\nhttps://") || !strings.Contains(p.text, "Requester:  Zoë") ||
		strings.Contains(p.html, ">Due<") {
		t.Errorf("%s\n%s", p.text, p.html)
	}
}

func TestPermanentRefusalsAreToldFromTemporaryOnes(t *testing.T) {
	for name, c := range map[string]struct {
		recipient, content int
		refused            bool
	}{
		"no such mailbox":           {550, 0, true},
		"mailbox moved":             {551, 0, true},
		"mailbox full, permanently": {552, 0, true},
		"invalid mailbox name":      {553, 0, true},
		"domain accepts no mail":    {556, 0, true},
		"mailbox busy":              {450, 0, false},
		"error in processing":       {451, 0, false},
		"mailbox full, for now":     {452, 0, false},
		"authentication required":   {530, 0, false},
		"wrong password":            {535, 0, false},
		"command not implemented":   {502, 0, false},
		"message too large":         {0, 552, true},
		"message looks like spam":   {0, 554, true},
		"message refused":           {0, 550, true},
		"greylisted":                {0, 451, false},
	} {
		t.Run(name, func(t *testing.T) {
			o := &smtpServer{}
			if c.recipient != 0 {
				o.recipient = func(string) error { return smtpError(c.recipient, "no "+password) }
			}
			if c.content != 0 {
				o.content = func([]byte) error { return smtpError(c.content, "no "+password) }
			}
			m := o.start(t).mailer(t, func(with *mail.Options) { with.Password = password })
			err := m.Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer"))
			var refused *ports.MailRefused
			if err == nil || errors.As(err, &refused) != c.refused {
				t.Errorf("permanent: %v, want %v: %v", refused != nil, c.refused, err)
			}
			if err == nil || !strings.Contains(err.Error(), "no [secret]") || strings.Contains(err.Error(), password) {
				t.Errorf("the error is %v", err)
			}
			if n := o.attempts(); n != 1 {
				t.Errorf("%d attempts", n)
			}
		})
	}
}

func TestConnectionIsReusedAfterARefusal(t *testing.T) {
	o := &smtpServer{recipient: func(to string) error {
		if to == "nobody@example.org" {
			return smtpError(550, "no such user")
		}
		return nil
	}}
	m := o.start(t).mailer(t, nil)
	for range 3 {
		if err := m.Send(t.Context(), statusChangeMail("l1", "nobody@example.org", "Printer")); err == nil {
			t.Error("an unknown recipient was accepted")
		}
		check(t, m.Send(t.Context(), statusChangeMail("l2", "zoe@example.org", "Printer")))
	}
	if n := o.connections(); n != 1 || len(o.got()) != 3 {
		t.Errorf("%d connections, %d accepted", n, len(o.got()))
	}
}

func TestInvalidAddressIsRefusedPermanently(t *testing.T) {
	o := (&smtpServer{}).start(t)
	m := o.mailer(t, nil)
	for _, to := range []string{
		"", "zoe", "zoe@example.org\r\nRCPT TO:<eve@example.org>", "Zoe <zoe@example.org>", "zoe@example.org, eve@example.org",
	} {
		var refused *ports.MailRefused
		if err := m.Send(t.Context(), statusChangeMail("l1", to, "Printer")); !errors.As(err, &refused) {
			t.Errorf("%q: %v", to, err)
		}
	}
	if n := o.connections(); n != 0 {
		t.Errorf("%d connections", n)
	}
}

func TestTemporaryFailureSucceedsLater(t *testing.T) {
	var once sync.Once
	o := (&smtpServer{content: func([]byte) (err error) {
		once.Do(func() { err = smtpError(451, "greylisted") })
		return err
	}}).start(t)
	m := o.mailer(t, nil)
	err := m.Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer"))
	if err == nil || !strings.Contains(err.Error(), "greylisted") {
		t.Errorf("the first attempt: %v", err)
	}
	check(t, m.Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer")))
	if got := o.got(); len(got) != 1 {
		t.Errorf("accepted %d", len(got))
	}
}

func TestMailsShareAFewConnections(t *testing.T) {
	o := (&smtpServer{}).start(t)
	m := o.mailer(t, func(with *mail.Options) { with.Connections = 3 })
	var all sync.WaitGroup
	for range 60 {
		all.Go(func() {
			if err := m.Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := o.connections(); n > 3 || len(o.got()) != 60 {
		t.Errorf("%d connections for %d mails", n, len(o.got()))
	}
	for range 245 {
		check(t, m.Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer")))
	}
	if n := o.connections(); n < 4 || n > 8 {
		t.Errorf("%d connections for 305 mails", n)
	}
}

func TestSendEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	port := scriptedServer(t, func(_ int, line string) string {
		if strings.HasPrefix(line, "RCPT") {
			cancel()
			return hang
		}
		return acceptAll(line)
	})
	if err := newMailer(t, options(port)).Send(ctx, statusChangeMail("l1", "zoe@example.org", "Printer")); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// The server stops replying at every point of the conversation.
func TestSendTimesOutIfTheServerHangs(t *testing.T) {
	for _, at := range []string{"", "EHLO", "MAIL", "RCPT", "DATA", "."} {
		t.Run("at "+at, func(t *testing.T) {
			port := scriptedServer(t, func(_ int, line string) string {
				if line == at || at != "" && strings.HasPrefix(line, at) {
					return hang
				}
				return acceptAll(line)
			})
			for name, limits := range map[string]mail.Timeouts{
				"connect": {Connect: 50 * time.Millisecond, Command: 50 * time.Millisecond},
				"message": {Message: 50 * time.Millisecond},
			} {
				o := options(port)
				o.Timeouts = limits
				var refused *ports.MailRefused
				err := newMailer(t, o).Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer"))
				if err == nil || errors.As(err, &refused) {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
}

func TestSendDoesNotRetryAfterTheContentBegan(t *testing.T) {
	for name, last := range map[string]string{"within the message": "Subject", "after it": "."} {
		t.Run(name, func(t *testing.T) {
			var tries atomic.Int64
			port := scriptedServer(t, func(n int, line string) string {
				tries.Store(int64(n))
				if strings.HasPrefix(line, last) {
					return ""
				}
				return acceptAll(line)
			})
			var refused *ports.MailRefused
			err := newMailer(t, options(port)).Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer"))
			if err == nil || errors.As(err, &refused) || !strings.Contains(err.Error(), "lost") || tries.Load() != 1 {
				t.Errorf("after %d connections: %v", tries.Load(), err)
			}
		})
	}
}

// The server closes a connection, with or without a reply, at its second message.
func TestBrokenIdleConnectionIsReplaced(t *testing.T) {
	for name, farewell := range map[string]string{"closed": "", "closed with a reply": "421 too long here"} {
		t.Run(name, func(t *testing.T) {
			var connections, mails atomic.Int64
			port := scriptedServer(t, func(n int, line string) string {
				connections.Store(int64(n))
				if strings.HasPrefix(line, "MAIL") && mails.Add(1) == 2 {
					return farewell
				}
				return acceptAll(line)
			})
			m := newMailer(t, options(port))
			for range 3 {
				check(t, m.Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer")))
			}
			if connections.Load() != 2 || mails.Load() != 4 {
				t.Errorf("%d connections, %d mails begun", connections.Load(), mails.Load())
			}
		})
	}
}

func TestIdleConnectionIsClosed(t *testing.T) {
	left := make(chan string, 1)
	port := scriptedServer(t, func(_ int, line string) string {
		if line == "QUIT" {
			left <- line
		}
		return acceptAll(line)
	})
	o := options(port)
	o.Timeouts.Idle = time.Millisecond
	check(t, newMailer(t, o).Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer")))
	select {
	case <-left:
	case <-t.Context().Done():
		t.Error("the connection stays open")
	}
}

func TestClosedMailerKeepsNoConnection(t *testing.T) {
	left := make(chan string, 2)
	port := scriptedServer(t, func(_ int, line string) string {
		if line == "QUIT" {
			left <- line
		}
		return acceptAll(line)
	})
	m := newMailer(t, options(port))
	check(t, m.Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer")))
	check(t, m.Close())
	<-left
	check(t, m.Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer")))
	<-left
}

func TestErrorNamesAnUnreachableServer(t *testing.T) {
	const port = 1 // never assigned as an ephemeral port
	err := newMailer(t, options(port)).Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer"))
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("mail server 127.0.0.1:%d: connect: ", port)) ||
		!strings.Contains(err.Error(), "refused") {
		t.Error(err)
	}
}

func TestTrySendsATestMail(t *testing.T) {
	o := (&smtpServer{}).start(t)
	check(t, o.mailer(t, nil).Try(t.Context(), "x1", "zoe@example.org", noon))
	p := parse(t, o.got()[0].text)
	if p.decoded(t, "Subject") != "[Ação & Söhne] Test of the mail settings" || p.header.Get("Message-Id") != "<x1@desk.example.org>" ||
		p.header.Get("In-Reply-To")+p.header.Get("References")+p.header.Get("Thread-Index") != "" ||
		!strings.Contains(p.text, "does not exist") || !strings.Contains(p.html, "https://desk.example.org:8443/help/") {
		t.Errorf("%v\n%s", p.header, p.text)
	}
}

func TestMailsWithoutSiteHaveNoLink(t *testing.T) {
	o := (&smtpServer{}).start(t)
	m := o.mailer(t, func(with *mail.Options) { with.Site = nil })
	check(t, m.Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer")))
	check(t, m.Try(t.Context(), "x1", "zoe@example.org", noon))
	for _, kind := range []account.MailKind{account.PasswordForgotten, account.EmailConfirmation, account.PasswordChanged} {
		for _, language := range []string{"en", "ne"} {
			check(t, m.SendAccountMail(t.Context(), accountMail(kind, language)))
		}
	}
	for _, got := range o.got() {
		p := parse(t, got.text)
		for _, body := range []string{p.text, p.html} {
			for _, no := range []string{"localhost", "http:", "https:", "href", "<nil>", "/tickets/", "#token", "{"} {
				if strings.Contains(body, no) {
					t.Errorf("%s is in\n%s", no, body)
				}
			}
		}
		if id := p.header.Get("Message-Id"); !strings.HasSuffix(id, "@example.org>") {
			t.Errorf("the id is %s", id)
		}
	}
	for _, got := range o.got()[2:6] {
		p := parse(t, got.text)
		if !strings.Contains(p.text, ": abc-_1") || !strings.Contains(p.html, ": abc-_1") {
			t.Errorf("the token is missing:\n%s", p.text)
		}
	}
}

func TestEventIsTheFirstLineOfBothBodies(t *testing.T) {
	o := (&smtpServer{}).start(t)
	check(t, o.mailer(t, nil).Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer")))
	p := parse(t, o.got()[0].text)
	const event = "Status changed from Open to Müde by Zoë."
	if !strings.HasPrefix(p.text, event+"\r\n\r\n") {
		t.Errorf("the text begins otherwise:\n%s", p.text)
	}
	_, body, _ := strings.Cut(p.html, "<body")
	if first := strings.TrimSpace(regexp.MustCompile(`<[^>]*>`).ReplaceAllString("<"+body, "")); !strings.HasPrefix(first, event) {
		t.Errorf("the HTML begins otherwise:\n%s", first)
	}
}

// TestMailsOfATicketAreOneThread sends two mails of a ticket, about different events, and one of another ticket.
func TestMailsOfATicketAreOneThread(t *testing.T) {
	o := (&smtpServer{}).start(t)
	m := o.mailer(t, nil)
	first, second, other := statusChangeMail("l1", "zoe@example.org", "Drucker"), statusChangeMail("l2", "ana@example.org", "Drucker"),
		statusChangeMail("l3", "zoe@example.org", "Drucker")
	second.Log.Title, second.Log.Message = "New comment: Drucker", "TKT-20260301-0001: comment added by Ana."
	second.Log.CreatedAt = noon.Add(time.Hour)
	other.Log.TicketID, other.Ticket.ID, other.Ticket.Number = "t2", "t2", "TKT-20260301-0002"
	for _, x := range []ports.Mail{first, second, other} {
		check(t, m.Send(t.Context(), x))
	}
	got := o.got()
	a, b, c := parse(t, got[0].text), parse(t, got[1].text), parse(t, got[2].text)
	for _, name := range []string{"Subject", "Thread-Topic", "Thread-Index", "References", "In-Reply-To"} {
		if a.header.Get(name) == "" || a.header.Get(name) != b.header.Get(name) || a.header.Get(name) == c.header.Get(name) {
			t.Errorf("%s: %q, %q and %q", name, a.header.Get(name), b.header.Get(name), c.header.Get(name))
		}
	}
	if a.header.Get("Message-Id") == b.header.Get("Message-Id") {
		t.Error("two mails have one id")
	}
}

func TestCommentIsShownUpToALimit(t *testing.T) {
	o := (&smtpServer{}).start(t)
	m := o.mailer(t, nil)
	family := "👨‍👩‍👧"
	for name, c := range map[string]struct {
		comment, want string
		shortened     bool
	}{
		"none":          {"", "", false},
		"several lines": {"First <b>line</b>\n\n  second & last", "First <b>line</b>\r\n\r\n  second & last", false},
		"the longest":   {strings.Repeat("न", 5000), strings.Repeat("न", 5000), false},
		"too long":      {strings.Repeat("क", 6000), strings.Repeat("क", 5000), true},
		"a mark at the limit": {
			strings.Repeat("a", 4999) + "e\u0301\u0302 and more", strings.Repeat("a", 4999), true,
		},
		"an emoji at the limit": {strings.Repeat("a", 4997) + family + "and more", strings.Repeat("a", 4997), true},
	} {
		t.Run(name, func(t *testing.T) {
			x := statusChangeMail("l1", "zoe@example.org", "Printer")
			x.Comment = c.comment
			before := len(o.got())
			check(t, m.Send(t.Context(), x))
			p := parse(t, o.got()[before].text)
			rest, _ := strings.CutPrefix(p.text, "Status changed from Open to Müde by Zoë.\r\n\r\n")
			shown, _, _ := strings.Cut(rest, "\r\n\r\nTicket:")
			if c.want == "" {
				shown = ""
			}
			shown, note := strings.CutSuffix(shown, "\r\n\r\nThe comment is longer than this mail shows.")
			if shown != c.want || note != c.shortened {
				t.Errorf("shows %d characters, shortened: %v", len([]rune(shown)), note)
			}
			marked := html.EscapeString(strings.ReplaceAll(c.want, "\r\n", "\n"))
			if !strings.Contains(strings.ReplaceAll(p.html, "\r\n", "\n"), marked) {
				t.Errorf("the HTML lacks the text:\n%s", p.html)
			}
		})
	}
}

// TestOnlyRefusedAddressesCount tells which permanent replies say that the address of the recipient is the reason.
func TestOnlyRefusedAddressesCount(t *testing.T) {
	for name, c := range map[string]struct {
		at, reply        string
		refused, address bool
	}{
		"no such mailbox":                  {"RCPT", "550 5.1.1 no such user", true, true},
		"no such system":                   {"RCPT", "550 5.1.2 no such host", true, true},
		"the address has no mail exchange": {"RCPT", "556 5.1.10 null MX", true, true},
		"moved":                            {"RCPT", "551 5.1.6 moved", true, true},
		"disabled":                         {"RCPT", "550 5.2.1 disabled", true, true},
		"in several lines":                 {"RCPT", "550-5.1.1 no such user\r\n550 5.1.1 really", true, true},
		"the sender's address is bad":      {"RCPT", "550 5.1.8 sender's domain", true, false},
		"the sender's address is wrong":    {"RCPT", "550 5.1.7 sender", true, false},
		"a policy":                         {"RCPT", "550 5.7.1 blocked", true, false},
		"full":                             {"RCPT", "552 5.2.2 full", true, false},
		"no enhanced code":                 {"RCPT", "550 no such user", true, false},
		"a word that begins like one":      {"RCPT", "550 5.1.x no such user", true, false},
		"not now":                          {"RCPT", "450 4.1.1 try later", false, false},
		"not now, contradictory":           {"RCPT", "450 5.1.1 try later", false, false},
		"the sender is refused":            {"MAIL", "550 5.1.1 who are you", false, false},
		"the content is refused":           {".", "550 5.1.1 no such user", true, false},
		"the content is too large":         {".", "552 5.3.4 too large", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			port := scriptedServer(t, func(_ int, line string) string {
				if line == c.at || c.at != "." && strings.HasPrefix(line, c.at) {
					return c.reply
				}
				return acceptAll(line)
			})
			err := newMailer(t, options(port)).Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer"))
			var refused *ports.MailRefused
			if err == nil || errors.As(err, &refused) != c.refused || refused != nil && refused.Address != c.address {
				t.Errorf("%v, %+v", err, refused)
			}
		})
	}
}
