package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"
)

// runTable measures service and ceiling in turn and prints a table.
func (o options) runTable(ctx context.Context, folder string) (err error) {
	tickets := o.tickets
	if tickets == 0 {
		tickets = 100_000
	}
	s, err := o.newSite(ctx, folder, tickets)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	b := &bench{site: s, options: o}
	if b.service, err = s.serve(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.service.stop()) }()
	token, err := b.service.signIn(ctx)
	if err != nil {
		return err
	}
	t, err := b.prepare(ctx, token)
	if err != nil {
		return err
	}
	if b.ceiling, err = s.startCeiling(ctx, t); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.ceiling.stop()) }()
	fmt.Printf("%d connections, %d turns of %s each; ready %s after the start.\n\n", o.connections, o.rounds, o.every,
		b.service.ready.Round(time.Millisecond))
	return b.table(ctx, tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight))
}

func (b *bench) table(ctx context.Context, out *tabwriter.Writer) error {
	fmt.Fprintln(out, "\tservice/s\tp50 ms\tp99 ms\terrors\tceiling/s\tp50 ms\tp99 ms\terrors\tratio\twanted\t")
	var failure error
	for _, r := range b.rows() {
		if !strings.HasPrefix(r.name, b.only) {
			continue
		}
		if err := b.compare(ctx, r); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		service, ceiling, err := b.measureRow(ctx, r)
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		ratio := 0.0
		if ceiling.perSecond() > 0 {
			ratio = service.perSecond() / ceiling.perSecond()
		}
		wanted := ""
		if r.wanted > 0 {
			wanted = fmt.Sprintf("%.2f", r.wanted)
			if ratio < r.wanted {
				wanted += " missed"
			}
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%.2f\t%s\t\n", r.name, service.cells(), ceiling.cells(), ratio, wanted)
		failure = errors.Join(failure, service.failure, ceiling.failure)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	now, most := b.service.memory()
	fmt.Printf("\nThe service holds %d MB, at most %d MB.\n", now, most)
	return errors.Join(failure, b.checkCreated(ctx))
}

func (s *sample) cells() string {
	ms := func(d time.Duration) string { return fmt.Sprintf("%.2f", float64(d.Microseconds())/1000) }
	return fmt.Sprintf("%.0f\t%s\t%s\t%d", s.perSecond(), ms(s.percentile(50)), ms(s.percentile(99)), s.failed)
}

// measureRow measures ceiling and service in turn. Each round signs in again, since access tokens expire after five
// minutes, and each turn begins with requests that are not counted.
func (b *bench) measureRow(ctx context.Context, r row) (service, ceiling sample, err error) {
	for range b.rounds {
		token, err := b.service.signIn(ctx)
		if err != nil {
			return service, ceiling, err
		}
		request, connections := r.request(token), b.connections
		if r.most != 0 {
			connections = min(connections, r.most)
		}
		for _, turn := range []struct {
			target *process
			all    *sample
		}{{b.ceiling, &ceiling}, {b.service, &service}} {
			warm := measure(ctx, turn.target.address, connections, b.every/10, request, r.right)
			counted := measure(ctx, turn.target.address, connections, b.every, request, r.right)
			turn.all.add(counted)
			if r.opens {
				b.opened += len(warm.latencies) + len(counted.latencies)
			}
		}
	}
	return service, ceiling, nil
}

// compare sends requests of a row to both and returns an error if the responses differ.
func (b *bench) compare(ctx context.Context, r row) error {
	token, err := b.service.signIn(ctx)
	if err != nil {
		return err
	}
	request := r.request(token)
	for n := range r.compared {
		_, service, err := askOnce(ctx, b.service.address, request(n))
		if err != nil {
			return err
		}
		_, ceiling, err := askOnce(ctx, b.ceiling.address, request(n))
		if err != nil {
			return err
		}
		if service != ceiling {
			return fmt.Errorf("%w: the service returns\n%s\nand the ceiling\n%s", errWrong, service, ceiling)
		}
	}
	return nil
}

// checkCreated returns an error unless the number of stored tickets equals that of acknowledged ones.
func (b *bench) checkCreated(ctx context.Context) error {
	var stored int
	if err := b.pool.QueryRow(ctx, `SELECT count(*) FROM tickets WHERE title = $1`, newTitle).Scan(&stored); err != nil {
		return err
	}
	if stored != b.opened {
		return fmt.Errorf("%w: %d tickets were acknowledged, %d are stored", errWrong, b.opened, stored)
	}
	return nil
}
