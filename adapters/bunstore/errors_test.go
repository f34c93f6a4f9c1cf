package bunstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"tickt/domain"
	"tickt/ports"
)

func TestPostgresErrorsAreTranslatedByCode(t *testing.T) {
	for code, want := range map[string]domain.Kind{
		"08006": domain.Unavailable, "53300": domain.Unavailable, "57P01": domain.Unavailable, "57P03": domain.Unavailable,
		"57014": domain.Unavailable, "25006": domain.Unavailable, "55P03": domain.Unavailable,
		"42601": domain.Internal, "25P02": domain.Internal, "23502": domain.Internal, "": domain.Internal,
	} {
		failure := fmt.Errorf("while asking: %w", &pgconn.PgError{Code: code, Message: "57P01 unique deadlock"})
		if err := (&engine{}).translate(failure); domain.KindOf(err) != want || collided(err) {
			t.Errorf("%q is %v", code, err)
		}
	}
	for _, code := range []string{"40001", "40P01", "23503"} {
		if err := (&engine{}).translate(&pgconn.PgError{Code: code}); !collided(err) {
			t.Errorf("%q is not a collision: %v", code, err)
		}
	}
	var taken *ports.Taken
	err := (&engine{}).translate(&pgconn.PgError{Code: "23505", ConstraintName: "menus_url_key"})
	if !errors.As(err, &taken) || taken.Field != "menuUrl" {
		t.Errorf("a unique constraint: %v", err)
	}
}

func TestLostConnectionsAreUnavailable(t *testing.T) {
	for _, failure := range []error{
		io.ErrUnexpectedEOF, net.ErrClosed, sql.ErrConnDone, context.DeadlineExceeded, context.Canceled,
		&net.OpError{Op: "read", Err: errors.New("reset")}, fmt.Errorf("write failed: %w", io.EOF),
	} {
		if err := (&engine{}).translate(failure); domain.KindOf(err) != domain.Unavailable || !errors.Is(err, failure) {
			t.Errorf("%v is %v", failure, err)
		}
	}
}

func TestKnownErrorsAreKept(t *testing.T) {
	for _, known := range []error{
		domain.ErrNotFound, domain.Fail(domain.Conflict, "no"), &ports.Taken{Field: "name"}, ports.ErrInUse,
		errors.New("a bug"),
	} {
		if err := settle(t.Context(), (&engine{}).translate(known)); !errors.Is(err, known) {
			t.Errorf("%v became %v", known, err)
		}
	}
	if err := (&engine{}).translate(sql.ErrNoRows); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("no rows are %v", err)
	}
}
