package bootstrap

import (
	"io"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// The values of LOG_FORMAT.
const (
	logAuto = "auto" // text on a terminal, JSON otherwise
	logJSON = "json"
	logText = "text"
)

var logFormats = []string{logAuto, logJSON, logText}

const logDelay = 200 * time.Millisecond

// newLogger returns a logger that writes one line for each event, in JSON or as text (LOG_FORMAT). Lines below warn are buffered
// for up to logDelay, so that not every request costs a write; a line from warn upwards is written at once, with those before it.
// done flushes the buffer.
func newLogger(s Settings, w io.Writer) (log *zap.Logger, done func()) {
	lines := &zapcore.BufferedWriteSyncer{WS: zapcore.AddSync(w), FlushInterval: logDelay}
	core := zapcore.RegisterHooks(zapcore.NewCore(s.logEncoder(w), lines, s.LogLevel), func(e zapcore.Entry) error {
		if e.Level >= zapcore.WarnLevel {
			_ = lines.Sync() // terminals cannot be synced
		}
		return nil
	})
	return zap.New(core), func() { _ = lines.Stop() }
}

func (s *Settings) logEncoder(w io.Writer) zapcore.Encoder {
	if s.LogFormat == logText || s.LogFormat == logAuto && isTerminal(w) {
		return newTextEncoder()
	}
	c := zap.NewProductionEncoderConfig()
	c.TimeKey, c.EncodeTime = "time", zapcore.RFC3339NanoTimeEncoder
	return zapcore.NewJSONEncoder(c)
}
