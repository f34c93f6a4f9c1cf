package bootstrap

import (
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

const fileScheme = "sqlite:"

// resolveDatabase determines the database: DATABASE_URL, else the DB_* variables, else the file in DATA_DIR. It sets DatabaseURL,
// DatabaseDirectURL and AutoMigrate.
func (s *Settings) resolveDatabase() error {
	switch {
	case s.DatabaseURL != "":
		clean, err := checkDatabase("DATABASE_URL", s.DatabaseURL)
		if err != nil {
			return err
		}
		s.DatabaseURL = clean
	case s.DBHost != "":
		if s.DBName == "" {
			return &WrongSetting{"DB_NAME", "is required with DB_HOST"}
		}
		if s.DBUser == "" {
			return &WrongSetting{"DB_USER", "is required with DB_HOST"}
		}
		s.DatabaseURL = s.compose()
	default:
		s.unnamed, s.DatabaseURL = true, Secret(fileScheme+filepath.Join(s.DataDir, "tickt.db"))
	}
	return s.resolveDirect()
}

func (s *Settings) resolveDirect() error {
	if s.DatabaseDirectURL == "" {
		s.DatabaseDirectURL = s.DatabaseURL
	} else {
		clean, err := checkDatabase("DATABASE_DIRECT_URL", s.DatabaseDirectURL)
		if err != nil {
			return err
		}
		if isFile(clean) || s.embedded() {
			return &WrongSetting{"DATABASE_DIRECT_URL", "must lead to the same PostgreSQL database as DATABASE_URL; one of them is not PostgreSQL"}
		}
		s.DatabaseDirectURL = clean
	}
	if s.AutoMigrate == nil {
		on := Switch(s.embedded())
		s.AutoMigrate = &on
	}
	return nil
}

// embedded reports whether the database is an SQLite file.
func (s *Settings) embedded() bool { return isFile(s.DatabaseURL) }

func isFile(database Secret) bool { return strings.HasPrefix(string(database), fileScheme) }

// compose returns the URL of the DB_* variables. A DB_HOST that begins with "/" is the directory of a socket.
func (s *Settings) compose() Secret {
	u := url.URL{Scheme: "postgres", User: url.User(s.DBUser), Path: "/" + s.DBName}
	if s.DBPassword != "" {
		u.User = url.UserPassword(s.DBUser, string(s.DBPassword))
	}
	port := strconv.Itoa(s.DBPort)
	if strings.HasPrefix(s.DBHost, "/") {
		u.RawQuery = url.Values{"host": {s.DBHost}, "port": {port}}.Encode()
	} else {
		u.Host = net.JoinHostPort(s.DBHost, port)
	}
	return Secret(u.String())
}

// checkDatabase checks the URL of a database and returns it in the form that the adapters take. name is the setting.
func checkDatabase(name string, given Secret) (Secret, error) {
	database := strings.TrimSpace(string(given))
	path, file := strings.CutPrefix(database, fileScheme)
	switch {
	case strings.HasPrefix(database, "postgres://"), strings.HasPrefix(database, "postgresql://"):
		if _, err := pgconn.ParseConfig(database); err != nil { // not quoted: its text may contain parts of the URL
			return "", &WrongSetting{name, "is not a valid URL; special characters in the user or password must be written as %XX"}
		}
		return Secret(database), nil
	case file:
		if rest, ok := strings.CutPrefix(path, "//"); ok { // sqlite:///absolute/path, a form of other programs
			path = rest
			if !strings.HasPrefix(path, "/") {
				return "", &WrongSetting{name, "names a host; write sqlite:path, or sqlite:/path for an absolute one"}
			}
		}
		if path == "" || strings.HasPrefix(path, ":") {
			return "", &WrongSetting{name, "needs the path of a file after sqlite:"}
		}
		return Secret(fileScheme + path), nil
	default:
		return "", &WrongSetting{name, "must begin with postgres://, postgresql:// or sqlite:"}
	}
}
