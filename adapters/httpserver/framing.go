package httpserver

import (
	"bytes"
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// errFraming is the error of a request that a proxy might delimit in another way than this server. Such a request can
// smuggle another one past the proxy (RFC 9112 §11.2).
var errFraming = errors.New("malformed request")

// checkFraming refuses what the HTTP library accepts, although RFC 9112 calls it malformed or leaves it to the server:
// other versions than 1.0 and 1.1 (§2.3), lines that end without CR (§2.2), folded lines (§5.2), and several or other
// codings than chunked, or a length beside them (§6.1, §6.3).
func checkFraming(h *fasthttp.RequestHeader) error {
	if p := h.Protocol(); string(p) != "HTTP/1.1" && string(p) != "HTTP/1.0" {
		return errFraming
	}
	lengths, codings := 0, 0
	for line := range bytes.Lines(h.RawHeaders()) {
		if !bytes.HasSuffix(line, []byte("\r\n")) || line[0] == ' ' || line[0] == '\t' {
			return errFraming
		}
		switch name, value, _ := bytes.Cut(line, []byte(":")); {
		case len(name) == len(fiber.HeaderContentLength) && bytes.EqualFold(name, []byte(fiber.HeaderContentLength)):
			lengths++
		case len(name) == len(fiber.HeaderTransferEncoding) && bytes.EqualFold(name, []byte(fiber.HeaderTransferEncoding)):
			if codings++; !bytes.EqualFold(bytes.TrimSpace(value), []byte("chunked")) {
				return errFraming
			}
		}
	}
	if lengths+codings > 1 {
		return errFraming
	}
	return nil
}

// checkExpectation refuses Expect headers other than one with 100-continue (RFC 9110 §10.1.1).
func checkExpectation(h *fasthttp.RequestHeader) error {
	all := h.PeekAll(fiber.HeaderExpect)
	if len(all) > 1 || len(all) == 1 && !bytes.EqualFold(all[0], []byte("100-continue")) {
		return fiber.ErrExpectationFailed
	}
	return nil
}
