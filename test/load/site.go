package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// The account that signs in. It has the role admin instead of being a superuser, so that permissions are checked.
const (
	username = "load"
	password = "a-tram-named-9-of-them"
)

// site is a filled database with the connections that this program uses.
type site struct {
	name   string
	url    string
	binary string
	folder string
	server *pgxpool.Pool // to create and drop the database
	pool   *pgxpool.Pool // to query the database
}

// build builds the program as it is released, without symbols.
func build(ctx context.Context, folder string) (string, error) {
	binary := filepath.Join(folder, "tickt")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, "./bootstrap/cmd/tickt")
	out, err := build.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	return binary, nil
}

// newSite creates a database and fills it with the program.
func (o options) newSite(ctx context.Context, folder string, tickets int) (*site, error) {
	s, err := o.create(ctx, folder, "tickt_load_"+strings.ToLower(rand.Text()))
	if err != nil {
		return nil, err
	}
	if err := s.fill(ctx, tickets, o.accounts); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// create creates an empty database with a name.
func (o options) create(ctx context.Context, folder, name string) (_ *site, err error) {
	s := &site{name: name, binary: o.binary, folder: folder}
	if s.url, err = o.urlOf(name); err != nil {
		return nil, err
	}
	if s.server, err = pgxpool.New(ctx, o.server); err != nil {
		return nil, err
	}
	if _, err := s.server.Exec(ctx, "CREATE DATABASE "+s.name+" TEMPLATE template0"); err != nil {
		s.server.Close()
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.pool, err = pgxpool.New(ctx, s.url); err != nil {
		return nil, err
	}
	return s, s.durable(ctx)
}

// urlOf returns the URL of a database on the server.
func (o options) urlOf(name string) (string, error) {
	u, err := url.Parse(o.server)
	if err != nil {
		return "", errors.New("TEST_DATABASE_URL is not a URL")
	}
	u.Path = "/" + name
	return u.String(), nil
}

// durable returns an error if the server does not sync commits, which would make them much cheaper than in production.
func (s *site) durable(ctx context.Context) error {
	var fsync string
	err := s.server.QueryRow(ctx, "SHOW fsync").Scan(&fsync)
	if err == nil && fsync != "on" {
		err = errors.New("the server runs with fsync off: measure one with fsync on, as make load starts it")
	}
	return err
}

func (s *site) fill(ctx context.Context, tickets, accounts int) error {
	if err := s.setUp(ctx, step{args: []string{"demo", "--tickets", fmt.Sprint(tickets), "--accounts", fmt.Sprint(accounts)}}); err != nil {
		return err
	}
	_, err := s.pool.Exec(ctx,
		`UPDATE accounts SET is_superuser = false, role_id = (SELECT id FROM roles WHERE name = 'admin') WHERE username = $1`, username)
	return err
}

// step is a command of the program with its input.
type step struct {
	input string
	args  []string
}

// setUp migrates and seeds the database, adds the account that signs in, as a superuser, and runs more commands.
func (s *site) setUp(ctx context.Context, more ...step) error {
	for _, step := range append([]step{
		{"", []string{"migrate", "up"}},
		{"", []string{"seed"}},
		{password + "\n", []string{
			"createsuperuser", "--username", username, "--email", "load@example.com", "--phone-number", "+9779800000001", "--password-stdin",
		}},
	}, more...) {
		c := s.command(ctx, step.args...)
		c.Stdin = strings.NewReader(step.input)
		began := time.Now()
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("tickt %s: %w: %s", step.args[0], err, out)
		}
		if step.args[0] == "demo" {
			fmt.Printf("Created %s tickets and %s accounts in %s.\n", step.args[2], step.args[4], time.Since(began).Round(100*time.Millisecond))
		}
	}
	return nil
}

// command returns a command of the program with a minimal environment.
func (s *site) command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, s.binary, args...) //nolint:gosec // the program that is measured
	c.Dir = s.folder
	c.Env = []string{
		"DATABASE_URL=" + s.url, "DATA_DIR=" + filepath.Join(s.folder, "var"), "LOG_LEVEL=info", "PATH=" + os.Getenv("PATH"),
		"SECRET_KEY=of databases that only this program uses",
	}
	return c
}

func (s *site) close() error {
	if s.server == nil {
		return nil // SQLite
	}
	if s.pool != nil {
		s.pool.Close()
	}
	defer s.server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_, err := s.server.Exec(ctx, "DROP DATABASE IF EXISTS "+s.name+" WITH (FORCE)")
	return err
}

// ids returns the single column of the rows that a query returns.
func (s *site) ids(ctx context.Context, query string, args ...any) (ids []string, err error) {
	found, err := s.pool.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	for found.Next() {
		var id string
		if err := found.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, found.Err()
}

// freeAddress returns an address on 127.0.0.1 with a port that is free at the moment.
func freeAddress(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// tail returns the last five lines of a file, for error messages.
func tail(path string) string {
	text, err := os.ReadFile(path) //nolint:gosec // our own log
	if err != nil {
		return err.Error()
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-5):], []byte("\n")))
}
