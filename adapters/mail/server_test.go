package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"net/textproto"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// postOffice is a real SMTP server that keeps what it accepts. What it should do otherwise is set before it opens.
type postOffice struct {
	recipient func(to string) error       // its answer to a recipient; nil: welcome
	content   func(text []byte) error     // its answer to a message
	sign      func(name, pw string) error // its answer to who signs in; nil: signing in is not offered
	tls       *tls.Config                 // offers STARTTLS
	implicit  bool                        // encrypts from the start, with tls

	server *smtp.Server
	host   string
	port   int

	guard    sync.Mutex // of what follows
	accepted []accepted
	opened   int // connections
	tried    int // recipients
}

type accepted struct {
	from, to string
	text     []byte
	secure   bool
}

// open lets the office work until the test ends.
func (o *postOffice) open(t *testing.T) *postOffice {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.serve(t, l)
	return o
}

func (o *postOffice) serve(t *testing.T, l net.Listener) {
	o.host, o.port = "127.0.0.1", l.Addr().(*net.TCPAddr).Port
	o.server = smtp.NewServer(o)
	o.server.Domain, o.server.AllowInsecureAuth, o.server.TLSConfig = "localhost", true, o.tls
	o.server.ErrorLog = silence{}
	l = counting{l, o}
	if o.implicit {
		l = tls.NewListener(l, o.tls)
	}
	served := make(chan struct{})
	go func() { defer close(served); _ = o.server.Serve(l) }()
	t.Cleanup(func() { _, _ = o.server.Close(), l.Close(); <-served }) // the second where it has not begun to serve
}

type silence struct{}

func (silence) Printf(string, ...any) {}
func (silence) Println(...any)        {}

// counting counts the connections that are opened.
type counting struct {
	net.Listener
	o *postOffice
}

func (c counting) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err == nil {
		c.o.guard.Lock()
		c.o.opened++
		c.o.guard.Unlock()
	}
	return conn, err
}

func (o *postOffice) got() []accepted {
	o.guard.Lock()
	defer o.guard.Unlock()
	return append([]accepted{}, o.accepted...)
}

func (o *postOffice) connections() int {
	o.guard.Lock()
	defer o.guard.Unlock()
	return o.opened
}

func (o *postOffice) attempts() int {
	o.guard.Lock()
	defer o.guard.Unlock()
	return o.tried
}

func (o *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	_, secure := c.TLSConnectionState()
	s := session{o: o, m: &accepted{secure: secure}}
	if o.sign == nil {
		return s, nil
	}
	return signed{s}, nil
}

type session struct {
	o *postOffice
	m *accepted
}

func (s session) Mail(from string, _ *smtp.MailOptions) error {
	s.m.from = from
	return nil
}

func (s session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.o.guard.Lock()
	s.o.tried++
	s.o.guard.Unlock()
	s.m.to = to
	if s.o.recipient == nil {
		return nil
	}
	return s.o.recipient(to)
}

func (s session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.o.content != nil {
		if err := s.o.content(text); err != nil {
			return err
		}
	}
	s.o.guard.Lock()
	defer s.o.guard.Unlock()
	s.o.accepted = append(s.o.accepted, accepted{s.m.from, s.m.to, text, s.m.secure})
	return nil
}

func (session) Reset()        {}
func (session) Logout() error { return nil }

// signed is a session that can be signed in to.
type signed struct{ session }

func (signed) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s signed) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, pw string) error { return s.o.sign(name, pw) }), nil
}

// certified gives a server's certificate for 127.0.0.1, and those whose certificates must be believed for it.
func certified(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, roots
}

// answer is what a server says in the place of 250.
func answer(code int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: text}
}

// telegraph is a server of which every word is written by the test: it answers each line with what line gives, and
// hangs up where that is "".
func telegraph(t *testing.T, line func(n int, said string) string) (port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); open.Wait() })
	open.Go(func() {
		for n := 1; ; n++ {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { talk(conn, func(said string) string { return line(n, said) }) })
		}
	})
	return l.Addr().(*net.TCPAddr).Port
}

// talk greets, and answers line by line until the answer is "".
func talk(conn net.Conn, line func(said string) string) {
	defer func() { _ = conn.Close() }()
	text := textproto.NewConn(conn)
	letter := false // what comes is the message, which is not answered line by line
	for said, err := "", error(nil); err == nil; said, err = text.ReadLine() {
		reply := line(said)
		if letter && said != "." && reply != "" {
			continue
		}
		letter = said == "DATA"
		if reply == silent {
			_, _ = io.Copy(io.Discard, conn) // until the other one hangs up
			return
		}
		if reply == "" || text.PrintfLine("%s", reply) != nil {
			return
		}
	}
}

// silent, as an answer, is none for ever.
const silent = "silent"

// polite answers as a server does that takes everything.
func polite(said string) string {
	switch said {
	case "":
		return "220 telegraph"
	case "DATA":
		return "354 go on"
	case "QUIT":
		return "221 bye"
	default:
		return "250 fine"
	}
}
