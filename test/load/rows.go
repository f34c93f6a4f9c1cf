package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"tickt/adapters/bunstore"
	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

const (
	pageSize  = 25
	pages     = 8    // different pages that are asked for in turn
	sampled   = 5000 // different tickets that are asked for
	newTitle  = "Load: the printer on the second floor does not print"
	filtering = "status=OPEN,IN_PROGRESS&priority=HIGH,CRITICAL&pageSize=25"
)

// row is one line of the table: what is asked, and how far the service may stay behind the ceiling.
type row struct {
	name    string
	wanted  float64
	request func(token string) func(n int) []byte
	right   func(status int, body []byte) error
	same    int // so many answers are compared with the ceiling's, byte by byte
	opens   bool
}

func (b *bench) rows() []row {
	return []row{
		{name: "one ticket", wanted: 0.5, request: b.asks("GET", b.tickets, ""), right: b.holds(200, `"referenceId":"`), same: 50},
		{
			name: "page of 25 by cursor", wanted: 0.7, request: b.asks("GET", b.cursors, ""), right: b.holds(200, `"results":[{`),
			same: len(b.cursors),
		},
		{
			name: "page of 25 with count", wanted: 0.5, request: b.asks("GET", b.numbers, ""), right: b.holds(200, `"results":[{`),
			same: len(b.numbers),
		},
		{
			name: "create", wanted: 0.35, request: b.asks("POST", []string{"/api/tickets/"}, b.body), right: b.holds(201, `"ticketNumber":"TKT-`),
			opens: true,
		},
		{name: "status change", wanted: 0.35, request: b.changes, right: b.holds(200, `"statusId":"`)},
		{name: "login", request: b.asks("POST", []string{"/api/auth/login/"}, loginBody), right: b.holds(200, `"accessToken":"`)},
	}
}

// asks sends one body to each of some URIs in turn.
func (b *bench) asks(method string, uris []string, body string) func(string) func(int) []byte {
	return func(token string) func(int) []byte {
		ready := make([][]byte, len(uris))
		for i, uri := range uris {
			ready[i] = message(method, uri, token, body)
		}
		return func(n int) []byte { return ready[n%len(ready)] }
	}
}

// changes sets the status of one ticket after the other: all of them to the first status, then all to the second.
func (b *bench) changes(token string) func(int) []byte {
	var ready [2][][]byte
	for i, status := range b.statuses {
		for _, uri := range b.active {
			ready[i] = append(ready[i], message("PATCH", uri, token, fmt.Sprintf(`{"statusId":%q}`, status)))
		}
	}
	return func(int) []byte {
		n := int(b.turn.Add(1))
		return ready[n/len(b.active)%2][n%len(b.active)]
	}
}

func (b *bench) holds(status int, text string) func(int, []byte) error {
	wanted := []byte(text)
	return func(got int, body []byte) error {
		if got != status || !bytes.Contains(body, wanted) {
			return fmt.Errorf("%w: %d %.300s", errWrong, got, body)
		}
		return nil
	}
}

// bench is a service and its ceiling on one site, and what is asked of them.
type bench struct {
	*site
	options
	service  *process
	ceiling  *process
	tickets  []string // URIs of tickets
	active   []string // of those whose status is changed
	cursors  []string // of pages
	numbers  []string
	statuses [2]string
	body     string // of a new ticket
	turn     atomic.Int64
	opened   int // tickets that were acknowledged
}

// choose decides what is asked, and tells the ceiling.
func (b *bench) choose(ctx context.Context, token string) (t task, err error) {
	t.Database = b.url
	if b.tickets, err = b.ids(ctx, `SELECT '/api/ticket/' || id || '/' FROM tickets ORDER BY random() LIMIT $1`, sampled); err != nil {
		return t, err
	}
	b.active, err = b.ids(ctx, `SELECT '/api/ticket/' || t.id || '/' FROM tickets t JOIN ticket_statuses s ON s.id = t.status_id
 WHERE s.code IN ('OPEN', 'IN_PROGRESS') ORDER BY random() LIMIT $1`, sampled)
	if err != nil {
		return t, err
	}
	for i, code := range []string{"IN_PROGRESS", "OPEN"} {
		found, err := b.ids(ctx, `SELECT id FROM ticket_statuses WHERE code = $1`, code)
		if err != nil || len(found) != 1 {
			return t, errors.Join(err, errors.New("the statuses are not those of the seeds"))
		}
		b.statuses[i] = found[0]
	}
	if err := b.pool.QueryRow(ctx, `SELECT password_hash FROM accounts WHERE username = $1`, username).Scan(&t.Hash); err != nil {
		return t, err
	}
	b.body = fmt.Sprintf(`{"title":%q,"description":"It began this morning. Restarting did not help. Order 4711 is waiting for it."}`,
		newTitle)
	store, err := bunstore.Open(ctx, bunstore.Options{URL: b.url, Prepared: true})
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if t.Like, err = b.example(ctx, token, store); err != nil {
		return t, err
	}
	t.Sheets, err = b.walk(ctx, token, store)
	return t, err
}

// example opens a ticket and gives it as it is stored.
func (b *bench) example(ctx context.Context, token string, store ports.Store) (v ticket.View, err error) {
	status, body, err := once(ctx, b.service.address, message("POST", "/api/tickets/", token, b.body))
	if err != nil {
		return v, err
	}
	var made struct {
		Data struct {
			ReferenceID domain.ID `json:"referenceId"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(body), &made); err != nil || status != 201 {
		return v, fmt.Errorf("cannot open a ticket: %d %s", status, body)
	}
	b.opened++
	err = store.View(ctx, func(tx ports.Tx) (err error) {
		v, err = tx.Tickets.Get(ctx, made.Data.ReferenceID, everything)
		return err
	})
	return v, err
}

// walk reads the first pages from the service and from the store side by side, so that the ceiling can be told the
// query behind each URI.
func (b *bench) walk(ctx context.Context, token string, store ports.Store) (sheets []sheet, err error) {
	q := ticket.Query{
		Filter: ticket.Filter{Statuses: []string{"OPEN", "IN_PROGRESS"}, Priorities: []string{"HIGH", "CRITICAL"}},
		Order:  ticket.ByImportance, Now: time.Now().UTC().Truncate(time.Microsecond), Size: pageSize,
	}
	uri := "/api/tickets/?" + filtering + "&cursor="
	for n := range pages + 1 {
		_, body, err := once(ctx, b.service.address, message("GET", uri, token, ""))
		if err != nil {
			return nil, err
		}
		if n > 0 { // the first page's link holds the moment at which it was asked for: no two answers are the same
			sheets = append(sheets, sheet{uri, q, tailOf(body, `],"pageSize"`)})
			b.cursors = append(b.cursors, uri)
			numbered := q
			numbered.Number, numbered.After = n, nil
			uri := fmt.Sprintf("/api/tickets/?%s&page=%d", filtering, n)
			_, body, err := once(ctx, b.service.address, message("GET", uri, token, ""))
			if err != nil {
				return nil, err
			}
			sheets = append(sheets, sheet{uri, numbered, tailOf(body, `],"count"`)})
			b.numbers = append(b.numbers, uri)
		}
		if uri, q.After, err = next(ctx, body, store, q); err != nil {
			return nil, err
		}
	}
	return sheets, nil
}

// next gives where the page after this one is, for the service and for the store.
func next(ctx context.Context, body string, store ports.Store, q ticket.Query) (uri string, after *ticket.Position, err error) {
	var page struct {
		Data struct {
			Links struct {
				Next string `json:"next"`
			} `json:"links"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil {
		return "", nil, err
	}
	err = store.View(ctx, func(tx ports.Tx) error {
		found, err := tx.Tickets.List(ctx, everything, q)
		after = found.Next
		return err
	})
	if err == nil && (after == nil || page.Data.Links.Next == "") {
		err = fmt.Errorf("there are too few tickets for the pages: %.300s", body)
	}
	return page.Data.Links.Next, after, err
}

// tailOf is what follows the results of a list, "]" included.
func tailOf(body, from string) string {
	if i := strings.LastIndex(body, from); i >= 0 {
		return body[i:]
	}
	return ""
}
