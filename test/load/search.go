package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"tickt/domain"
)

// search is a kind of search: its texts are used in turn.
type search struct {
	name   string
	texts  []string
	rest   string        // more of the query string
	target time.Duration // for the median; 0: none
	after  bool          // whether frequent words are searched before, so often that every connection keeps their plan
}

func (o options) searches() []search {
	var rare, pairs, quoted []string
	for n := range rareWords {
		rare = append(rare, rareWord(n))
		pairs = append(pairs, halfWord+" "+rareWord(n))
		quoted = append(quoted, `"`+rareWord(n)+`"`)
	}
	target := func(postgres time.Duration) time.Duration {
		if o.sqlite {
			return 30 * time.Millisecond
		}
		return postgres
	}
	return []search{
		{name: "rare word", texts: rare, target: target(10 * time.Millisecond)},
		{name: "rare word after frequent ones", texts: rare, target: target(10 * time.Millisecond), after: true},
		{name: "rare word, by cursor", texts: rare, rest: "&cursor=", target: target(10 * time.Millisecond)},
		{name: "rare word in quotes", texts: quoted, target: target(10 * time.Millisecond)},
		{name: "part of a rare run of Han", texts: []string{string([]rune(rareHan)[1:3]), string([]rune(rareHan)[1:])}},
		{name: "two words, one in 50 %", texts: pairs, target: target(30 * time.Millisecond)},
		{name: "two words, in 50 % and 10 %", texts: []string{halfWord + " " + tenthWord}},
		{name: "word in 10 %, with count", texts: []string{tenthWord}, target: target(150 * time.Millisecond)},
		{name: "word in 50 %, with count", texts: []string{halfWord}, target: target(150 * time.Millisecond)},
		{name: "word in 10 %, by cursor", texts: []string{tenthWord}, rest: "&cursor=", target: target(20 * time.Millisecond)},
		{name: "word in 50 %, by cursor", texts: []string{halfWord}, rest: "&cursor=", target: target(20 * time.Millisecond)},
		{
			name: "word in 50 %, newest first, by cursor", texts: []string{halfWord}, rest: "&cursor=&order_by=created",
			target: target(20 * time.Millisecond),
		},
		{name: "word in 50 %, of one status", texts: []string{halfWord}, rest: "&status=OPEN"},
		{name: "word that no text has", texts: []string{"zyzzyva"}, target: target(10 * time.Millisecond)},
	}
}

// runSearch measures searches, the index and the cost of a comment.
func (o options) runSearch(ctx context.Context, folder string) (err error) {
	if o.tickets == 0 {
		o.tickets = 1_000_000
		if o.sqlite {
			o.tickets = 100_000
		}
	}
	s, err := o.searchSite(ctx, folder)
	if err != nil {
		return err
	}
	defer func() {
		if o.database == "" {
			err = errors.Join(err, s.close())
		}
	}()
	service, err := s.serve(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, service.stop()) }()
	if err := s.awaitIndex(ctx); err != nil {
		return err
	}
	if err := o.measureSearches(ctx, service); err != nil || s.pool == nil {
		return err
	}
	if err := s.printIndexes(ctx); err != nil {
		return err
	}
	return s.measureComments(ctx, service)
}

// awaitIndex waits until the service has filled the index, if it has one that it fills, and prints how long that took.
func (s *site) awaitIndex(ctx context.Context) error {
	if s.pool == nil {
		return nil
	}
	began := time.Now()
	for printed := time.Now(); ; {
		left, err := s.ids(ctx, `SELECT kind || ' after ' || position FROM derived_walks WHERE NOT done`)
		if err != nil || len(left) == 0 {
			fmt.Println("The index was complete", time.Since(began).Round(time.Second), "after the start.")
			return err
		}
		if time.Since(printed) > 30*time.Second {
			printed = time.Now()
			fmt.Println("Still to be filled:", strings.Join(left, ", "))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

func (o options) measureSearches(ctx context.Context, service *process) error {
	fmt.Printf(searchRow, "\nsearch", "count", "p50 ms", "p90 ms", "most ms", "target")
	for _, x := range o.searches() {
		if !strings.HasPrefix(x.name, o.only) {
			continue
		}
		if err := x.measure(ctx, service); err != nil {
			fmt.Printf("%s: %v\n", x.name, err)
		}
	}
	return ctx.Err()
}

// frequentFor is how long frequent words are searched, on two connections, before rare ones are.
const frequentFor = 10 * time.Second

const searchRow = "%-40s%10s%10s%10s%10s  %s\n"

// measure sends each text of a search, in turn, and prints a row of the table.
func (x search) measure(ctx context.Context, service *process) error {
	token, err := service.signIn(ctx)
	if err != nil {
		return err
	}
	if x.after {
		frequent := message("GET", searchURI(halfWord, ""), token, "")
		all := measure(ctx, service.address, 2, frequentFor, func(int) []byte { return frequent }, func(int, []byte) error { return nil })
		if all.failed > 0 {
			return all.failure
		}
	}
	c, err := dial(ctx, service.address)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	var took sample
	var count string
	for n := range 2*repeats + len(x.texts) {
		began := time.Now()
		status, body, err := c.ask(message("GET", searchURI(x.texts[n%len(x.texts)], x.rest), token, ""))
		if err != nil || status != 200 {
			return errors.Join(err, fmt.Errorf("%w: %d %.300s", errWrong, status, body))
		}
		if n >= repeats || x.after {
			took.latencies = append(took.latencies, time.Since(began))
		}
		if count, err = countIn(body); err != nil {
			return err
		}
	}
	verdict := ""
	if x.target > 0 {
		verdict = fmt.Sprint("< ", x.target)
		if took.percentile(50) >= x.target {
			verdict += " missed"
		}
	}
	fmt.Printf(searchRow, x.name, count, inMS(took.percentile(50)), inMS(took.percentile(90)),
		inMS(slices.Max(took.latencies)), verdict)
	return nil
}

func searchURI(text, rest string) string {
	return "/api/tickets/?pageSize=25&search=" + url.QueryEscape(text) + rest
}

// countIn returns the count of a page, or the number of its results if it has no count.
func countIn(body []byte) (string, error) {
	var page struct {
		Data struct {
			Results []json.RawMessage `json:"results"`
			Count   *int              `json:"count"`
		} `json:"data"`
	}
	err := json.Unmarshal(body, &page)
	if page.Data.Count == nil {
		return fmt.Sprintf("(%d)", len(page.Data.Results)), err
	}
	return fmt.Sprint(*page.Data.Count), err
}

func inMS(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000) }

// printIndexes prints the sizes of everything that holds the words of tickets.
func (s *site) printIndexes(ctx context.Context) error {
	lines, err := s.ids(ctx, `SELECT c.relname || ': ' || pg_size_pretty(pg_relation_size(c.oid)) || CASE WHEN c.reltoastrelid <> 0
 THEN ', toast ' || pg_size_pretty(pg_total_relation_size(c.reltoastrelid)) ELSE '' END FROM pg_class c
 WHERE c.relkind IN ('r', 'i') AND (c.relname LIKE 'ticket%search%' OR c.relname = 'tickets') ORDER BY c.relname`)
	fmt.Println("\n" + strings.Join(lines, "\n"))
	return err
}

// measureComments measures what a comment costs on tickets with few and with many comments.
func (s *site) measureComments(ctx context.Context, service *process) error {
	made := newTexts(1)
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "\ncomments before\tp50 ms\tp90 ms\tWAL bytes per comment")
	for _, before := range []int{commentsEach, 100, 1000} {
		var t commented
		var id, author string
		err := s.pool.QueryRow(ctx, `SELECT t.id, t.created_by, t.created_at FROM tickets t JOIN ticket_statuses s ON s.id = t.status_id
 WHERE s.status_type = 'open' AND t.deleted_at IS NULL
 AND (SELECT count(*) FROM ticket_comments c WHERE c.ticket_id = t.id) = $1 LIMIT 1`, commentsEach).Scan(&id, &author, &t.at)
		if err != nil {
			return err
		}
		t.id, t.author = domain.ID(id), domain.ID(author)
		if err := s.copyComments(ctx, made, []commented{t}, before-commentsEach); err != nil {
			return err
		}
		all, wal, err := s.comment(ctx, service, made, id)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%d\t%s\t%s\t%d\n", before, inMS(all.percentile(50)), inMS(all.percentile(90)), wal)
	}
	return out.Flush()
}

// comment writes comments on a ticket, one after the other, and returns the times and the bytes of WAL that each takes.
func (s *site) comment(ctx context.Context, service *process, made *texts, id string) (all sample, wal int64, err error) {
	token, err := service.signIn(ctx)
	if err != nil {
		return all, 0, err
	}
	c, err := dial(ctx, service.address)
	if err != nil {
		return all, 0, err
	}
	defer func() { _ = c.Close() }()
	var start, end int64
	const position = `SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint`
	for n := range 2 * repeats {
		if n == repeats {
			if err := s.pool.QueryRow(ctx, position).Scan(&start); err != nil {
				return all, 0, err
			}
		}
		body, err := json.Marshal(map[string]string{"body": made.comment()})
		if err != nil {
			return all, 0, err
		}
		began := time.Now()
		status, answer, err := c.ask(message("POST", "/api/ticket/"+id+"/comments/", token, string(body)))
		if err != nil || status != 201 || !bytes.Contains(answer, []byte(`"referenceId"`)) {
			return all, 0, errors.Join(err, fmt.Errorf("%w: %d %.300s", errWrong, status, answer))
		}
		if n >= repeats {
			all.latencies = append(all.latencies, time.Since(began))
		}
	}
	err = s.pool.QueryRow(ctx, position).Scan(&end)
	return all, (end - start) / repeats, err
}
