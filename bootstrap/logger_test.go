package bootstrap

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
)

// logged returns what a logger with settings writes of an event.
func logged(t *testing.T, event func(*zap.Logger), environ ...string) string {
	t.Helper()
	var out bytes.Buffer
	log, done := newLogger(load(t, environ...), &out)
	event(log)
	done()
	return out.String()
}

func start(log *zap.Logger) {
	log.Info("tickt starts", zap.String("version", "1"), zap.String("database", "a b.db"), zap.String(linkField, "http://localhost/"))
}

func TestLogIsJSONUnlessTextIsAskedFor(t *testing.T) {
	for _, format := range []string{"", "auto", "json", " JSON "} {
		var line struct{ Level, Msg, Time, Version, Database, Link string }
		if text := logged(t, start, "LOG_FORMAT="+format); json.Unmarshal([]byte(text), &line) != nil || strings.Count(text, "\n") != 1 {
			t.Errorf("%q: %s", format, text)
		}
		if _, err := time.Parse(time.RFC3339Nano, line.Time); err != nil || line.Msg != "tickt starts" || line.Link != "http://localhost/" {
			t.Errorf("%q: %+v", format, line)
		}
	}
}

func TestTextLogIsForPeople(t *testing.T) {
	text := logged(t, start, "LOG_FORMAT=text")
	at, rest, _ := strings.Cut(text, "  ")
	if _, err := time.Parse(time.RFC3339, at); err != nil {
		t.Error(err)
	}
	if want := "INFO   tickt starts  version=1  database=\"a b.db\"\n    http://localhost/\n"; rest != want {
		t.Errorf("%q, want %q", rest, want)
	}
}

func TestTextLogQuotesWhatWouldBreakTheLine(t *testing.T) {
	for value, want := range map[string]string{
		"":                 "value=\"\"",
		"plain/value:1":    "value=plain/value:1",
		"सीता":             "value=सीता",
		"a=b":              `value="a=b"`,
		"one\ntwo":         `value="one\ntwo"`,
		"\x1b[31mred":      `value="\u001b[31mred"`,
		"\u202etxt.evil":   "value=\"\u202etxt.evil\"",
		`quote " inside`:   `value="quote \" inside"`,
		"invalid \xff end": `value="invalid \ufffd end"`,
	} {
		text := logged(t, func(log *zap.Logger) { log.Info("x", zap.String("value", value)) }, "LOG_FORMAT=text")
		if !strings.HasSuffix(text, "  x  "+want+"\n") || strings.Count(text, "\n") != 1 {
			t.Errorf("%q: %q, want %q", value, text, want)
		}
	}
}

func TestTextLogWritesEveryKindOfField(t *testing.T) {
	text := logged(t, func(log *zap.Logger) {
		log = log.With(zap.String("part", "jobs")).With(zap.Int("n", 1))
		log.Warn("slow", zap.Duration("took", 1500*time.Millisecond), zap.Bool("late", true), zap.Strings("all", []string{"a", "b"}),
			zap.Float64("share", 0.5), zap.Error(errors.New("no answer")))
		log.Error("once more")
	}, "LOG_FORMAT=text")
	first, second, _ := strings.Cut(text, "\n")
	if want := `  slow  part=jobs  n=1  took=1.5s  late=true  all=["a","b"]  share=0.5  error="no answer"`; !strings.HasSuffix(first, want) {
		t.Errorf("%q, want %q", first, want)
	}
	if !strings.HasSuffix(second, "ERROR  once more  part=jobs  n=1\n") {
		t.Errorf("%q", second)
	}
}

func TestLogLevelHidesLowerLines(t *testing.T) {
	for level, want := range map[string]int{"debug": 3, "info": 2, "WARN": 1, "error": 0} {
		text := logged(t, func(log *zap.Logger) { log.Debug("d"); log.Info("i"); log.Warn("w") }, "LOG_LEVEL="+level)
		if strings.Count(text, "\n") != want {
			t.Errorf("%s: %s", level, text)
		}
	}
}
