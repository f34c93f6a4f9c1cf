package httpapi

import (
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// address gives the client's address: the peer's, or, where the peer is a trusted proxy, the one that
// the proxies say. It is the zero Addr where the peer has none.
func (a *api) address(c *fiber.Ctx) netip.Addr {
	peer := peer(c)
	if !trusted(peer, a.TrustedProxies) {
		return peer
	}
	var chain []string
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		chain = append(chain, string(line))
	}
	return forwarded(peer, strings.Join(chain, ","), a.TrustedProxies)
}

// peer gives the address at the other end of the connection.
func peer(c *fiber.Ctx) netip.Addr {
	address, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	return address.Unmap()
}

// forwarded walks X-Forwarded-For from its end, where the nearest proxy wrote, and gives the first
// address that is no trusted proxy's: what stands before it, anybody may have made up. Where the list
// ends or makes no sense, the last address that a trusted proxy vouched for counts.
func forwarded(peer netip.Addr, list string, proxies []netip.Prefix) netip.Addr {
	address := peer
	for list != "" && trusted(address, proxies) {
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

// parseAddress reads an IP address, with or without a port.
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

func trusted(address netip.Addr, proxies []netip.Prefix) bool {
	for _, p := range proxies {
		if p.Contains(address) {
			return true
		}
	}
	return false
}
