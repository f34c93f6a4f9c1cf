package backup

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// After says what is changed in restored data before a process sees it.
type After struct {
	Today      string // the day (YYYYMMDD) of new ticket numbers
	LastNumber int    // the last number of today that the replaced database assigned; 0 if it is not known
	Skip       int    // how many numbers of today are left out after the last one that is known
	SendMail   bool   // queued mail is sent, not held
}

// step is a statement for data that may be of any earlier release: it is left out unless the table exists.
type step struct{ table, statement string }

// steps returns what is changed. All sessions end, and links that were mailed no longer work: both may have ended since the
// backup. Numbers of today that may have been assigned since are left out. Jobs of queues that talk to the outside are held
// in River's state pending, in which no worker takes them: they may have been done since.
func (a After) steps() []step {
	all := []step{
		{"sessions", `DELETE FROM sessions`},
		{"account_mails", `DELETE FROM account_mails`},
		{"processes", `DELETE FROM processes`},
	}
	last := strconv.Itoa(a.LastNumber)
	if isDay(a.Today) {
		all = append(all, step{"ticket_numbers", `INSERT INTO ticket_numbers AS n (day, last) VALUES ('` + a.Today + `', ` +
			strconv.Itoa(a.LastNumber+a.Skip) + `) ON CONFLICT (day) DO UPDATE SET last = CASE WHEN n.last > ` + last + ` THEN n.last ELSE ` +
			last + ` END + ` + strconv.Itoa(a.Skip)})
	}
	if !a.SendMail {
		all = append(all, step{"river_job", `UPDATE river_job SET state = 'pending' WHERE (queue <> 'default' OR kind = 'mail')
 AND state IN ('available', 'running', 'retryable', 'scheduled')`})
	}
	return all
}

// isDay reports whether a text is eight digits.
func isDay(text string) bool { return len(text) == 8 && strings.Trim(text, "0123456789") == "" }

// script returns the steps for PostgreSQL.
func (a After) script(schema string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "SET LOCAL search_path = %s;\n", quoteName(schema))
	for _, s := range a.steps() {
		fmt.Fprintf(&text, "DO $tickt$ BEGIN IF to_regclass('%s') IS NOT NULL THEN EXECUTE $step$%s$step$; END IF; END $tickt$;\n",
			s.table, s.statement)
	}
	return text.String()
}

// runInFile runs the steps on an SQLite database.
func (a After) runInFile(ctx context.Context, c *sql.Conn) error {
	tables, err := texts(ctx, c, `SELECT name FROM sqlite_master WHERE type = 'table'`)
	if err != nil {
		return err
	}
	for _, s := range a.steps() {
		if !slices.Contains(tables, s.table) {
			continue
		}
		if _, err := c.ExecContext(ctx, s.statement); err != nil {
			return fmt.Errorf("%s: %w", s.table, err)
		}
	}
	_, err = c.ExecContext(ctx, `DROP TABLE IF EXISTS `+infoTable)
	return err
}

func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
