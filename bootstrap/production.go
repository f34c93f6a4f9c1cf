package bootstrap

import (
	"net/netip"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"go.uber.org/zap"
)

// checkProduction returns a WrongSetting for what is refused in production only, because it is most likely a setting that was
// forgotten. given are the variables that are set; fromFile tells which of them are set by a NAME_FILE.
func (s *Settings) checkProduction(given map[string]string, fromFile map[string]bool) error {
	if !s.production() {
		return nil
	}
	for _, name := range []string{"DB_NAME", "DB_USER", "DB_PASSWORD", "DB_PORT"} {
		if given[name] != "" && s.DBHost == "" {
			if fromFile[name] {
				name += fileSuffix
			}
			return &WrongSetting{"DB_HOST", "is required in production with " + name + "; if DATABASE_URL names the database, remove " + name}
		}
	}
	if s.EmailHost != "" && given["SITE_URL"] == "" {
		return &WrongSetting{"SITE_URL", "is required in production with EMAIL_HOST: set it to the URL with which links in mails begin"}
	}
	return nil
}

// checkEmbedded returns a WrongSetting in production if the database is the embedded one although no setting names it.
func (s *Settings) checkEmbedded() error {
	if s.production() && s.unnamed {
		return &WrongSetting{
			"DATABASE_URL", "is required in production, unless DB_HOST is set; for the embedded database set it to " + string(s.DatabaseURL),
		}
	}
	return nil
}

// warnOfPlaintext logs one warning if a connection to PostgreSQL on another host may be unencrypted in production.
func (s *Settings) warnOfPlaintext(log *zap.Logger) {
	if !s.production() || s.embedded() {
		return
	}
	for _, database := range []struct {
		setting string
		url     Secret
	}{{s.databaseSetting(), s.DatabaseURL}, {"DATABASE_DIRECT_URL", s.DatabaseDirectURL}} {
		if host := plaintextHost(database.url); host != "" {
			log.Warn("the connection to PostgreSQL may be unencrypted: set sslmode=verify-full, or require, in the URL of the database",
				zap.String("setting", database.setting), zap.String("host", host))
			return
		}
	}
}

// databaseSetting returns the name of the setting that names the database.
func (s *Settings) databaseSetting() string {
	if s.DBHost != "" && s.DatabaseURL == s.compose() {
		return "DB_HOST"
	}
	return "DATABASE_URL"
}

// plaintextHost returns the first other host of a PostgreSQL URL to which a connection may be made without TLS; "" if there is
// none. That is so for the modes disable, allow and prefer, which is the default: https://www.postgresql.org/docs/current/libpq-ssl.html.
func plaintextHost(database Secret) string {
	c, err := pgconn.ParseConfig(string(database))
	if err != nil {
		return ""
	}
	for _, attempt := range append([]*pgconn.FallbackConfig{{Host: c.Host, TLSConfig: c.TLSConfig}}, c.Fallbacks...) {
		if attempt.TLSConfig == nil && !isLocal(attempt.Host) {
			return attempt.Host
		}
	}
	return ""
}

// isLocal reports whether a host of PostgreSQL is this machine: localhost, a loopback address or the directory of a socket.
func isLocal(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") || strings.EqualFold(host, "localhost") ||
		err == nil && ip.Unmap().IsLoopback()
}
