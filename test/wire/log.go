package wire

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// Log is the text of a log, one JSON object a line.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// NewLog returns a logger that writes every level to a Log.
func NewLog() (*zap.Logger, *Log) {
	l := &Log{}
	encoder := zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig())
	return zap.New(zapcore.NewCore(encoder, zapcore.AddSync(l), zap.DebugLevel)), l
}

func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Line returns the first entry with a message; there must be one.
func (l *Log) Line(t testing.TB, message string) map[string]any {
	t.Helper()
	for line := range strings.SplitSeq(l.String(), "\n") {
		var entry map[string]any
		if json.Unmarshal([]byte(line), &entry) == nil && entry["msg"] == message {
			return entry
		}
	}
	t.Fatalf("nothing logged as %q in:\n%s", message, l)
	return nil
}
