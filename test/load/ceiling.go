package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	argon "tickt/adapters/password"

	"tickt/adapters/bunstore"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// task is what a ceiling reads from its standard input.
type task struct {
	Address  string
	Database string
	Pages    []listPage
	Like     ticket.View // the values of the tickets that it creates
	Hash     string      // of password
}

// listPage is a page of a list of tickets: its URI, the query of the store, and what follows the results in the response.
type listPage struct {
	URI   string
	Query ticket.Query
	Tail  string
}

// ceiling serves the same requests as the service, each with one statement, without authentication and authorization.
type ceiling struct {
	task
	pool    *pgxpool.Pool
	one     bunstore.Statement
	insert  bunstore.Statement
	lists   map[string]list
	opened  atomic.Int64
	hasher  *argon.Hasher
	updated string // the statement that changes a status
}

type list struct {
	bunstore.Statement
	tail    string
	counted bool
}

var everything = access.Reach{All: true}

func serveCeiling(ctx context.Context) error {
	c := &ceiling{lists: map[string]list{}, hasher: argon.New(runtime.GOMAXPROCS(0) / 2)}
	if err := json.NewDecoder(os.Stdin).Decode(&c.task); err != nil {
		return err
	}
	config, err := pgxpool.ParseConfig(c.Database)
	if err != nil {
		return err
	}
	config.MaxConns = 20 // as many as the service
	if c.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return err
	}
	defer c.pool.Close()
	if err := c.prepare(ctx); err != nil {
		return err
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/readyz", func(f *fiber.Ctx) error { return f.SendStatus(fiber.StatusOK) })
	app.Get("/api/ticket/:id/", c.get)
	app.Patch("/api/ticket/:id/", c.change)
	app.Get("/api/tickets/", c.list)
	app.Post("/api/tickets/", c.open)
	app.Post("/api/auth/login/", c.login)
	stopped := context.AfterFunc(ctx, func() { _ = app.ShutdownWithTimeout(time.Second) })
	defer stopped()
	return app.Listen(c.Address)
}

// prepare records the statements of the service's store.
func (c *ceiling) prepare(ctx context.Context) (err error) {
	c.one, err = bunstore.Recorded(func(tx ports.Tx) error { _, err := tx.Tickets.Get(ctx, "", everything); return err })
	if err != nil {
		return err
	}
	c.insert, err = bunstore.Recorded(func(tx ports.Tx) error { return tx.Tickets.Add(ctx, c.Like.Ticket) })
	if err != nil {
		return err
	}
	c.updated = `UPDATE tickets SET status_id = s.id, status_weight = s.weight, updated_at = now()
 FROM ticket_statuses s WHERE tickets.id = $1 AND s.id = $2`
	for _, s := range c.Pages {
		l := list{tail: s.Tail, counted: s.Query.Number > 0}
		l.Statement, err = bunstore.Recorded(func(tx ports.Tx) error { _, err := tx.Tickets.List(ctx, everything, s.Query); return err })
		if err != nil {
			return err
		}
		c.lists[s.URI] = l
	}
	return nil
}

func (c *ceiling) get(f *fiber.Ctx) error {
	found, err := c.pool.Query(f.Context(), c.one.Text, f.Params("id"))
	if err != nil {
		return err
	}
	t, err := pgx.CollectExactlyOneRow(found, func(r pgx.CollectableRow) (ticketBody, error) { return scanTicket(r) })
	if err != nil {
		return err
	}
	return respond(f, fiber.StatusOK, "Ok", t)
}

func (c *ceiling) list(f *fiber.Ctx) error {
	l, known := c.lists[string(f.Request().RequestURI())]
	if !known {
		return fiber.ErrNotFound
	}
	found, err := c.pool.Query(f.Context(), l.Text, l.Args...)
	if err != nil {
		return err
	}
	var total int
	all, err := pgx.CollectRows(found, func(r pgx.CollectableRow) (ticketBody, error) {
		if l.counted {
			return scanTicket(r, &total)
		}
		return scanTicket(r)
	})
	if err != nil {
		return err
	}
	body, err := encode(all[:min(len(all), pageSize)])
	if err != nil {
		return err
	}
	f.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return f.SendString(`{"ResponseCode":"0","response":"Ok","data":{"results":` + strings.TrimSuffix(body, "]") + l.tail)
}

// open inserts the row that the service would insert, with a ticket number counted in memory.
func (c *ceiling) open(f *fiber.Ctx) error {
	t := c.Like
	id := uuid.Must(uuid.NewV7())
	t.ID = domain.ID(strings.ReplaceAll(id.String(), "-", ""))
	t.Number = fmt.Sprintf("TKT-00000000-%04d", c.opened.Add(1))
	args := slices.Clone(c.insert.Args)
	args[0], args[1], args[len(args)-1] = string(t.ID), t.Number, t.SearchText()
	if _, err := c.pool.Exec(f.Context(), c.insert.Text, args...); err != nil {
		return err
	}
	return respond(f, fiber.StatusCreated, "Ticket created successfully.", bodyOf(t))
}

func (c *ceiling) change(f *fiber.Ctx) error {
	var body struct {
		StatusID string `json:"statusId"`
	}
	if err := json.Unmarshal(f.Body(), &body); err != nil {
		return err
	}
	done, err := c.pool.Exec(f.Context(), c.updated, f.Params("id"), body.StatusID)
	if err != nil {
		return err
	}
	if done.RowsAffected() != 1 {
		return fiber.ErrNotFound
	}
	t := c.Like
	t.StatusID = domain.ID(body.StatusID)
	return respond(f, fiber.StatusOK, "Ticket updated successfully.", bodyOf(t))
}

// login verifies one password hash.
func (c *ceiling) login(f *fiber.Ctx) error {
	ok, _, err := c.hasher.Verify(f.Context(), password, c.Hash)
	if err != nil || !ok {
		return fiber.ErrUnauthorized
	}
	return f.SendString(`{"accessToken":""}`)
}
