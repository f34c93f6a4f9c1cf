package bootstrap

import (
	"testing"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"tickt/application"
	"tickt/domain"
)

func TestGraphIsComplete(t *testing.T) {
	parts := graph(load(t), []byte("key"), zap.NewNop())
	if err := fx.ValidateApp(parts, fx.Invoke(seedIfNew), fx.Invoke(runServers)); err != nil {
		t.Error(err)
	}
	if err := fx.ValidateApp(parts, fx.Invoke(func(*application.App) {})); err != nil {
		t.Error(err)
	}
}

func TestIDsAreValidAndSortByAge(t *testing.T) {
	last := newID()
	for range 1000 {
		id := newID()
		if _, ok := domain.ParseID(string(id)); !ok || id <= last {
			t.Fatalf("%s after %s", id, last)
		}
		last = id
	}
}

func TestClockIsInUTCWithMicroseconds(t *testing.T) {
	if n := now(); n.Location() != time.UTC || n.Nanosecond()%1000 != 0 {
		t.Error(n)
	}
}

func TestDialAddress(t *testing.T) {
	for address, want := range map[string]string{
		":8000": "127.0.0.1:8000", "0.0.0.0:1": "127.0.0.1:1", "[::]:1": "[::1]:1", "10.0.0.1:1": "10.0.0.1:1", "desk:1": "desk:1",
	} {
		if got := dialAddress(address); got != want {
			t.Errorf("%s became %s, want %s", address, got, want)
		}
	}
}
