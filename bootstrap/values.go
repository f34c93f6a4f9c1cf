package bootstrap

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"
	_ "time/tzdata" // for systems without time zone data

	"go.uber.org/zap/zapcore"
)

// Secret is a value that is never printed.
type Secret string

func (Secret) String() string { return "[secret]" }

// GoString hides the value from %#v too.
func (s Secret) GoString() string { return s.String() }

// Switch is on or off.
type Switch bool

// UnmarshalText accepts on, true, yes, 1 and off, false, no, 0, in any case.
func (s *Switch) UnmarshalText(text []byte) error {
	switch strings.ToLower(strings.TrimSpace(string(text))) {
	case "on", "true", "yes", "1":
		*s = true
	case "off", "false", "no", "0":
		*s = false
	default:
		return errors.New("must be on or off")
	}
	return nil
}

// Level is the lowest level of log lines that are written.
type Level struct{ zapcore.Level }

// UnmarshalText accepts debug, info, warn and error, in any case. Higher levels would hide errors.
func (l *Level) UnmarshalText(text []byte) error {
	level, err := zapcore.ParseLevel(strings.TrimSpace(string(text)))
	if err != nil || level > zapcore.ErrorLevel {
		return errors.New("must be debug, info, warn or error")
	}
	l.Level = level
	return nil
}

// Zone is a time zone.
type Zone struct{ *time.Location }

// UnmarshalText reads the name of an IANA time zone. It refuses "Local", since responses must not depend on the machine.
func (z *Zone) UnmarshalText(text []byte) error {
	name := strings.TrimSpace(string(text))
	location, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return fmt.Errorf("must be the name of a time zone such as Asia/Kathmandu, not %q", name)
	}
	z.Location = location
	return nil
}

// Networks is a list of networks.
type Networks []netip.Prefix

// UnmarshalText reads addresses and CIDR prefixes, separated by commas.
func (n *Networks) UnmarshalText(text []byte) error {
	for _, part := range split(text) {
		prefix, err := netip.ParsePrefix(part)
		if address, err2 := netip.ParseAddr(part); err2 == nil && address.Zone() == "" {
			prefix, err = address.Prefix(address.BitLen())
		}
		if err != nil {
			return fmt.Errorf("must be addresses or networks separated by commas; %q is neither", part)
		}
		*n = append(*n, prefix.Masked())
	}
	return nil
}

// Origins is a list of web origins (RFC 6454), or "*" alone for any.
type Origins []string

// UnmarshalText reads origins, separated by commas.
func (o *Origins) UnmarshalText(text []byte) error {
	parts := split(text)
	for _, part := range parts {
		u, err := url.Parse(part)
		if part != "*" && (err != nil || !isSite(part) || u.Scheme+"://"+u.Host != part) {
			return fmt.Errorf("must be origins such as https://example.org, separated by commas; %q is not one", part)
		}
		if part == "*" && len(parts) > 1 {
			return errors.New("must be * or a list of origins, not both")
		}
	}
	*o = parts
	return nil
}

// split returns the parts between commas, trimmed, without empty ones.
func split(text []byte) (parts []string) {
	for part := range strings.SplitSeq(string(text), ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}
