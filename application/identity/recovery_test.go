package identity_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tickt/application"
	"tickt/application/identity"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
	"tickt/test/desk"
	"tickt/test/stores"
)

const (
	newPassword = "seven brown otters"
	linkGone    = "This link does not work, or no longer. Please ask for a new one."
	mailIsOff   = "Mail is off: the service has no mail server. Ask an administrator."
)

// mailDesk is a desk with a mailbox.
type mailDesk struct {
	*desk.Desk
	box *desk.Mailbox
}

func newMailDesk(t *testing.T, with ...func(*application.Deps)) *mailDesk {
	t.Helper()
	box := &desk.Mailbox{}
	with = append([]func(*application.Deps){func(d *application.Deps) { d.Mailer = box }}, with...)
	return &mailDesk{desk.New(t, with...), box}
}

func byName(name string) identity.Forgotten { return identity.Forgotten{Username: domain.Some(name)} }

func byEmail(address string) identity.Forgotten {
	return identity.Forgotten{Email: domain.Some(address)}
}

func (d *mailDesk) forgot(f identity.Forgotten) error {
	return d.Recovery.Forgot(d.T.Context(), f, desk.Home.Address)
}

// deliver does the jobs of account mails that wait, and returns the mails that were sent by them.
func (d *mailDesk) deliver() []ports.AccountMail {
	d.T.Helper()
	before := len(d.box.Account)
	stores.Work(d.T, d.Store, func(ctx context.Context, job ports.Job) error {
		if job.Kind != ports.AccountMailJob {
			return nil
		}
		return d.AccountMails.Deliver(ctx, job.ID)
	})
	return d.box.Account[before:]
}

// link returns the token of a link that a member asks for.
func (d *mailDesk) link(name string) string {
	d.T.Helper()
	desk.Check(d.T, d.forgot(byName(name)))
	sent := d.deliver()
	if len(sent) != 1 || sent[0].Kind != account.PasswordForgotten || sent[0].Token == "" {
		d.T.Fatalf("sent %+v", sent)
	}
	return sent[0].Token
}

// administer changes the account of the agent as an administrator.
func (d *mailDesk) administer(c account.Patch) {
	d.T.Helper()
	desk.Must(d.Accounts.Update(d.T.Context(), d.Actor(desk.Root), d.ID(desk.Agent), c, nil))(d.T)
}

// toggle deactivates or activates a member as an administrator.
func (d *mailDesk) toggle(name string) {
	d.T.Helper()
	desk.Must(d.Accounts.Toggle(d.T.Context(), d.Actor(desk.Root), d.ID(name), identity.HandOver{}, nil))(d.T)
}

func (d *mailDesk) reset(token, password string) error {
	return d.Recovery.Reset(d.T.Context(), token, domain.Some(password), nil, desk.Home.Address)
}

// mails returns the number of stored mails.
func (d *mailDesk) mails() int {
	d.T.Helper()
	n := 0
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		removed, err := tx.AccountMails.Purge(ctx, d.Now().Add(1000*time.Hour), 1000)
		n = removed
		return err
	})
	return n
}

func TestForgottenPasswordIsResetByMail(t *testing.T) {
	for name, f := range map[string]identity.Forgotten{
		"by name": byName(" AGENT "), "by address": byEmail("Agent@Desk.Test"),
		"by name, with a blank address": {Username: domain.Some(desk.Agent), Email: domain.Some(" ")},
	} {
		t.Run(name, func(t *testing.T) {
			d := newMailDesk(t)
			session, other := d.Actor(desk.Agent), d.Actor(desk.Agent2)
			desk.Check(t, d.forgot(f))
			sent := d.deliver()
			want := []ports.AccountMail{{
				Kind: account.PasswordForgotten, To: "agent@desk.test", Username: desk.Agent, Language: "en",
				Until: d.Now().Add(30 * time.Minute), At: d.Now(),
			}}
			if len(sent) != 1 {
				t.Fatalf("sent %+v", sent)
			}
			want[0].ID, want[0].Token = sent[0].ID, sent[0].Token
			if sent[0].ID == "" || sent[0].Token == "" || !reflect.DeepEqual(sent, want) {
				t.Errorf("sent %+v\nwant %+v", sent, want)
			}
			d.Wait(29 * time.Minute)
			desk.Check(t, d.reset(" "+sent[0].Token+" ", newPassword))
			if isAlive(d.Desk, session.Session) || !isAlive(d.Desk, other.Session) {
				t.Error("the session goes on, or that of another account ended")
			}
			_, err := d.Sessions.Login(t.Context(), desk.Agent, desk.Password, desk.Home)
			desk.Says(t, err, domain.Unauthenticated, unknownUser)
			desk.Must(d.Sessions.Login(t.Context(), desk.Agent, newPassword, desk.Home))(t)
			if told := d.deliver(); len(told) != 1 || told[0].Kind != account.PasswordChanged || told[0].To != "agent@desk.test" ||
				told[0].Token != "" {
				t.Errorf("told %+v", told)
			}
		})
	}
}

// Whatever is typed, the request makes the same calls; only the job looks for an account.
func TestForgotDoesTheSameForEveryName(t *testing.T) {
	for name, c := range map[string]struct {
		forgotten identity.Forgotten
		sent      int
	}{
		"a member":                        {byName(desk.Agent), 1},
		"its address":                     {byEmail("agent@desk.test"), 1},
		"an unknown name":                 {byName("stranger"), 0},
		"an unknown address":              {byEmail("stranger@desk.test"), 0},
		"a deactivated account":           {byName(desk.Leaver), 0},
		"an account without a mailbox":    {byName("imported"), 0},
		"an account without an address":   {byName("mute"), 0},
		"a name that no account can have": {byName("no spaces"), 0},
		"an address that is none":         {byEmail("agent"), 0},
		"a name with NUL":                 {byName("agent\x00"), 0},
		"a name that is no UTF-8":         {byName("\xff\xfe"), 0},
		"a huge name":                     {byName(strings.Repeat("a", 1<<16)), 0},
		"a name in another script":        {byName("सीता"), 0},
	} {
		t.Run(name, func(t *testing.T) {
			var calls []string
			d := newMailDesk(t)
			for _, a := range []struct{ name, email string }{{"imported", "1@import.invalid"}, {"mute", ""}} {
				d.AddAccount(a.name, func(x *account.Account) { x.Email, x.EmailKey = a.email, a.email })
			}
			app := d.With(desk.Tap(func(tx *ports.Tx) {
				calls = append(calls, "transaction")
				*tx = ports.Tx{
					Throttle:     notedThrottle{tx.Throttle, &calls},
					AccountMails: notedMails{tx.AccountMails, &calls},
					Jobs:         notedJobs{tx.Jobs, &calls},
				}
			}))
			desk.Check(t, app.Recovery.Forgot(t.Context(), c.forgotten, desk.Home.Address)) // panics if it calls another port
			want := []string{"transaction", "Hit 2", "transaction", "Add mail", "Add jobs account_mail"}
			if !slices.Equal(calls, want) {
				t.Errorf("called %q, want %q", calls, want)
			}
			if sent := d.deliver(); len(sent) != c.sent {
				t.Errorf("sent %+v", sent)
			}
			for n := range 4 {
				if err := app.Recovery.Forgot(t.Context(), c.forgotten, desk.Home.Address); err != nil {
					t.Errorf("request %d: %v", n+2, err)
				}
			}
			d.Wait(time.Minute)
			err := app.Recovery.Forgot(t.Context(), c.forgotten, "192.0.2.200")
			var e *domain.Error
			if !errors.As(err, &e) || e.Kind != domain.Throttled || e.RetryAfter != 14*time.Minute {
				t.Errorf("the sixth request: %v", err)
			}
			d.Wait(14 * time.Minute)
			desk.Check(t, app.Recovery.Forgot(t.Context(), c.forgotten, desk.Home.Address))
		})
	}
}

type notedThrottle struct {
	ports.Throttle
	calls *[]string
}

func (s notedThrottle) Hit(ctx context.Context, limits []account.Limit, now, since time.Time) ([]account.Count, error) {
	*s.calls = append(*s.calls, "Hit "+string(rune('0'+len(limits))))
	return s.Throttle.Hit(ctx, limits, now, since)
}

type notedMails struct {
	ports.AccountMails
	calls *[]string
}

func (s notedMails) Add(ctx context.Context, m account.Mail) error {
	*s.calls = append(*s.calls, "Add mail")
	return s.AccountMails.Add(ctx, m)
}

type notedJobs struct {
	ports.Jobs
	calls *[]string
}

func (s notedJobs) Add(ctx context.Context, all ...ports.Job) error {
	for _, j := range all {
		*s.calls = append(*s.calls, "Add jobs "+string(j.Kind))
	}
	return s.Jobs.Add(ctx, all...)
}

func TestForgotIsThrottledByAddress(t *testing.T) {
	d := newMailDesk(t)
	for n := range 50 {
		desk.Check(t, d.forgot(byName("stranger"+string(rune('a'+n%26))+string(rune('a'+n/26)))))
	}
	desk.Kind(t, d.forgot(byName("somebody")), domain.Throttled)
	desk.Kind(t, d.forgot(byName(desk.Agent)), domain.Throttled)
	desk.Check(t, d.Recovery.Forgot(t.Context(), byName(desk.Agent), "192.0.2.200"))
}

func TestForgotRefusesBadInput(t *testing.T) {
	d := newMailDesk(t)
	const noName, noAddress, both = "Username cannot be blank.", "Email cannot be blank.", "Send either username or email, not both."
	for name, c := range map[string]struct {
		forgotten identity.Forgotten
		says      string
	}{
		"nothing":        {identity.Forgotten{}, noName},
		"null":           {identity.Forgotten{Username: domain.Null[string]()}, noName},
		"a blank name":   {byName(" \t"), noName},
		"no address":     {byEmail(""), noAddress},
		"a null address": {identity.Forgotten{Email: domain.Null[string]()}, noAddress},
		"both":           {identity.Forgotten{Username: domain.Some(desk.Agent), Email: domain.Some("agent@desk.test")}, both},
	} {
		t.Run(name, func(t *testing.T) { desk.Fails(t, d.forgot(c.forgotten), domain.Invalid, c.says) })
	}
	if sent := d.deliver(); len(sent) != 0 {
		t.Errorf("sent %+v", sent)
	}
}

func TestForgotSaysThatMailIsOff(t *testing.T) {
	d := desk.New(t)
	for _, name := range []string{desk.Agent, "stranger"} {
		desk.Says(t, d.Recovery.Forgot(t.Context(), byName(name), desk.Home.Address), domain.Conflict, mailIsOff)
	}
	if jobs := stores.Waiting(t, d.Store); len(jobs) > 0 {
		t.Errorf("jobs %v", jobs)
	}
}

// Nothing that the store keeps contains what was mailed.
func TestStoreHoldsNoToken(t *testing.T) {
	d := newMailDesk(t)
	desk.Check(t, d.forgot(byName(desk.Agent)))
	job := stores.Waiting(t, d.Store)[0]
	d.deliver()
	token := d.box.Account[0].Token
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		m, err := tx.AccountMails.Lock(ctx, job.ID)
		if m.TokenHash == "" || strings.Contains(m.TokenHash+m.Address+m.Credentials+m.UsernameKey+m.EmailKey, token) {
			t.Errorf("stored %+v", m)
		}
		return err
	})
}

func TestLinkThatDoesNotWorkIsGone(t *testing.T) {
	for name, spoil := range map[string]func(*mailDesk, string) string{
		"an unknown token":        func(*mailDesk, string) string { return "x" },
		"its hash":                func(_ *mailDesk, token string) string { return token[1:] },
		"a token of NUL":          func(*mailDesk, string) string { return "\x00" },
		"a huge token":            func(*mailDesk, string) string { return strings.Repeat("x", 1<<16) },
		"an access token":         func(d *mailDesk, _ string) string { return d.Token(desk.Agent) },
		"a token that is too old": func(d *mailDesk, token string) string { d.Wait(30 * time.Minute); return token },
		"a used token": func(d *mailDesk, token string) string {
			desk.Check(d.T, d.reset(token, "an older secret"))
			return token
		},
		"a token from before the last reset": func(d *mailDesk, token string) string {
			desk.Check(d.T, d.reset(d.link(desk.Agent), "an older secret"))
			return token
		},
		"a token from before an administrator set the password": func(d *mailDesk, token string) string {
			d.administer(account.Patch{Password: domain.Some("an older secret")})
			return token
		},
		"a token from before the e-mail address changed": func(d *mailDesk, token string) string {
			d.administer(account.Patch{Email: domain.Some("a@desk.test")})
			return token
		},
		"a token of a deactivated account": func(d *mailDesk, token string) string { d.Deactivate(desk.Agent); return token },
		"a token from before the account was deactivated and activated": func(d *mailDesk, token string) string {
			d.toggle(desk.Agent)
			d.toggle(desk.Agent)
			return token
		},
		"a token that was mailed while the account was deactivated": func(d *mailDesk, _ string) string {
			desk.Check(d.T, d.forgot(byName(desk.Agent)))
			d.box.Sending = func() { d.toggle(desk.Agent) }
			token := d.deliver()[0].Token
			d.toggle(desk.Agent)
			return token
		},
		"a token of a removed account": func(d *mailDesk, _ string) string {
			a := d.AddAccount("shortlived")
			token := d.link(a.Username)
			desk.Check(d.T, d.Accounts.Delete(d.T.Context(), d.Actor(desk.Root), a.ID, nil))
			return token
		},
		"a token that another attempt replaced": func(d *mailDesk, _ string) string {
			desk.Check(d.T, d.forgot(byName(desk.Agent2)))
			id := stores.Waiting(d.T, d.Store)[0].ID
			d.box.Sending = func() { // another worker takes the same job meanwhile
				d.box.Sending = nil
				desk.Check(d.T, d.AccountMails.Deliver(d.T.Context(), id))
			}
			sent := d.deliver()
			return sent[len(sent)-1].Token // of the first attempt, which was accepted last
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newMailDesk(t)
			token := spoil(d, d.link(desk.Agent))
			hashed := d.Passwords.Hashed.Load() + d.Passwords.Verified.Load()
			for _, password := range []string{newPassword, "short"} {
				desk.Says(t, d.reset(token, password), domain.Gone, linkGone)
			}
			if d.Passwords.Hashed.Load()+d.Passwords.Verified.Load() != hashed {
				t.Error("a hash was computed")
			}
		})
	}
}

func TestRefusedPasswordLeavesTheLink(t *testing.T) {
	d := newMailDesk(t)
	token := d.link(desk.Agent)
	for password, says := range map[string]string{
		"short": "at least 8", strings.Repeat("x", 129): "at most 128", "agent@desk.test": "the same as",
		"password1": "too common", "  ": "blank",
		"with\x00control": "Password must not contain U+0000 (character 5).",
	} {
		desk.Fails(t, d.reset(token, password), domain.Invalid, says)
	}
	err := d.Recovery.Reset(t.Context(), " ", domain.Null[string](), nil, desk.Home.Address)
	desk.Fails(t, err, domain.Invalid, "Token cannot be blank.")
	desk.Fails(t, err, domain.Invalid, "Password cannot be blank.")
	desk.Check(t, d.reset(token, newPassword))
}

func TestLinksThatDoNotWorkAreThrottledByAddress(t *testing.T) {
	d := newMailDesk(t)
	token := d.link(desk.Agent)
	for range 50 {
		desk.Says(t, d.reset("x", newPassword), domain.Gone, linkGone)
	}
	desk.Kind(t, d.reset("x", newPassword), domain.Throttled)
	desk.Kind(t, d.reset(token, newPassword), domain.Throttled)
	desk.Check(t, d.Recovery.Reset(t.Context(), token, domain.Some(newPassword), nil, "192.0.2.200"))
	d.Wait(15 * time.Minute)
	desk.Says(t, d.reset("x", newPassword), domain.Gone, linkGone)
}

func TestOfParallelResetsOneSucceeds(t *testing.T) {
	d := newMailDesk(t)
	token := d.link(desk.Agent)
	d.oneSucceeds(func() error { return d.reset(token, newPassword) })
}

func TestResetForgetsFailedSignIns(t *testing.T) {
	d := newMailDesk(t)
	failLogins(d.Desk, 5, desk.Agent, desk.Home)
	_, err := d.Sessions.Login(t.Context(), desk.Agent, desk.Password, desk.Home)
	desk.Says(t, err, domain.Throttled, tooMany)
	desk.Check(t, d.reset(d.link(desk.Agent), newPassword))
	desk.Must(d.Sessions.Login(t.Context(), desk.Agent, newPassword, desk.Home))(t)
}

func TestMailOutageIsSurvived(t *testing.T) {
	d := newMailDesk(t)
	desk.Check(t, d.forgot(byName(desk.Agent)))
	id := stores.Waiting(t, d.Store)[0].ID
	d.box.Fault = errors.New("the server is down")
	for range 3 {
		if err := d.AccountMails.Deliver(t.Context(), id); err == nil {
			t.Fatal("the job is done")
		}
		d.Wait(time.Hour)
		desk.Check(t, d.AccountMails.Purge(t.Context()))
	}
	d.box.Fault = nil
	sent := d.deliver()
	if len(sent) != 1 || !sent[0].Until.Equal(d.Now().Add(30*time.Minute)) {
		t.Fatalf("sent %+v", sent)
	}
	desk.Check(t, d.AccountMails.Deliver(t.Context(), id)) // again, after it was sent
	if len(d.box.Account) != 1 {
		t.Errorf("sent %+v", d.box.Account)
	}
	desk.Check(t, d.reset(sent[0].Token, newPassword))
	desk.Check(t, d.AccountMails.Deliver(t.Context(), id))
}

func TestRefusedOrUnwantedMailIsDropped(t *testing.T) {
	d := newMailDesk(t)
	desk.Check(t, d.forgot(byName(desk.Agent)))
	d.box.Fault = &ports.MailRefused{Reason: "no such mailbox"}
	d.deliver()
	desk.Check(t, d.forgot(byName("stranger")))
	d.deliver()
	desk.Check(t, d.forgot(byName(desk.Agent)))
	off := d.With(func(x *application.Deps) { x.Mailer = nil })
	desk.Check(t, off.AccountMails.Deliver(t.Context(), stores.Waiting(t, d.Store)[0].ID))
	if n := d.mails(); n != 0 {
		t.Errorf("%d mails are kept", n)
	}
}

func TestExpiredMailsArePurged(t *testing.T) {
	d := newMailDesk(t)
	token := d.link(desk.Agent)
	d.Wait(30*time.Minute + 24*time.Hour)
	desk.Check(t, d.AccountMails.Purge(t.Context()))
	desk.Says(t, d.reset(token, newPassword), domain.Gone, linkGone)
	d.Wait(time.Microsecond)
	desk.Check(t, d.AccountMails.Purge(t.Context()))
	if n := d.mails(); n != 0 {
		t.Errorf("%d mails are kept", n)
	}
}

// oneSucceeds uses a link eight times in parallel: one use must succeed, and the others must find the link gone.
func (d *mailDesk) oneSucceeds(use func() error) {
	d.T.Helper()
	var succeeded atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			switch err := use(); {
			case err == nil:
				succeeded.Add(1)
			case domain.KindOf(err) != domain.Gone:
				d.T.Error(err)
			}
		})
	}
	all.Wait()
	if n := succeeded.Load(); n != 1 {
		d.T.Errorf("%d uses succeeded", n)
	}
}

// TestSuspendedAddressGetsNoAccountMail has three account mails refused.
func TestSuspendedAddressGetsNoAccountMail(t *testing.T) {
	var told []domain.ID
	d := newMailDesk(t, func(x *application.Deps) { x.MailSuspended = func(a domain.ID) { told = append(told, a) } })
	d.box.Fault = &ports.MailRefused{Reason: "550 5.1.1 no such user", Address: true}
	for range 3 {
		desk.Check(t, d.forgot(byName(desk.Agent)))
		d.deliver()
	}
	if a := d.Account(d.ID(desk.Agent)); !a.MailSuspended() || len(told) != 1 || told[0] != a.ID {
		t.Fatalf("suspended at %v, told %v", a.MailSuspendedAt, told)
	}
	d.box.Fault = nil
	desk.Check(t, d.forgot(byName(desk.Agent)))
	if sent := d.deliver(); len(sent) != 0 || d.mails() != 0 {
		t.Errorf("sent %+v", sent)
	}
	d.administer(account.Patch{ResumeMail: true})
	desk.Check(t, d.forgot(byName(desk.Agent)))
	if sent := d.deliver(); len(sent) != 1 {
		t.Errorf("sent %+v", sent)
	}
}
