package bootstrap

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// secret gives the key that signs tokens: SECRET_KEY, or, outside of production, one that is made once and kept
// in DATA_DIR.
func (s *Settings) secret() ([]byte, error) {
	if s.SecretKey != "" {
		return []byte(s.SecretKey), nil
	}
	if s.production() {
		return nil, &WrongSetting{"SECRET_KEY", fmt.Sprintf("is needed in production, with at least %d bytes", minProductionKey)}
	}
	if err := s.makeDataDir(); err != nil {
		return nil, err
	}
	return loadSecret(filepath.Join(s.DataDir, "secret_key"))
}

// loadSecret reads the key that a file holds, and makes both where there is none. Processes that do so at the same
// moment end up with the same key.
func loadSecret(path string) ([]byte, error) {
	key, err := os.ReadFile(path) //nolint:gosec // named by who runs the service
	if errors.Is(err, fs.ErrNotExist) {
		if err := createSecret(path); err != nil {
			return nil, err
		}
		key, err = os.ReadFile(path) //nolint:gosec // as above
	}
	if err != nil {
		return nil, err
	}
	if key = bytes.TrimSpace(key); len(key) < minProductionKey {
		return nil, fmt.Errorf("%s holds less than %d bytes; remove it to have a new one made, which signs everybody out", path, minProductionKey)
	}
	return key, nil
}

// createSecret writes a new key to a file that nobody else reads. The file appears whole or not at all, and never
// in the place of another one.
func createSecret(path string) error {
	key := make([]byte, minProductionKey)
	_, _ = rand.Read(key) // never fails: it stops the program instead
	f, err := os.CreateTemp(filepath.Dir(path), ".secret_key-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
