package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tickt/adapters/bunstore"
	"tickt/domain/ticket"
	"tickt/ports"
)

// maxRows is the number of rows that a page may read or sort; more counts as reading the whole table.
const maxRows = 1000

// plan sums up a query plan.
type plan struct {
	scans  bool // whether it reads the whole table tickets
	read   int  // rows of tickets, including those that were filtered out
	sorted int  // rows in the largest sort
}

func (p plan) String() string {
	verdict := "ok"
	if p.scans || p.read > maxRows || p.sorted > maxRows {
		verdict = "missed"
	}
	scan := "no scan"
	if p.scans {
		scan = "SCAN"
	}
	return fmt.Sprintf("%s, %d rows read, %d sorted: %s", scan, p.read, p.sorted, verdict)
}

// explain executes the statement of a list with a custom and with a generic plan, since the server may use either, and
// returns the worse of both.
func (s *site) explain(ctx context.Context, q ticket.Query) (worst plan, err error) {
	asked, err := bunstore.Recorded(func(tx ports.Tx) error { _, err := tx.Tickets.List(ctx, everything, q); return err })
	if err != nil {
		return worst, err
	}
	c, err := s.pool.Acquire(ctx)
	if err != nil {
		return worst, err
	}
	defer c.Release()
	arguments := ""
	if len(asked.Args) > 0 {
		literals := make([]string, len(asked.Args))
		for i, a := range asked.Args {
			literals[i] = literal(a)
		}
		arguments = "(" + strings.Join(literals, ", ") + ")"
	}
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		answers, err := c.Conn().PgConn().Exec(ctx, "DEALLOCATE ALL; SET plan_cache_mode = "+mode+"; PREPARE asked AS "+asked.Text+
			"; EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE asked"+arguments+"; RESET plan_cache_mode; DEALLOCATE ALL").ReadAll()
		if err != nil {
			return worst, fmt.Errorf("%s: %w", mode, err)
		}
		var explained []struct{ Plan node }
		for _, a := range answers {
			if len(a.Rows) == 1 && len(a.Rows[0]) == 1 {
				if err := json.Unmarshal(a.Rows[0][0], &explained); err != nil {
					return worst, err
				}
			}
		}
		if len(explained) != 1 {
			return worst, fmt.Errorf("%s: EXPLAIN returned nothing", mode)
		}
		var p plan
		p.visit(explained[0].Plan)
		worst = plan{worst.scans || p.scans, max(worst.read, p.read), max(worst.sorted, p.sorted)}
	}
	return worst, nil
}

// node is a node of a plan in the output of EXPLAIN (ANALYZE, FORMAT JSON).
type node struct {
	Kind     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Rows     float64 `json:"Actual Rows"` // for each loop
	Removed  float64 `json:"Rows Removed by Filter"`
	Rechecks float64 `json:"Rows Removed by Index Recheck"`
	Loops    float64 `json:"Actual Loops"`
	Plans    []node  `json:"Plans"`
}

func (p *plan) visit(n node) {
	if n.Relation == "tickets" {
		p.read += int((n.Rows + n.Removed + n.Rechecks) * n.Loops)
		p.scans = p.scans || n.Kind == "Seq Scan" && n.Loops > 0
	}
	for _, child := range n.Plans {
		if strings.HasSuffix(n.Kind, "Sort") {
			p.sorted = max(p.sorted, int(child.Rows*child.Loops))
		}
		p.visit(child)
	}
}

// literal writes an argument as SQL.
func literal(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case time.Time:
		return "'" + v.UTC().Format("2006-01-02 15:04:05.999999Z07:00") + "'"
	default:
		return "'" + strings.ReplaceAll(fmt.Sprint(v), "'", "''") + "'"
	}
}
