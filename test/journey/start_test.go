package journey

import (
	"encoding/json"
	"strings"
	"testing"

	"tickt/migrations"
)

// startLine is the first line of the log.
type startLine struct {
	Level, Msg, Version, Engine, Database, Address, Link string
	Schema                                               int64
}

func firstLine(t *testing.T, s *service) (l startLine) {
	t.Helper()
	line, _, _ := strings.Cut(s.logged(), "\n")
	if err := json.Unmarshal([]byte(line), &l); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return l
}

func TestFirstLogLineSaysWhatStarts(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		s := d.with("AUTO_MIGRATE=on", "SITE_URL=https://desk.example.org/").serve(t)
		s.stop(t)
		l := firstLine(t, s)
		if l.Level != "info" || l.Msg != "tickt starts" || l.Version == "" || l.Database == "" || l.Schema != migrations.Newest() ||
			l.Address != "127.0.0.1:0" || l.Link != "https://desk.example.org/api/docs/" {
			t.Errorf("the first line is %+v", l)
		}
		if want := strings.TrimPrefix(t.Name(), "TestFirstLogLineSaysWhatStarts/"); l.Engine != want {
			t.Errorf("engine %s, want %s", l.Engine, want)
		}
	})
}
