package bootstrap

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestSecretIsGeneratedOnceAndPrivate(t *testing.T) {
	s := load(t, "DATA_DIR="+filepath.Join(t.TempDir(), "new", "var"))
	first, err := s.secret()
	if err != nil || len(first) < minProductionKey {
		t.Fatalf("%d bytes, %v", len(first), err)
	}
	again, err := s.secret()
	if err != nil || string(again) != string(first) {
		t.Errorf("another key, or %v", err)
	}
	for path, want := range map[string]os.FileMode{s.DataDir: 0o700, filepath.Join(s.DataDir, "secret_key"): 0o600} {
		if f, err := os.Stat(path); err != nil || f.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, f, err)
		}
	}
	if left, _ := filepath.Glob(s.DataDir + "/.secret*"); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestConcurrentStartsShareTheSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret_key")
	var keys sync.Map
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			key, err := loadSecret(path)
			if err != nil {
				t.Error(err)
			}
			keys.Store(string(key), true)
		})
	}
	wg.Wait()
	n := 0
	keys.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d keys", n)
	}
}

func TestStoredSecretMustNotBeTooShort(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret_key")
	write(t, path, "short\n")
	if _, err := loadSecret(path); err == nil || strings.Contains(err.Error(), "short\n") {
		t.Errorf("got %v", err)
	}
}

func TestProductionNeedsSecretKey(t *testing.T) {
	s := load(t, "MODE=production", "DATA_DIR="+t.TempDir())
	_, err := s.secret()
	var w *WrongSetting
	if !errors.As(err, &w) || w.Name != "SECRET_KEY" {
		t.Errorf("got %v", err)
	}
	s = load(t, "MODE=Production", "SECRET_KEY="+strings.Repeat("k", minProductionKey))
	if key, err := s.secret(); err != nil || len(key) != minProductionKey {
		t.Errorf("%d bytes, %v", len(key), err)
	}
}

func TestShortSecretKeyIsAcceptedInDevelopment(t *testing.T) {
	s := load(t, "SECRET_KEY=your_secret_key_here")
	if key, err := s.secret(); err != nil || string(key) != "your_secret_key_here" {
		t.Errorf("%q, %v", key, err)
	}
}
