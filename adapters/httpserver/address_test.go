package httpserver

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
)

var proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}

func TestForwardedAddressIsTheLastUntrustedOne(t *testing.T) {
	for _, tc := range []struct {
		name, list, want string
	}{
		{"no header", "", "10.0.0.1"},
		{"one client", "203.0.113.7", "203.0.113.7"},
		{"forged entry before it", "6.6.6.6, 203.0.113.7", "203.0.113.7"},
		{"through two proxies", "6.6.6.6, 203.0.113.7, 10.0.0.9", "203.0.113.7"},
		{"client in a trusted network", "10.1.1.1, 10.0.0.9", "10.1.1.1"},
		{"garbage from the nearest proxy", "203.0.113.7, garbage", "10.0.0.1"},
		{"garbage behind a proxy", "garbage, 10.0.0.9", "10.0.0.9"},
		{"empty entry", "203.0.113.7,", "10.0.0.1"},
		{"with port", "203.0.113.7:4711", "203.0.113.7"},
		{"IPv6", "2001:db8::1", "2001:db8::1"},
		{"IPv6 in brackets", "[2001:db8::1]", "2001:db8::1"},
		{"IPv6 with port", "[2001:db8::1]:443", "2001:db8::1"},
		{"IPv6 proxy", "203.0.113.7, fd00::1", "203.0.113.7"},
		{"mapped IPv4", "::ffff:203.0.113.7", "203.0.113.7"},
		{"zone", "fe80::1%eth0", "fe80::1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := forwarded(netip.MustParseAddr("10.0.0.1"), tc.list, proxies); got != netip.MustParseAddr(tc.want) {
				t.Errorf("%s, want %s", got, tc.want)
			}
		})
	}
}

func TestForwardedAddressIsAcceptedOnlyFromTrustedProxies(t *testing.T) {
	routes := func(r fiber.Router) {
		r.Get("/who", func(c *fiber.Ctx) error { return WriteJSON(c, fiber.StatusOK, RequestOf(c).Address) })
	}
	behind := run(t, routes, func(o *Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} })
	exposed := run(t, routes, nil)
	for _, tc := range []struct {
		name    string
		e       *testServer
		headers []string
		want    string
	}{
		{"trusted", behind, []string{"X-Forwarded-For", "203.0.113.7"}, "203.0.113.7"},
		{"in two headers", behind, []string{"X-Forwarded-For", "6.6.6.6", "X-Forwarded-For", "203.0.113.7"}, "203.0.113.7"},
		{"IPv6", behind, []string{"X-Forwarded-For", "2001:db8:1:2:3:4:5:6"}, "2001:db8:1:2:3:4:5:6"},
		{"untrusted", exposed, []string{"X-Forwarded-For", "203.0.113.7"}, "127.0.0.1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := tc.e.Ask("GET", "/api/who", "", tc.headers...).Body; got != `"`+tc.want+`"` {
				t.Errorf("%s, want %s", got, tc.want)
			}
		})
	}
}

func FuzzAddress(f *testing.F) {
	for _, seed := range []string{"", "203.0.113.7", "6.6.6.6, 10.0.0.9", "[2001:db8::1]:443", "fe80::1%eth0,,", "[", "::ffff:10.0.0.1"} {
		f.Add(seed)
	}
	peer := netip.MustParseAddr("10.0.0.1")
	f.Fuzz(func(t *testing.T, list string) {
		got := forwarded(peer, list, proxies)
		if !got.IsValid() || got.Is4In6() || got.Zone() != "" {
			t.Errorf("%q gave %v", list, got)
		}
		if far := forwarded(netip.MustParseAddr("203.0.113.7"), list, proxies); far.String() != "203.0.113.7" {
			t.Errorf("%q was accepted from an untrusted peer: %v", list, far)
		}
	})
}

func TestUntrustedProxyIsLoggedOnce(t *testing.T) {
	behind := run(t, nil, func(o *Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} })
	exposed := run(t, nil, nil)
	count := func(e *testServer) int { return strings.Count(e.log.String(), "TRUSTED_PROXIES") }
	exposed.Ask("GET", "/healthz", "")
	if n := count(exposed); n != 0 {
		t.Errorf("logged %d times without the header", n)
	}
	for range 3 {
		exposed.Ask("GET", "/healthz", "", "X-Forwarded-For", "203.0.113.7")
		behind.Ask("GET", "/healthz", "", "X-Forwarded-For", "203.0.113.7")
	}
	if once, never := count(exposed), count(behind); once != 1 || never != 0 {
		t.Errorf("logged %d times for a proxy that is not trusted, %d times for one that is", once, never)
	}
}
