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
	pages     = 8    // pages that are requested in turn
	sampled   = 5000 // tickets that are requested in turn
	newTitle  = "Load: the printer on the second floor does not print"
	filtering = "status=OPEN,IN_PROGRESS&priority=HIGH,CRITICAL&pageSize=25"
)

// row is a row of the table: a kind of request, and the wanted ratio of the throughputs of service and ceiling.
type row struct {
	name     string
	wanted   float64
	request  func(token string) func(n int) []byte
	right    func(status int, body []byte) error
	compared int // how many responses must equal those of the ceiling
	opens    bool
	most     int // connections that send it at the same time; 0: as many as there are
}

func (b *bench) rows() []row {
	return []row{
		{name: "one ticket", wanted: 0.5, request: b.cycle("GET", b.tickets, ""), right: b.contains(200, `"referenceId":"`), compared: 50},
		{
			name: "page of 25 by cursor", wanted: 0.7, request: b.cycle("GET", b.cursors, ""), right: b.contains(200, `"results":[{`),
			compared: len(b.cursors),
		},
		{
			name: "page of 25 with count", wanted: 0.5, request: b.cycle("GET", b.numbers, ""), right: b.contains(200, `"results":[{`),
			compared: len(b.numbers),
		},
		{
			name: "create", wanted: 0.35, request: b.cycle("POST", []string{"/api/tickets/"}, b.body),
			right: b.contains(201, `"ticketNumber":"TKT-`),
			opens: true,
		},
		{name: "status change", wanted: 0.35, request: b.statusChanges, right: b.contains(200, `"statusId":"`)},
		{
			name: "login", request: b.cycle("POST", []string{"/api/auth/login/"}, loginBody), right: b.contains(200, `"accessToken":"`),
			most: 4, // more sign-ins of one account are throttled
		},
	}
}

// cycle returns a function that, given a token, returns requests with one body to each of the URIs in turn.
func (b *bench) cycle(method string, uris []string, body string) func(string) func(int) []byte {
	return func(token string) func(int) []byte {
		ready := make([][]byte, len(uris))
		for i, uri := range uris {
			ready[i] = message(method, uri, token, body)
		}
		return func(n int) []byte { return ready[n%len(ready)] }
	}
}

// statusChanges returns, given a token, requests that set the status of one ticket after the other: first all to one
// status, then all to the other.
func (b *bench) statusChanges(token string) func(int) []byte {
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

// contains returns a check of a response: its status, and a text in its body.
func (b *bench) contains(status int, text string) func(int, []byte) error {
	wanted := []byte(text)
	return func(got int, body []byte) error {
		if got != status || !bytes.Contains(body, wanted) {
			return fmt.Errorf("%w: %d %.300s", errWrong, got, body)
		}
		return nil
	}
}

// bench is a service and a ceiling on one site, with what is requested from them.
type bench struct {
	*site
	options
	service  *process
	ceiling  *process
	tickets  []string // URIs of tickets
	active   []string // URIs of tickets whose status is changed
	cursors  []string // URIs of pages by cursor
	numbers  []string // URIs of pages by number
	statuses [2]string
	body     string // of a new ticket
	turn     atomic.Int64
	opened   int // acknowledged tickets
}

// prepare chooses what is requested, and returns the task for the ceiling.
func (b *bench) prepare(ctx context.Context, token string) (t task, err error) {
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
			return t, errors.Join(err, errors.New("the statuses are not the seeded ones"))
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
	t.Pages, err = b.listPages(ctx, token, store)
	return t, err
}

// example opens a ticket and returns it as it is stored.
func (b *bench) example(ctx context.Context, token string, store ports.Store) (v ticket.View, err error) {
	status, body, err := askOnce(ctx, b.service.address, message("POST", "/api/tickets/", token, b.body))
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

// listPages reads the first pages from the service and from the store side by side, to find the query behind each URI.
func (b *bench) listPages(ctx context.Context, token string, store ports.Store) (list []listPage, err error) {
	q := ticket.Query{
		Filter: ticket.Filter{Statuses: []string{"OPEN", "IN_PROGRESS"}, Priorities: []string{"HIGH", "CRITICAL"}},
		Order:  ticket.ByImportance, Now: time.Now().UTC().Truncate(time.Microsecond), Size: pageSize,
	}
	uri := "/api/tickets/?" + filtering + "&cursor="
	for n := range pages + 1 {
		_, body, err := askOnce(ctx, b.service.address, message("GET", uri, token, ""))
		if err != nil {
			return nil, err
		}
		if n > 0 { // the first page is left out: its link has the time of the request, so no two responses are equal
			list = append(list, listPage{uri, q, tailOf(body, `],"pageSize"`)})
			b.cursors = append(b.cursors, uri)
			numbered := q
			numbered.Number, numbered.After = n, nil
			uri := fmt.Sprintf("/api/tickets/?%s&page=%d", filtering, n)
			_, body, err := askOnce(ctx, b.service.address, message("GET", uri, token, ""))
			if err != nil {
				return nil, err
			}
			list = append(list, listPage{uri, numbered, tailOf(body, `],"count"`)})
			b.numbers = append(b.numbers, uri)
		}
		if uri, q.After, err = next(ctx, body, store, q); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// next returns where the next page begins: its URI for the service, and its position for the store.
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

// tailOf returns what follows the results in the body of a list, from the last occurrence of from.
func tailOf(body, from string) string {
	if i := strings.LastIndex(body, from); i >= 0 {
		return body[i:]
	}
	return ""
}
