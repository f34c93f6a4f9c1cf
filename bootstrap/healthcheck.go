package bootstrap

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// healthcheckTimeout limits the request.
const healthcheckTimeout = 5 * time.Second

type healthcheck struct {
	Work bool `help:"Check tickt work at WORK_ADDR instead."`
}

// Run fails if the service at HTTP_ADDR, or tickt work at WORK_ADDR, does not respond or is not ready.
func (x healthcheck) Run(ctx context.Context, c Console) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	address := s.HTTPAddr
	if x.Work {
		if address = s.WorkAddr; address == "" {
			return &WrongSetting{"WORK_ADDR", "is not set, so tickt work cannot be asked"}
		}
	}
	ctx, cancel := context.WithTimeout(ctx, healthcheckTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+dialAddress(address)+"/readyz", http.NoBody)
	if err != nil {
		return err
	}
	response, err := new(http.Transport).RoundTrip(request) // no proxy, no redirect
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the service is not ready: %s", response.Status)
	}
	return nil
}

// dialAddress returns the address at which a server that listens on address can be reached: the loopback address if it listens on
// all interfaces.
func dialAddress(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	ip, err := netip.ParseAddr(host)
	switch {
	case host == "" || err == nil && ip.IsUnspecified() && ip.Is4():
		host = "127.0.0.1"
	case err == nil && ip.IsUnspecified():
		host = "::1"
	}
	return net.JoinHostPort(host, port)
}
