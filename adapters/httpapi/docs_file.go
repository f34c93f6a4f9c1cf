package httpapi

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// file is a static file, served plain or compressed with gzip.
type file struct {
	mime, cache string // Content-Type and Cache-Control
	bodies      func() (bodies, error)
}

// bodies are the two forms of a file. Each has its own entity tag, because a strong tag identifies the exact bytes.
type bodies struct {
	plain, zipped       []byte
	plainTag, zippedTag string
}

// inMemory returns a file with the content that read returns.
func inMemory(mime, cache string, read func() ([]byte, error)) *file {
	return &file{mime, cache, sync.OnceValues(func() (bodies, error) {
		plain, err := read()
		if err != nil {
			return bodies{}, err
		}
		var zipped bytes.Buffer
		w := gzip.NewWriter(&zipped)
		if _, err := w.Write(plain); err != nil {
			return bodies{}, err
		}
		if err := w.Close(); err != nil {
			return bodies{}, err
		}
		return tagged(plain, zipped.Bytes()), nil
	})}
}

// embedded returns a file of from.
func embedded(from fs.ReadFileFS, name, mime, cache string) *file {
	return inMemory(mime, cache, func() ([]byte, error) { return from.ReadFile(name) })
}

// zipped returns a file that from holds compressed with gzip.
func zipped(from fs.ReadFileFS, name, mime, cache string) *file {
	return &file{mime, cache, sync.OnceValues(func() (bodies, error) {
		zipped, err := from.ReadFile(name)
		if err != nil {
			return bodies{}, err
		}
		r, err := gzip.NewReader(bytes.NewReader(zipped))
		if err != nil {
			return bodies{}, err
		}
		plain, err := io.ReadAll(r)
		if err != nil {
			return bodies{}, err
		}
		return tagged(plain, zipped), nil
	})}
}

func tagged(plain, zipped []byte) bodies {
	return bodies{plain: plain, zipped: zipped, plainTag: tagOf(plain), zippedTag: tagOf(zipped)}
}

// serve responds with the file, or with 304 if the client has the current one.
func (f *file) serve(c *fiber.Ctx) error {
	known, err := conditionIn(c, fiber.HeaderIfNoneMatch)
	if err != nil {
		return err
	}
	b, err := f.bodies()
	if err != nil {
		return err
	}
	body, tag := b.plain, b.plainTag
	if c.Request().Header.HasAcceptEncoding("gzip") {
		body, tag = b.zipped, b.zippedTag
		c.Set(fiber.HeaderContentEncoding, "gzip")
	}
	c.Vary(fiber.HeaderAcceptEncoding)
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, f.cache)
	if known.matches(tag, weakly) {
		c.Response().Header.Del(fiber.HeaderContentEncoding)
		c.Response().Header.SetNoDefaultContentType(true)
		c.Status(fiber.StatusNotModified)
		return nil
	}
	c.Set(fiber.HeaderContentType, f.mime)
	c.Response().SetBodyRaw(body)
	return nil
}
