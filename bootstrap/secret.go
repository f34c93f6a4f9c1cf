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

// secret returns the key that signs tokens: SECRET_KEY or, outside of production, a key that is generated once and stored in
// DATA_DIR.
func (s *Settings) secret() ([]byte, error) {
	if s.SecretKey != "" {
		return []byte(s.SecretKey), nil
	}
	if err := s.requireKey(); err != nil {
		return nil, err
	}
	if err := s.makeDataDir(); err != nil {
		return nil, err
	}
	key, err := loadSecret(s.secretPath())
	if err != nil {
		return nil, &FailedSetting{"DATA_DIR", fmt.Sprintf("the secret key cannot be kept there: %v", err)}
	}
	return key, nil
}

// requireKey returns a WrongSetting if SECRET_KEY is missing in production.
func (s *Settings) requireKey() error {
	if s.SecretKey == "" && s.production() {
		return &WrongSetting{"SECRET_KEY", fmt.Sprintf("is required in production, with at least %d bytes", minProductionKey)}
	}
	return nil
}

// secretPath returns the path of the generated key.
func (s *Settings) secretPath() string { return filepath.Join(s.DataDir, "secret_key") }

// loadSecret reads the key from a file. If there is no file, it creates one with a new key. Processes that do so at the same time
// get the same key.
func loadSecret(path string) ([]byte, error) {
	key, err := os.ReadFile(path) //nolint:gosec // the path is a setting
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
		return nil, fmt.Errorf("%s holds fewer than %d bytes; remove it to generate a new key, which signs everyone out", path, minProductionKey)
	}
	return key, nil
}

// createSecret writes a new key to a file that only its owner can read. The file appears complete or not at all, and does not
// replace an existing one.
func createSecret(path string) error {
	key := make([]byte, minProductionKey)
	_, _ = rand.Read(key) // never fails; it crashes the program instead
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
