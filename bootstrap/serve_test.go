package bootstrap

import (
	"bytes"
	"errors"
	"testing"

	"go.uber.org/fx"
)

// TestProcessFailsIfItsServerEnds covers a process that lived on without a server, so that nothing restarted it.
func TestProcessFailsIfItsServerEnds(t *testing.T) {
	c := Console{Err: &bytes.Buffer{}, Dir: t.TempDir(), Environ: []string{"DATA_DIR=" + t.TempDir(), "HTTP_ADDR=127.0.0.1:0"}}
	end := func(life fx.Lifecycle, ended serverEnd) {
		life.Append(fx.StartHook(func() { close(ended) }))
	}
	if err := c.serve(t.Context(), "serve", Settings.listens, fx.Invoke(seedIfNew), fx.Invoke(end)); !errors.Is(err, errServerEnded) {
		t.Errorf("serve returned %v", err)
	}
	if got := c.fail(errServerEnded); got != exitFailed {
		t.Errorf("the exit code is %d", got)
	}
}
