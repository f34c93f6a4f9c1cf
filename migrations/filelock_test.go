package migrations

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

func leftover(t *testing.T, file DatabaseFile) bool {
	t.Helper()
	found, err := filepath.Glob(string(file) + lockSuffix + "*")
	if err != nil {
		t.Fatal(err)
	}
	return len(found) > 0
}

func TestMigratingLeavesNoFileOfItsLock(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "tickt.db")
	file, _ := File(url)
	for range 2 { // there is nothing to migrate the second time, and the file is there, as a killed migrator leaves it
		if _, err := migrator(t, url).Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		if leftover(t, file) {
			t.Error("the file of the lock is left")
		}
		if err := os.WriteFile(string(file)+lockSuffix, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m := migrator(t, url)
	down(t, m)
	if leftover(t, file) {
		t.Error("migrating down left the file of the lock")
	}
}

// TestOneHoldsTheFileLock lets many wait for a lock whose file each holder removes.
func TestOneHoldsTheFileLock(t *testing.T) {
	file := DatabaseFile(filepath.Join(t.TempDir(), "tickt.db")).sibling(lockSuffix)
	var holders, rounds atomic.Int32
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 10 {
				l := &fileLock{file: file}
				if err := l.SessionLock(context.Background(), nil); err != nil {
					t.Error(err)
					return
				}
				if holders.Add(1) != 1 {
					t.Error("two hold the lock")
				}
				rounds.Add(1)
				holders.Add(-1)
				if err := l.SessionUnlock(context.Background(), nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if rounds.Load() != 40 {
		t.Errorf("%d rounds, want 40", rounds.Load())
	}
}
