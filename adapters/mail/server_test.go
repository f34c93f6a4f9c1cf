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

// smtpServer is an SMTP server that keeps what it accepts. Set its fields before it starts.
type smtpServer struct {
	recipient func(to string) error       // the reply to a recipient; nil: accept
	content   func(text []byte) error     // the reply to a message; nil: accept
	auth      func(name, pw string) error // the reply to AUTH; nil: AUTH is not offered
	tls       *tls.Config                 // offers STARTTLS
	implicit  bool                        // TLS from the first byte, with tls
	utf8      bool                        // offers SMTPUTF8

	server *smtp.Server
	host   string
	port   int

	mu       sync.Mutex // of what follows
	accepted []accepted
	opened   int // connections
	tried    int // recipients
}

type accepted struct {
	from, to string
	text     []byte
	secure   bool
	utf8     bool // sent with SMTPUTF8
}

// start starts the server, until the test ends.
func (o *smtpServer) start(t *testing.T) *smtpServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.serve(t, l)
	return o
}

func (o *smtpServer) serve(t *testing.T, l net.Listener) {
	o.host, o.port = "127.0.0.1", l.Addr().(*net.TCPAddr).Port
	o.server = smtp.NewServer(o)
	o.server.Domain, o.server.AllowInsecureAuth, o.server.TLSConfig = "localhost", true, o.tls
	o.server.ErrorLog, o.server.EnableSMTPUTF8 = discardLog{}, o.utf8
	l = counting{l, o}
	if o.implicit {
		l = tls.NewListener(l, o.tls)
	}
	served := make(chan struct{})
	go func() { defer close(served); _ = o.server.Serve(l) }()
	t.Cleanup(func() { _, _ = o.server.Close(), l.Close(); <-served }) // l too, in case the server does not serve yet
}

type discardLog struct{}

func (discardLog) Printf(string, ...any) {}
func (discardLog) Println(...any)        {}

// counting counts the connections that are opened.
type counting struct {
	net.Listener
	o *smtpServer
}

func (c counting) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err == nil {
		c.o.mu.Lock()
		c.o.opened++
		c.o.mu.Unlock()
	}
	return conn, err
}

func (o *smtpServer) got() []accepted {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]accepted{}, o.accepted...)
}

func (o *smtpServer) connections() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.opened
}

func (o *smtpServer) attempts() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.tried
}

func (o *smtpServer) NewSession(c *smtp.Conn) (smtp.Session, error) {
	_, secure := c.TLSConnectionState()
	s := session{o: o, m: &accepted{secure: secure}}
	if o.auth == nil {
		return s, nil
	}
	return authSession{s}, nil
}

type session struct {
	o *smtpServer
	m *accepted
}

func (s session) Mail(from string, o *smtp.MailOptions) error {
	s.m.from, s.m.utf8 = from, o.UTF8
	return nil
}

func (s session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.o.mu.Lock()
	s.o.tried++
	s.o.mu.Unlock()
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
	s.o.mu.Lock()
	defer s.o.mu.Unlock()
	s.o.accepted = append(s.o.accepted, accepted{s.m.from, s.m.to, text, s.m.secure, s.m.utf8})
	return nil
}

func (session) Reset()        {}
func (session) Logout() error { return nil }

// authSession is a session that offers AUTH PLAIN.
type authSession struct{ session }

func (authSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s authSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, pw string) error { return s.o.auth(name, pw) }), nil
}

// testCertificate returns a certificate for 127.0.0.1 and a pool that trusts it.
func testCertificate(t *testing.T) (*tls.Config, *x509.CertPool) {
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

// smtpError returns an error that the server replies with.
func smtpError(code int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: text}
}

// scriptedServer starts a server whose replies the test writes: reply gets the number of the connection, from 1, and each line
// of the client ("" at first) and returns the reply. "" closes the connection; hang leaves the client without a reply.
func scriptedServer(t *testing.T, reply func(n int, line string) string) (port int) {
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
			open.Go(func() { converse(conn, func(line string) string { return reply(n, line) }) })
		}
	})
	return l.Addr().(*net.TCPAddr).Port
}

// converse greets and replies line by line until the reply is "".
func converse(conn net.Conn, replyTo func(line string) string) {
	defer func() { _ = conn.Close() }()
	text := textproto.NewConn(conn)
	inContent := false // lines of the message get no reply
	for line, err := "", error(nil); err == nil; line, err = text.ReadLine() {
		reply := replyTo(line)
		if inContent && line != "." && reply != "" {
			continue
		}
		inContent = line == "DATA"
		if reply == hang {
			_, _ = io.Copy(io.Discard, conn) // until the client hangs up
			return
		}
		if reply == "" || text.PrintfLine("%s", reply) != nil {
			return
		}
	}
}

// hang is the reply that never comes.
const hang = "silent"

// acceptAll returns the replies of a server that accepts everything.
func acceptAll(line string) string {
	switch line {
	case "":
		return "220 scripted"
	case "DATA":
		return "354 go on"
	case "QUIT":
		return "221 bye"
	default:
		return "250 fine"
	}
}
