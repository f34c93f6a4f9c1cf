package httpserver

import (
	"net/netip"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"go.uber.org/zap"
)

// clientAddress returns the address of the client: that of the peer or, if the peer is a trusted proxy, the one that the
// proxies report. It returns the zero Addr if the peer has none. While no proxy is trusted, a peer that looks like one is exempt
// from the limit of an address.
func (s *Server) clientAddress(c *fiber.Ctx) netip.Addr {
	peer := peer(c)
	lines := c.Request().Header.PeekAll(fiber.HeaderXForwardedFor)
	if !contains(s.options.TrustedProxies, peer) {
		if len(lines) > 0 {
			s.warnOfProxy(peer)
			if open, ok := c.Context().Conn().(*connection); ok && len(s.options.TrustedProxies) == 0 {
				s.exempt(open, time.Now())
			}
		}
		return peer
	}
	var chain []string
	for _, line := range lines {
		chain = append(chain, string(line))
	}
	return forwarded(peer, strings.Join(chain, ","), s.options.TrustedProxies)
}

// warnOfProxy logs once that a proxy is not trusted. All its clients then have one address, so that the failed sign-ins of
// one of them lock out all.
func (s *Server) warnOfProxy(peer netip.Addr) {
	if s.warned.CompareAndSwap(false, true) {
		s.options.Log.Warn("X-Forwarded-For is ignored, because the address that sent it is not in TRUSTED_PROXIES; "+
			"if it is a proxy, all clients behind it count as one", zap.Stringer("address", peer))
	}
}

// peer returns the address at the other end of the connection.
func peer(c *fiber.Ctx) netip.Addr {
	address, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	return address.Unmap()
}

// forwarded reads X-Forwarded-For from its end, which the nearest proxy wrote, and returns the first address that is not
// a trusted proxy; entries before it may be forged. If the list ends or an entry is malformed, it returns the last address
// that a trusted proxy reported.
func forwarded(peer netip.Addr, list string, proxies []netip.Prefix) netip.Addr {
	address := peer
	for list != "" && contains(proxies, address) {
		entry := list
		if i := strings.LastIndexByte(list, ','); i >= 0 {
			list, entry = list[:i], list[i+1:]
		} else {
			list = ""
		}
		next, ok := parseAddress(strings.TrimSpace(entry))
		if !ok {
			break
		}
		address = next
	}
	return address
}

// parseAddress parses an IP address with or without a port.
func parseAddress(text string) (netip.Addr, bool) {
	address, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	if err != nil {
		withPort, err := netip.ParseAddrPort(text)
		if err != nil {
			return netip.Addr{}, false
		}
		address = withPort.Addr()
	}
	return address.WithZone("").Unmap(), true
}

func contains(prefixes []netip.Prefix, address netip.Addr) bool {
	for _, p := range prefixes {
		if p.Contains(address) {
			return true
		}
	}
	return false
}
