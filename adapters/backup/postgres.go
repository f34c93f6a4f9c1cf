package backup

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"tickt/migrations"
)

const killAfter = 10 * time.Second // a program that was told to end

// inPostgres calls do with a connection to a PostgreSQL database, which no time limit of the server or the role ends.
func inPostgres(ctx context.Context, database string, do func(*sql.Conn) error) (err error) {
	pool, err := pgxpool.ParseConfig(database) // reads the parameters of a pool, too, which are not for the server
	if err != nil {
		return err
	}
	config := pool.ConnConfig
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	for _, name := range []string{"statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"} {
		config.RuntimeParams[name] = "0"
	}
	db := stdlib.OpenDB(*config)
	defer func() { err = errors.Join(err, db.Close()) }()
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	return do(c)
}

// server is what the client programs must know of a PostgreSQL server.
type server struct {
	major  int
	schema string // of the tables
}

func serverOf(ctx context.Context, c *sql.Conn) (s server, err error) {
	var number int
	var schema sql.NullString
	err = c.QueryRowContext(ctx, `SELECT CAST(current_setting('server_version_num') AS INTEGER), current_schema()`).Scan(&number, &schema)
	if err == nil && !schema.Valid {
		err = errors.New("the schema in the search_path of the role does not exist")
	}
	return server{number / 10000, schema.String}, err
}

// dump writes an archive of pg_dump and, after it, the Info. Both come from the same snapshot.
func (s Source) dump(ctx context.Context, w io.Writer) (info Info, err error) {
	info = Info{Version: s.Version, TakenAt: s.Now().UTC().Truncate(time.Second)}
	return info, inPostgres(ctx, s.URL, func(c *sql.Conn) error {
		at, err := serverOf(ctx, c)
		if err != nil {
			return err
		}
		program, err := tool(ctx, s.Env, "pg_dump", at.major)
		if err != nil {
			return err
		}
		tx, err := c.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		var snapshot string
		if err := tx.QueryRowContext(ctx, `SELECT pg_export_snapshot()`).Scan(&snapshot); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, migrations.AppliedVersion).Scan(&info.Schema); err != nil {
			return err
		}
		if info.Rows, err = countTables(ctx, c); err != nil {
			return err
		}
		database, env, err := libpq(s.URL, s.Env)
		if err != nil {
			return err
		}
		args := []string{
			"--format=custom", "--no-owner", "--no-privileges", "--no-password", "--schema=" + at.schema, "--snapshot=" + snapshot,
			"--exclude-table-data=" + at.schema + ".processes", "--dbname=" + database,
		}
		s.Say("running " + program + " " + strings.Join(args, " "))
		dump, messages := command(ctx, env, program, args...)
		out := &summed{to: w, sum: sha256.New()}
		dump.Stdout = out
		if err := dump.Run(); err != nil {
			return errors.Join(out.err, messages.explain(program, err))
		}
		return writeTrailer(w, trailer{Info: info, Bytes: out.n, SHA256: hex.EncodeToString(out.sum.Sum(nil))})
	})
}

// tableNames is the query for the tables of a schema. The rows of running processes are no part of a backup.
const tableNames = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'processes'`

func countTables(ctx context.Context, c *sql.Conn) (map[string]int, error) {
	names, err := texts(ctx, c, tableNames)
	if err != nil {
		return nil, err
	}
	return countEach(ctx, c, names)
}

// summed passes on what is written, and hashes and counts it.
type summed struct {
	to  io.Writer
	sum hash.Hash
	n   int64
	err error // of to
}

// Write implements io.Writer.
func (s *summed) Write(p []byte) (int, error) {
	n, err := s.to.Write(p)
	_, _ = s.sum.Write(p[:n]) // never fails
	s.n += int64(n)
	if err != nil {
		s.err = fmt.Errorf("write the backup: %w", err)
	}
	return n, err
}
