package httpapi

import (
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"tickt/ports"
)

// page is a page of a list that is read by page number.
type page[T any] struct {
	Results     []T       `json:"results"`
	Count       int       `json:"count"` // of all pages
	PageSize    int       `json:"pageSize"`
	CurrentPage int       `json:"currentPage"`
	TotalPages  int       `json:"totalPages"` // at least 1: an empty list has one empty page
	Links       pageLinks `json:"links"`
}

type pageLinks struct {
	Next     *string `json:"next"`
	Previous *string `json:"previous"`
	First    string  `json:"first"`
	Last     string  `json:"last"`
}

// pageOf returns the page of a list with its links. It fails if the page is past the end.
func pageOf[T, V any](c *fiber.Ctx, w ports.Page, count int, items []T, show func(T) V) (page[V], error) {
	last, err := w.Last(count)
	if err != nil {
		return page[V]{}, err
	}
	at := func(n int) *string {
		if n < 1 || n > last {
			return nil
		}
		link := linkTo(c, "page", strconv.Itoa(n))
		return &link
	}
	return page[V]{
		Results: each(items, show), Count: count, PageSize: w.Size, CurrentPage: w.Number, TotalPages: last,
		Links: pageLinks{Next: at(w.Number + 1), Previous: at(w.Number - 1), First: *at(1), Last: *at(last)},
	}, nil
}

// linkTo returns the URL of the request with one query parameter changed. It is an absolute-path reference (RFC 3986
// §4.2), because scheme and host would come from headers that a client or a proxy sets.
func linkTo(c *fiber.Ctx, name, value string) string {
	args := fasthttp.AcquireArgs()
	defer fasthttp.ReleaseArgs(args)
	c.Context().QueryArgs().CopyTo(args)
	args.Set(name, value)
	return c.Path() + "?" + args.String()
}

// each applies show to every item. The result is never nil.
func each[T, V any](items []T, show func(T) V) []V {
	out := make([]V, len(items))
	for i, item := range items {
		out[i] = show(item)
	}
	return out
}

// orNull returns a pointer to v, nil if v is the zero value.
func orNull[T comparable](v T) *T {
	var unset T
	if v == unset {
		return nil
	}
	return &v
}
