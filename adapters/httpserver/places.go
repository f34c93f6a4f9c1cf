package httpserver

import (
	"net/netip"
	"sync"
	"time"
)

// exemption is how long an address stays exempt from the limit of an address.
const exemption = 10 * time.Minute

// keptShare is the share of the places that strangers cannot take: one in keptShare.
const keptShare = 8

// maxExempt limits how many addresses are remembered as exempt. Further ones have to wait until others expire.
const maxExempt = 10_000

// places are the places of open connections: altogether, and of one address. Some are only for addresses that are exempt or
// trusted, so that strangers from many addresses cannot take those of people who are signed in.
type places struct {
	total   int            // limit of all connections
	each    int            // limit of one address; 0 means none
	trusted []netip.Prefix // addresses that have no limit of their own, as many clients use them

	mu     sync.Mutex
	taken  int
	of     map[netip.Addr]int       // connections of each address that has any
	exempt map[netip.Addr]time.Time // addresses without a limit of their own, until when
}

// refusal is why a connection gets no place; "" if it gets one.
type refusal string

const (
	tooMany          refusal = "Too many connections."
	tooManyOfAddress refusal = "Too many connections from this address."
)

// take takes a place for a connection of an address, unless it is refused. Then the caller must not release it.
func (p *places) take(a netip.Addr) refusal {
	a = holder(a)
	p.mu.Lock()
	defer p.mu.Unlock()
	stranger := !contains(p.trusted, a) && !p.isExempt(a, time.Now())
	switch {
	case stranger && p.each > 0 && p.of[a] >= p.each:
		return tooManyOfAddress
	case p.taken >= p.total, stranger && p.taken >= p.total-p.total/keptShare:
		return tooMany
	}
	p.taken++
	if p.of == nil {
		p.of = map[netip.Addr]int{}
	}
	p.of[a]++
	return ""
}

// release releases the place of a connection of an address.
func (p *places) release(a netip.Addr) {
	a = holder(a)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken--
	if p.of[a]--; p.of[a] <= 0 {
		delete(p.of, a)
	}
}

// exemptAt exempts an address from the limit of an address, for a while from now on.
func (p *places) exemptAt(a netip.Addr, now time.Time) {
	a = holder(a)
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.exempt[a]; !known && len(p.exempt) >= maxExempt {
		for x := range p.exempt {
			if !p.isExempt(x, now) {
				delete(p.exempt, x)
			}
		}
		if len(p.exempt) >= maxExempt {
			return
		}
	}
	if p.exempt == nil {
		p.exempt = map[netip.Addr]time.Time{}
	}
	p.exempt[a] = now.Add(exemption)
}

func (p *places) isExempt(a netip.Addr, now time.Time) bool { return now.Before(p.exempt[a]) }

// holder returns the address that counts for a client: of an IPv6 address its /64 prefix, which one client usually has.
func holder(a netip.Addr) netip.Addr {
	if a = a.Unmap().WithZone(""); !a.Is6() {
		return a
	}
	network, err := a.Prefix(64)
	if err != nil { // cannot happen for an IPv6 address
		return a
	}
	return network.Addr()
}
