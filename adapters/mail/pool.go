package mail

import (
	"context"
	"errors"
	"sync"
	"time"
)

// perConnection is how many mails go over one connection: servers end those that never end themselves.
const perConnection = 100

// pool keeps a few connections for the mails that come next.
type pool struct {
	slots chan struct{} // one for each connection that may be in use
	idle  time.Duration
	dial  func(context.Context) (*connection, error)

	guard   sync.Mutex // of the two below
	waiting []*connection
	closed  bool
}

func newPool(size int, idle time.Duration, dial func(context.Context) (*connection, error)) *pool {
	return &pool{slots: make(chan struct{}, size), idle: idle, dial: dial}
}

// send hands a message over on a connection that waits, or a new one. One that broke while it waited, as the server
// may end it at any time, is replaced; once the content was on its way, nothing is sent a second time.
func (p *pool) send(ctx context.Context, e envelope) error {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if c := p.take(); c != nil {
		err := p.sendOn(ctx, c, e)
		var broke *broken
		if !errors.As(err, &broke) || broke.begun || ctx.Err() != nil {
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
	var broke *broken
	switch {
	case errors.As(err, &broke), c.lost:
		_ = c.wire.Close()
	case c.sent >= perConnection:
		c.end()
	default:
		p.keep(c)
	}
	return err
}

// take gives the connection that has waited least, nil where none waits.
func (p *pool) take() *connection {
	p.guard.Lock()
	defer p.guard.Unlock()
	last := len(p.waiting) - 1
	if last < 0 {
		return nil
	}
	c := p.waiting[last]
	p.waiting = p.waiting[:last]
	c.idle.Stop()
	return c
}

func (p *pool) keep(c *connection) {
	p.guard.Lock()
	defer p.guard.Unlock()
	if p.closed {
		go c.end()
		return
	}
	p.waiting = append(p.waiting, c)
	c.idle = time.AfterFunc(p.idle, func() {
		if p.leave(c) {
			c.end()
		}
	})
}

// leave takes a connection out of those that wait, and says whether it was among them.
func (p *pool) leave(c *connection) bool {
	p.guard.Lock()
	defer p.guard.Unlock()
	for i, w := range p.waiting {
		if w == c {
			p.waiting = append(p.waiting[:i], p.waiting[i+1:]...)
			return true
		}
	}
	return false
}

func (p *pool) close() {
	p.guard.Lock()
	waiting := p.waiting
	p.waiting, p.closed = nil, true
	p.guard.Unlock()
	for _, c := range waiting {
		c.idle.Stop()
		c.end()
	}
}
