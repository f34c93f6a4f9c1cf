package bootstrap

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// healthcheckTimeout is how long the service may take to answer.
const healthcheckTimeout = 5 * time.Second

type healthcheck struct{}

// Run fails where the service at HTTP_ADDR is not there or not ready.
func (healthcheck) Run(ctx context.Context, c Console) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, healthcheckTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+dialAddress(s.HTTPAddr)+"/readyz", http.NoBody)
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

// dialAddress turns an address to listen on into one to call: where all interfaces are meant, this machine's own.
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
