package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"tickt/adapters/bunstore"
	"tickt/adapters/demo"
	"tickt/adapters/phone"
	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

// commentsEach is the number of comments of each ticket.
const commentsEach = 3

// searchSite returns a site with texts to search in: a new one, or the database that an earlier run kept.
func (o options) searchSite(ctx context.Context, folder string) (s *site, err error) {
	name := o.database
	switch {
	case o.sqlite:
		s = &site{url: "sqlite:" + filepath.Join(folder, "load.db"), binary: o.binary, folder: folder}
	case name == "":
		s, err = o.create(ctx, folder, "tickt_load_"+strings.ToLower(rand.Text()))
	default:
		var kept bool
		if s, kept, err = o.kept(ctx, folder, name); err == nil && !kept {
			s, err = o.create(ctx, folder, name)
		} else if err == nil {
			return s, s.migrate(ctx)
		}
	}
	if err != nil {
		return nil, err
	}
	if err := s.fillTexts(ctx, o.tickets, o.accounts); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// kept returns the site of a database if it exists.
func (o options) kept(ctx context.Context, folder, name string) (_ *site, exists bool, err error) {
	s := &site{name: name, binary: o.binary, folder: folder}
	if s.url, err = o.urlOf(name); err != nil {
		return nil, false, err
	}
	if s.server, err = pgxpool.New(ctx, o.server); err != nil {
		return nil, false, err
	}
	if err := s.server.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&exists); err != nil || !exists {
		s.server.Close()
		return nil, false, err
	}
	s.pool, err = pgxpool.New(ctx, s.url)
	return s, true, err
}

func (s *site) migrate(ctx context.Context) error {
	out, err := s.command(ctx, "migrate", "up").CombinedOutput()
	if err != nil {
		return fmt.Errorf("tickt migrate up: %w: %s", err, out)
	}
	return nil
}

// fillTexts adds tickets and comments with generated texts.
func (s *site) fillTexts(ctx context.Context, tickets, accounts int) (err error) {
	if err := s.setUp(ctx); err != nil {
		return err
	}
	began := time.Now()
	store, err := bunstore.Open(ctx, bunstore.Options{URL: s.url})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	refs, err := demo.Prepare(ctx, store, time.Now, func() domain.ID { return domain.ID(strings.ReplaceAll(uuid.NewString(), "-", "")) })
	if err != nil {
		return err
	}
	book, err := phone.New("NP")
	if err != nil {
		return err
	}
	desk, made := demo.New(1, time.Now(), refs, book), newTexts(tickets)
	if err := store.BulkAccounts(ctx, desk.Accounts(accounts), nil); err != nil {
		return err
	}
	var all []commented
	if err := store.BulkTickets(ctx, time.UTC, withTexts(desk.Tickets(tickets), made, &all), nil); err != nil {
		return err
	}
	fmt.Printf("Created %d tickets in %s.\n", tickets, time.Since(began).Round(time.Second))
	began = time.Now()
	if s.pool == nil {
		err = addComments(ctx, store, made, all)
	} else {
		err = s.copyComments(ctx, made, all, commentsEach)
	}
	if err != nil {
		return err
	}
	fmt.Printf("Created %d comments in %s.\n", commentsEach*tickets, time.Since(began).Round(time.Second))
	return store.Analyze(ctx)
}

// commented is what the comments on a ticket need to know of it.
type commented struct {
	id, author domain.ID
	at         time.Time
}

// withTexts puts texts into generated tickets, which it also appends to all.
func withTexts(tickets iter.Seq2[ports.Dossier, error], made *texts, all *[]commented) iter.Seq2[ports.Dossier, error] {
	return func(yield func(ports.Dossier, error) bool) {
		for d, err := range tickets {
			if err == nil {
				d.Title, d.Description = made.title(), made.description(len(*all))
				*all = append(*all, commented{d.ID, d.CreatedBy, d.CreatedAt})
			}
			if !yield(d, err) {
				return
			}
		}
	}
}

// comment returns the n-th comment on a ticket; one of five is an internal note.
func (t commented) comment(made *texts, n int) ticket.Comment {
	c := ticket.Comment{
		ID: domain.ID(strings.ReplaceAll(uuid.NewString(), "-", "")), TicketID: t.id, Body: made.comment(), Visibility: ticket.Public,
		AuthorID: t.author, CreatedAt: t.at.Add(time.Duration(n+1) * time.Minute),
	}
	if made.random.IntN(5) == 0 {
		c.Visibility = ticket.Internal
	}
	return c
}

// copyComments adds comments by COPY, without the triggers that would mark each ticket for the index: the whole index is built
// afterwards.
func (s *site) copyComments(ctx context.Context, made *texts, all []commented, each int) error {
	c, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	if _, err := c.Exec(ctx, `SET session_replication_role = replica`); err != nil {
		return err
	}
	i := 0
	_, err = c.CopyFrom(ctx, pgx.Identifier{"ticket_comments"}, []string{"id", "ticket_id", "body", "visibility", "author_id", "created_at"},
		pgx.CopyFromFunc(func() ([]any, error) {
			if i == len(all)*each {
				return nil, nil
			}
			x := all[i/each].comment(made, i%each)
			i++
			return []any{string(x.ID), string(x.TicketID), x.Body, string(x.Visibility), string(x.AuthorID), x.CreatedAt}, nil
		}))
	if err != nil {
		return err
	}
	if _, err := c.Exec(ctx, `RESET session_replication_role`); err != nil {
		return err
	}
	_, err = c.Exec(ctx, `VACUUM (ANALYZE) ticket_comments`)
	return err
}

// addComments adds comments through the store.
func addComments(ctx context.Context, store ports.Store, made *texts, all []commented) error {
	const batch = 1000
	for len(all) > 0 {
		some := all[:min(batch, len(all))]
		all = all[len(some):]
		err := store.Update(ctx, func(tx ports.Tx) error {
			for _, t := range some {
				for n := range commentsEach {
					if err := tx.Comments.Add(ctx, t.comment(made, n)); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
