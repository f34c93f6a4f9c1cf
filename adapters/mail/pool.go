package mail

import (
	"context"
	"errors"
	"sync"
	"time"
)

// maxPerConnection is the number of mails after which a connection is closed. Servers limit it too.
const maxPerConnection = 100

// pool keeps idle connections for the next mails and limits the number of connections.
type pool struct {
	slots       chan struct{} // one for each connection that may be in use
	idleTimeout time.Duration
	dial        func(context.Context) (*connection, error)

	mu     sync.Mutex // guards the fields below
	idle   []*connection
	closed bool
}

func newPool(size int, idle time.Duration, dial func(context.Context) (*connection, error)) *pool {
	return &pool{slots: make(chan struct{}, size), idleTimeout: idle, dial: dial}
}

// send sends a message on an idle connection or a new one. If the idle connection turns out to be broken, since the server may
// close it at any time, send retries on a new one, but not after sending the content has begun.
func (p *pool) send(ctx context.Context, e envelope) error {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if c := p.take(); c != nil {
		err := p.sendOn(ctx, c, e)
		var broken *connError
		if !errors.As(err, &broken) || broken.contentBegun || ctx.Err() != nil {
			return err
		}
	}
	c, err := p.dial(ctx)
	if err != nil {
		return err
	}
	return p.sendOn(ctx, c, e)
}

func (p *pool) sendOn(ctx context.Context, c *connection, e envelope) error {
	err := c.send(ctx, e)
	var broken *connError
	switch {
	case errors.As(err, &broken), c.unusable:
		_ = c.conn.Close()
	case c.sent >= maxPerConnection:
		c.quit()
	default:
		p.put(c)
	}
	return err
}

// take returns the connection that was used last, or nil if none is idle.
func (p *pool) take() *connection {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.idle) - 1
	if last < 0 {
		return nil
	}
	c := p.idle[last]
	p.idle = p.idle[:last]
	c.idleTimer.Stop()
	return c
}

func (p *pool) put(c *connection) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		go c.quit()
		return
	}
	p.idle = append(p.idle, c)
	c.idleTimer = time.AfterFunc(p.idleTimeout, func() {
		if p.remove(c) {
			c.quit()
		}
	})
}

// remove removes a connection from the idle ones and reports whether it was one of them.
func (p *pool) remove(c *connection) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, other := range p.idle {
		if other == c {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			return true
		}
	}
	return false
}

func (p *pool) close() {
	p.mu.Lock()
	idle := p.idle
	p.idle, p.closed = nil, true
	p.mu.Unlock()
	for _, c := range idle {
		c.idleTimer.Stop()
		c.quit()
	}
}
