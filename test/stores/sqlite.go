package stores

import (
	"os"
	"strings"
	"sync"
	"testing"

	"tickt/adapters/bunstore"
	"tickt/ports"
	"tickt/test/migrated"
)

// images are the contents of the files that this process has prepared, by name.
var images = struct {
	sync.Mutex
	named map[string][]byte
}{named: map[string][]byte{}}

// openImage opens a store on a copy of the file of a name. The first call for a name prepares the file.
func openImage(t testing.TB, name string, prepare func(ports.Store)) ports.Store {
	t.Helper()
	images.Lock()
	defer images.Unlock()
	if images.named[name] == nil {
		images.named[name] = imageOf(t, prepare)
	}
	return openFile(t, migrated.Image(t, images.named[name]))
}

// imageOf returns the content of a new file after prepare.
func imageOf(t testing.TB, prepare func(ports.Store)) []byte {
	t.Helper()
	url := migrated.File(t)
	s, err := bunstore.Open(t.Context(), bunstore.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	prepare(s)
	if err := s.Close(); err != nil { // moves the content of the WAL into the file
		t.Fatal(err)
	}
	content, err := os.ReadFile(strings.TrimPrefix(url, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// openFile opens a store on an SQLite database until the test ends.
func openFile(t testing.TB, url string) ports.Store {
	t.Helper()
	s, err := bunstore.Open(t.Context(), bunstore.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
