package bootstrap

import (
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"go.uber.org/zap"
)

// docsPath is the path of the reference page of the API.
const docsPath = "/api/docs/"

// startFields returns what the first log line says about the program and its database.
func (s *Settings) startFields(schema preparedSchema) []zap.Field {
	engine, at := s.databaseAt()
	return []zap.Field{
		zap.String("version", buildVersion()), zap.String("mode", s.Mode), zap.String("engine", engine), zap.String("database", at),
		zap.Int64("schema", schema.version),
	}
}

// databaseAt returns the engine of the database, and where it is: the path of its file, or the hosts and the name as in
// "db.example.org:5432/tickt". User and password are left out.
func (s *Settings) databaseAt() (engine, at string) {
	if s.embedded() {
		return "SQLite", strings.TrimPrefix(string(s.DatabaseURL), fileScheme)
	}
	c, err := pgconn.ParseConfig(string(s.DatabaseURL))
	if err != nil { // Load has parsed it before
		return "PostgreSQL", ""
	}
	var hosts []string
	for _, attempt := range append([]*pgconn.FallbackConfig{{Host: c.Host, Port: c.Port}}, c.Fallbacks...) {
		_, host := pgconn.NetworkAddress(attempt.Host, attempt.Port)
		if len(hosts) == 0 || hosts[len(hosts)-1] != host { // a host has one attempt with TLS and one without
			hosts = append(hosts, host)
		}
	}
	return "PostgreSQL", strings.Join(hosts, ",") + "/" + c.Database
}

// listens returns what the first log line says about the address, with a link to the reference page. The link is left out if only
// the system knows the port.
func (s Settings) listens() []zap.Field {
	fields := []zap.Field{zap.String("address", s.HTTPAddr)}
	if site := s.site(); site != "" {
		fields = append(fields, zap.String(linkField, site+docsPath))
	}
	return fields
}

// listensForProbes returns what the first log line of tickt work says about the address; nothing if it does not listen.
func (s Settings) listensForProbes() []zap.Field {
	if s.WorkAddr == "" {
		return nil
	}
	return []zap.Field{zap.String("address", s.WorkAddr)}
}

// site returns the URL of the service without a slash at its end: SITE_URL, or by default the one at HTTP_ADDR on this machine; ""
// if the port is not known yet.
func (s *Settings) site() string {
	if s.SiteURL != "" {
		return strings.TrimRight(s.SiteURL, "/")
	}
	host, port, err := net.SplitHostPort(dialAddress(s.HTTPAddr))
	if err != nil || strings.Trim(port, "0") == "" {
		return ""
	}
	if host == "127.0.0.1" || host == "::1" {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
