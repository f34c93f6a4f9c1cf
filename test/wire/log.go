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

// Log is a log in memory, with one JSON object per line.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// NewLog returns a logger that writes all levels to a Log.
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

// Line returns the first entry with a message. Without one, the test fails at once.
func (l *Log) Line(t testing.TB, message string) map[string]any {
	t.Helper()
	for line := range strings.SplitSeq(l.String(), "\n") {
		var entry map[string]any
		if json.Unmarshal([]byte(line), &entry) == nil && entry["msg"] == message {
			return entry
		}
	}
	t.Fatalf("no log entry %q in:\n%s", message, l)
	return nil
}
