package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"tickt/adapters/bunstore"
	"tickt/domain/ticket"
	"tickt/ports"
)

const (
	deepPage  = 1000 // from 1
	deepSize  = 10   // tickets on a page: 10,000 tickets make 1000 pages
	repeats   = 21   // measured requests for a page; their median counts
	tolerable = 3.0  // the accepted ratio of the times on the big and the small database
)

// depth is the time that the first and the deep page of an order take on one database.
type depth struct {
	first, deep time.Duration
	plans       [2]plan // of the first and of the deep page
}

// runOrders measures every order on a small and on a big database and prints a comparison.
func (o options) runOrders(ctx context.Context, folder string) error {
	big := o.tickets
	if big == 0 {
		big = 1_000_000
	}
	small, err := o.depths(ctx, folder, o.small)
	if err != nil {
		return err
	}
	large, err := o.depths(ctx, folder, big)
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(out, "\norder\tpage\t%d\t%d\tratio\tplan of the latter\t\n", o.small, big)
	for _, order := range ticket.Orders {
		s, l := small[order], large[order]
		compareDepth(out, string(order), "1", s.first, l.first, l.plans[0])
		compareDepth(out, "", fmt.Sprint(deepPage), s.deep, l.deep, l.plans[1])
	}
	return out.Flush()
}

func compareDepth(out *tabwriter.Writer, order, page string, small, large time.Duration, p plan) {
	ratio := large.Seconds() / small.Seconds()
	mark := ""
	if ratio > tolerable {
		mark = " missed"
	}
	fmt.Fprintf(out, "%s\t%s\t%.2f ms\t%.2f ms\t%.1f%s\t%s\t\n", order, page, small.Seconds()*1000, large.Seconds()*1000, ratio, mark, p)
}

// depths measures every order on a new database.
func (o options) depths(ctx context.Context, folder string, tickets int) (_ map[ticket.Order]depth, err error) {
	s, err := o.newSite(ctx, folder, tickets)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	service, err := s.serve(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, service.stop()) }()
	fmt.Printf("Ready %s after the start.\n", service.ready.Round(time.Millisecond))
	store, err := bunstore.Open(ctx, bunstore.Options{URL: s.url, Prepared: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	all := map[ticket.Order]depth{}
	for _, order := range ticket.Orders {
		if all[order], err = s.depth(ctx, service, store, order); err != nil {
			return nil, fmt.Errorf("%s: %w", order, err)
		}
	}
	now, most := service.memory()
	fmt.Printf("The service holds %d MB, at most %d MB.\n", now, most)
	return all, nil
}

func (s *site) depth(ctx context.Context, service *process, store ports.Store, order ticket.Order) (d depth, err error) {
	token, err := service.signIn(ctx)
	if err != nil {
		return d, err
	}
	c, err := dial(ctx, service.address)
	if err != nil {
		return d, err
	}
	defer func() { _ = c.Close() }()
	uri := fmt.Sprintf("/api/tickets/?order_by=%s&pageSize=%d&cursor=", order, deepSize)
	if d.first, err = c.median(message("GET", uri, token, "")); err != nil {
		return d, err
	}
	q := ticket.Query{Order: order, Now: time.Now().UTC().Truncate(time.Microsecond), Size: deepSize}
	if d.plans[0], err = s.explain(ctx, q); err != nil {
		return d, err
	}
	for range deepPage - 1 {
		if uri, err = c.nextURI(message("GET", uri, token, "")); err != nil {
			return d, err
		}
		if q.After, err = nextPosition(ctx, store, q); err != nil {
			return d, err
		}
	}
	if d.deep, err = c.median(message("GET", uri, token, "")); err != nil {
		return d, err
	}
	d.plans[1], err = s.explain(ctx, q)
	return d, err
}

// median returns the median time of a repeated request. It first sends the request often enough that every database
// connection of the service has prepared its statement.
func (c *connection) median(request []byte) (time.Duration, error) {
	var took []time.Duration
	for n := range 2 * repeats {
		began := time.Now()
		if status, body, err := c.ask(request); err != nil || status != 200 {
			return 0, errors.Join(err, fmt.Errorf("%w: %d %.300s", errWrong, status, body))
		}
		if n >= repeats {
			took = append(took, time.Since(began))
		}
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}

// nextURI requests a page and returns the URI of the next one.
func (c *connection) nextURI(request []byte) (string, error) {
	status, body, err := c.ask(request)
	if err != nil {
		return "", err
	}
	var page struct {
		Data struct {
			Results []json.RawMessage `json:"results"`
			Links   struct {
				Next string `json:"next"`
			} `json:"links"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &page); err != nil || status != 200 || len(page.Data.Results) != deepSize || page.Data.Links.Next == "" {
		return "", errors.Join(err, fmt.Errorf("%w, or too few tickets: %d %.300s", errWrong, status, body))
	}
	return page.Data.Links.Next, nil
}

// nextPosition reads a page from the store and returns the position at which the next one begins.
func nextPosition(ctx context.Context, store ports.Store, q ticket.Query) (after *ticket.Position, err error) {
	err = store.View(ctx, func(tx ports.Tx) error {
		page, err := tx.Tickets.List(ctx, everything, q)
		after = page.Next
		return err
	})
	return after, err
}
