package bootstrap

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"tickt/adapters/mail"
	"tickt/application"
	"tickt/domain"
	"tickt/domain/notification"
)

// implicitTLSPort is the port of mail servers with implicit TLS (RFC 8314).
const implicitTLSPort = 465

// newMailer returns the Mailer of the settings; nil if mail is off.
func newMailer(life fx.Lifecycle, s Settings) (*mail.Mailer, error) {
	m, err := s.mailer()
	if err == nil && m != nil {
		life.Append(fx.StopHook(m.Close))
	}
	return m, err
}

func (s *Settings) mailer() (*mail.Mailer, error) {
	templates, err := s.templates()
	if err != nil || s.EmailHost == "" {
		return nil, err
	}
	var site *url.URL
	if s.SiteURL != "" {
		if site, err = url.Parse(s.SiteURL); err != nil {
			return nil, &WrongSetting{"SITE_URL", "cannot be read as a URL"}
		}
	}
	return mail.New(mail.Options{
		Host: s.EmailHost, Port: s.EmailPort, User: s.EmailHostUser, Password: string(s.EmailHostPassword), Encryption: s.mailEncryption(),
		From:    netmail.Address{Name: s.CompanyName, Address: s.sender()},
		Company: s.CompanyName, Site: site, Zone: s.Zone.Location, Templates: templates, Connections: mailsAtOnce,
	}), nil
}

// templates returns the templates of TEMPLATES_DIR; nil, for the built-in ones, if it is not set.
func (s *Settings) templates() (*mail.Templates, error) {
	if s.TemplatesDir == "" {
		return nil, nil
	}
	t, err := mail.ReadTemplates(s.TemplatesDir)
	if err != nil {
		return nil, &FailedSetting{"TEMPLATES_DIR", err.Error()}
	}
	return t, nil
}

func (s *Settings) mailEncryption() mail.Encryption {
	switch {
	case !bool(s.EmailUseTLS):
		return mail.Unencrypted
	case s.EmailPort == implicitTLSPort:
		return mail.ImplicitTLS
	default:
		return mail.StartTLS
	}
}

// logMailState logs whether mail is on.
func (s *Settings) logMailState(log *zap.Logger) {
	if s.EmailHost == "" {
		log.Info("mail is off: EMAIL_HOST is not set; notifications appear in the inbox only")
		return
	}
	log.Info("mail is on", zap.String("host", s.EmailHost), zap.Int("port", s.EmailPort), zap.String("from", s.sender()))
}

// deliverMail returns the work of mail jobs. A job has as many attempts as the delivery of a log.
func deliverMail(app *application.App) func(ctx context.Context, id domain.ID, attempt int) error {
	return func(ctx context.Context, id domain.ID, attempt int) error {
		return app.NotificationLogs.Deliver(ctx, id, attempt >= notification.MaxAttempts)
	}
}

type mailTest struct {
	To string `required:"" placeholder:"someone@example.org" help:"Address that the mail is sent to."`
}

// Run sends a test mail and prints the result.
func (x mailTest) Run(ctx context.Context, c Console) error {
	if !isMailbox(x.To) {
		return usageError{errors.New("--to: must be an e-mail address")}
	}
	s, err := c.settings()
	if err != nil {
		return err
	}
	m, err := s.mailer()
	if err != nil {
		return err
	}
	if m == nil {
		return &WrongSetting{"EMAIL_HOST", "is not set, so mail is off"}
	}
	defer func() { _ = m.Close() }()
	if err := m.Try(ctx, newID(), x.To, now()); err != nil {
		return fmt.Errorf("the mail was not sent: %w", err)
	}
	c.printf("%s:%d accepted a mail from %s to %s.", s.EmailHost, s.EmailPort, s.sender(), x.To)
	return nil
}
