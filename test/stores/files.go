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

// images are the files that were prepared in this process, by name.
var images = struct {
	sync.Mutex
	named map[string][]byte
}{named: map[string][]byte{}}

// prepared opens a copy of the file that prepare made when it was first asked to.
func prepared(t testing.TB, name string, prepare func(ports.Store)) ports.Store {
	t.Helper()
	images.Lock()
	defer images.Unlock()
	if images.named[name] == nil {
		images.named[name] = imageOf(t, prepare)
	}
	return opened(t, migrated.Image(t, images.named[name]))
}

func imageOf(t testing.TB, prepare func(ports.Store)) []byte {
	t.Helper()
	url := migrated.File(t)
	s, err := bunstore.Open(t.Context(), bunstore.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	prepare(s)
	if err := s.Close(); err != nil { // with the last connection all that was written goes into the one file
		t.Fatal(err)
	}
	content, err := os.ReadFile(strings.TrimPrefix(url, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func opened(t testing.TB, url string) ports.Store {
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
