// Package bootstrap reads the settings, chooses the adapters, wires them (fx) and implements the commands. It is the only package
// that reads the environment.
package bootstrap

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/caarlos0/env/v11"
	"github.com/joho/godotenv"

	"tickt/adapters/mail"
	"tickt/adapters/phone"
	"tickt/domain/text"
)

// Settings are the settings of the program. An empty variable counts as not set.
type Settings struct {
	Mode              string `env:"MODE" envDefault:"development"`
	SecretKey         Secret `env:"SECRET_KEY"`
	SecretKeyPrevious Secret `env:"SECRET_KEY_PREVIOUS"`
	DataDir           string `env:"DATA_DIR" envDefault:"./var"`

	DatabaseURL       Secret  `env:"DATABASE_URL"`
	DatabaseDirectURL Secret  `env:"DATABASE_DIRECT_URL"`
	DBHost            string  `env:"DB_HOST"`
	DBPort            int     `env:"DB_PORT" envDefault:"5432"`
	DBName            string  `env:"DB_NAME"`
	DBUser            string  `env:"DB_USER"`
	DBPassword        Secret  `env:"DB_PASSWORD"`
	DBPrepared        Switch  `env:"DB_PREPARED" envDefault:"on"`
	DBMaxConns        int     `env:"DB_MAX_CONNS" envDefault:"20"`
	AutoMigrate       *Switch `env:"AUTO_MIGRATE"` // nil: on for the embedded database
	Workers           Switch  `env:"WORKERS" envDefault:"on"`

	HTTPAddr       string   `env:"HTTP_ADDR" envDefault:":8000"`
	WorkAddr       string   `env:"WORK_ADDR"`
	MetricsAddr    string   `env:"METRICS_ADDR"` // "": METRICS_ADDR=public outside of production
	CORSOrigins    Origins  `env:"CORS_ORIGINS"`
	TrustedProxies Networks `env:"TRUSTED_PROXIES"`
	ConnsPerAddr   int      `env:"CONNS_PER_ADDRESS" envDefault:"128"` // 0: no limit
	DrainSeconds   *int     `env:"DRAIN_SECONDS"`                      // Load sets the default
	PageSize       int      `env:"PAGE_SIZE" envDefault:"10"`
	Zone           Zone     `env:"TIME_ZONE" envDefault:"UTC"`
	PhoneRegion    string   `env:"PHONE_REGION" envDefault:"NP"`
	LogLevel       Level    `env:"LOG_LEVEL" envDefault:"info"`
	LogFormat      string   `env:"LOG_FORMAT" envDefault:"auto"`

	EmailHost         string `env:"EMAIL_HOST"`
	EmailPort         int    `env:"EMAIL_PORT" envDefault:"587"`
	EmailHostUser     string `env:"EMAIL_HOST_USER"`
	EmailHostPassword Secret `env:"EMAIL_HOST_PASSWORD"`
	EmailUseTLS       Switch `env:"EMAIL_USE_TLS" envDefault:"on"`
	AdminEmail        string `env:"ADMIN_EMAIL"`
	SiteURL           string `env:"SITE_URL"` // "" means that mails have no links
	CompanyName       string `env:"COMPANY_NAME" envDefault:"tickt"`
	TemplatesDir      string `env:"TEMPLATES_DIR"`

	unnamed bool // no setting names the database
}

// production is the MODE of a service that people rely on.
const production = "production"

// productionDrain is the default of DRAIN_SECONDS in production; otherwise it is 0.
const productionDrain = 5

// WrongSetting reports an invalid setting. It never contains the value of a secret.
type WrongSetting struct{ Name, Problem string }

func (e *WrongSetting) Error() string { return e.Name + ": " + e.Problem }

// FailedSetting reports that what a setting names cannot be used, such as a database that cannot be reached. The value may be
// right. It never contains the value of a secret.
type FailedSetting struct{ Name, Problem string }

func (e *FailedSetting) Error() string { return e.Name + ": " + e.Problem }

// Load reads the settings from an environment, a list of "NAME=value", and from the file .env in dir. The environment takes
// precedence. NAME_FILE stands for NAME with the content of a file as its value. The error is a *WrongSetting. Load writes no
// files.
func Load(dir string, environ []string) (Settings, error) {
	variables, err := godotenv.Read(filepath.Join(dir, ".env"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		variables = map[string]string{}
	case err != nil: // not quoted: its text contains the line, and so maybe a secret
		return Settings{}, &WrongSetting{".env", "cannot be read as lines of NAME=value"}
	}
	for _, v := range environ {
		if name, value, ok := strings.Cut(v, "="); ok {
			variables[name] = value
		}
	}
	for name, value := range variables { // empty variables count as not set, for pointers too
		if value == "" {
			delete(variables, name)
		}
	}
	fromFile, err := readFiles(variables)
	if err != nil {
		return Settings{}, err
	}
	var s Settings
	if err := env.ParseWithOptions(&s, env.Options{Environment: variables, FuncMap: parsers}); err != nil {
		return Settings{}, parseError(err, fromFile)
	}
	if s.DrainSeconds == nil {
		s.DrainSeconds = new(int)
		if normalized(s.Mode) == production {
			*s.DrainSeconds = productionDrain
		}
	}
	if err := s.check(); err != nil {
		return Settings{}, nameFile(err, fromFile)
	}
	if err := s.checkProduction(variables, fromFile); err != nil {
		return Settings{}, err
	}
	return s, nameFile(s.resolveDatabase(), fromFile)
}

var parsers = map[reflect.Type]env.ParserFunc{
	reflect.TypeFor[int](): func(text string) (any, error) {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			return nil, errors.New("must be a whole number")
		}
		return n, nil
	},
}

// parseError returns a WrongSetting for the first field that could not be parsed. Its text may quote the value, but not if that is
// the content of a file.
func parseError(err error, fromFile map[string]bool) error {
	var parse env.ParseError
	if !errors.As(err, &parse) {
		return err
	}
	field, _ := reflect.TypeFor[Settings]().FieldByName(parse.Name)
	name := field.Tag.Get("env")
	if fromFile[name] {
		return &WrongSetting{name + fileSuffix, "names a file whose content is not a valid value of " + name}
	}
	return &WrongSetting{name, parse.Err.Error()}
}

// minKey and minProductionKey are the minimum lengths of SECRET_KEY in bytes. RFC 7518 §3.2 requires 32. Outside of production,
// shorter keys of older installations are accepted.
const (
	minKey           = 16
	minProductionKey = 32
)

// check returns a WrongSetting for the first invalid value.
func (s *Settings) check() error {
	s.Mode, s.LogFormat = normalized(s.Mode), normalized(s.LogFormat)
	_, regionErr := phone.New(s.PhoneRegion)
	company, refused := text.Line.Clean(s.CompanyName)
	s.CompanyName = company
	minLength := minKey
	if s.production() {
		minLength = minProductionKey
	}
	for _, c := range []struct {
		name    string
		valid   bool
		problem string
	}{
		{"MODE", s.production() || s.Mode == "development", "must be development or production"},
		{"SECRET_KEY", s.SecretKey == "" || len(s.SecretKey) >= minLength, fmt.Sprintf("must have at least %d bytes", minLength)},
		{
			"SECRET_KEY_PREVIOUS", s.SecretKeyPrevious == "" || len(s.SecretKeyPrevious) >= minKey,
			fmt.Sprintf("must have at least %d bytes", minKey),
		},
		{"DB_PORT", inRange(s.DBPort, 1, 65535), "must be from 1 to 65535"},
		{"DB_MAX_CONNS", inRange(s.DBMaxConns, 1, 1000), "must be from 1 to 1000"},
		{"HTTP_ADDR", isAddress(s.HTTPAddr), "must be host:port or :port"},
		{"WORK_ADDR", s.WorkAddr == "" || isAddress(s.WorkAddr), "must be host:port or :port"},
		{
			"METRICS_ADDR", s.MetricsAddr == "" || s.MetricsAddr == publicMetrics || s.privateMetrics() && isMetricsAddress(s.MetricsAddr),
			"must be host:port, :port, the path of a Unix socket that begins with /, or public",
		},
		{"CONNS_PER_ADDRESS", s.ConnsPerAddr >= 0, "must be 0 (no limit) or more"},
		{"DRAIN_SECONDS", inRange(*s.DrainSeconds, 0, maxDrain), fmt.Sprintf("must be from 0 to %d", maxDrain)},
		{"PAGE_SIZE", inRange(s.PageSize, 1, 100), "must be from 1 to 100"},
		{"PHONE_REGION", regionErr == nil, "must be a region code such as NP"},
		{"LOG_FORMAT", slices.Contains(logFormats, s.LogFormat), "must be auto, json or text"},
		{"EMAIL_PORT", inRange(s.EmailPort, 1, 65535), "must be from 1 to 65535"},
		{"EMAIL_HOST", !strings.ContainsAny(s.EmailHost, " /@"), "must be a host name"},
		{"ADMIN_EMAIL", s.AdminEmail == "" || isMailbox(s.AdminEmail), "must be an e-mail address"},
		{
			"ADMIN_EMAIL", s.EmailHost == "" || s.sender() != "",
			"is required with EMAIL_HOST as the sender of mail, unless EMAIL_HOST_USER is an e-mail address",
		},
		{"EMAIL_HOST_USER", s.EmailHost == "" || s.EmailHostPassword == "" || s.EmailHostUser != "", "is required with EMAIL_HOST_PASSWORD"},
		{
			"EMAIL_HOST_PASSWORD", s.EmailHost == "" || s.EmailHostUser == "" || s.EmailHostPassword != "",
			"is required with EMAIL_HOST_USER; to send without signing in, set only ADMIN_EMAIL",
		},
		{"COMPANY_NAME", refused == nil, fmt.Sprint("contains a character that is not allowed: ", refused)},
		{"SITE_URL", s.SiteURL == "" || isSite(s.SiteURL), "must be a URL that begins with http:// or https://"},
	} {
		if !c.valid {
			return &WrongSetting{c.name, c.problem}
		}
	}
	return nil
}

// sender returns the address that mail is sent from; "" if there is none.
func (s *Settings) sender() string {
	if s.AdminEmail == "" && isMailbox(s.EmailHostUser) {
		return s.EmailHostUser
	}
	return s.AdminEmail
}

func (s *Settings) production() bool { return s.Mode == production }

// makeDataDir creates DATA_DIR if it is missing, accessible only to its owner.
func (s *Settings) makeDataDir() error {
	if info, err := os.Stat(s.DataDir); err == nil && !info.IsDir() {
		return &FailedSetting{"DATA_DIR", s.DataDir + " is a file, and must be a directory"}
	}
	if err := os.MkdirAll(s.DataDir, 0o700); err != nil {
		return &FailedSetting{"DATA_DIR", "cannot be created: " + err.Error()}
	}
	return nil
}

// normalized returns a value of a closed set in lower case.
func normalized(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

func inRange(n, lowest, highest int) bool { return n >= lowest && n <= highest }

func isAddress(text string) bool {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

// isMailbox reports whether mail can be sent to an address.
func isMailbox(text string) bool {
	a, ok := mail.Addresses{}.Read(text)
	return ok && a.Text == text
}

func isSite(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
}
