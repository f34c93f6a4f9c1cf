package bunstore

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// PostgreSQL's COPY in its text format, which takes every type as it is written, tsvector included
// (https://www.postgresql.org/docs/current/sql-copy.html, "Text Format").

const (
	accountCopy = `COPY accounts (id, username, username_key, email, email_key, phone, password_hash, address, role_id,
 is_active, is_staff, is_superuser, last_login, created_at, updated_at, search) FROM STDIN`

	ticketCopy = `COPY tickets (id, number, title, description, menu_id, status_id, status_weight, is_active, priority_id, priority_weight,
 created_for, assigned_to, created_by, creator, response_deadline, due_date, first_response_at, resolved_at, sla_due_date,
 sla_by_hand, sla_breached, sla_breached_at, sla_next_at, due_reminded, is_escalated, customer_satisfaction, urgency, urgency_from, urgency_until, created_at, updated_at, search) FROM STDIN`

	ledgerCopy = `COPY sla_events (ticket_id, seq, metric, cycle, kind, at, recorded_at, reason, policy_id, priority_id, target_seconds, due_at,
 edition_id, warn_percent, pause_types, on_reopen, escalate) FROM STDIN`

	clockCopy = `COPY sla_clocks (ticket_id, metric, cycle, state, due_at, decided_at) FROM STDIN`
)

// bulk is what one COPY writes.
type bulk struct {
	command string
	rows    copyWriter
}

func bulkOf[T any](command string, all []T, row func(*copyWriter, T)) *bulk {
	b := &bulk{command: command}
	for _, x := range all {
		row(&b.rows, x)
		b.rows.end()
	}
	return b
}

// copy writes bulks, one after the other: all of them or none.
func (s *Store) copy(ctx context.Context, bulks ...*bulk) error {
	doing := "begin"
	err := pgx.BeginFunc(ctx, s.engine.pool, func(tx pgx.Tx) error {
		for _, b := range bulks {
			doing = b.command
			if _, err := tx.Conn().PgConn().CopyFrom(ctx, &b.rows.text, b.command); err != nil {
				return err
			}
		}
		doing = "commit"
		return nil
	})
	return settle(ctx, s.engine.failed(err, doing))
}

// copyTickets writes tickets with what was promised for them.
func (s *Store) copyTickets(ctx context.Context, batch []ports.Dossier) error {
	var entries []sla.Entry
	var standings []sla.Standing
	for _, d := range batch {
		entries, standings = append(entries, d.Entries...), append(standings, d.Standings...)
	}
	return s.copy(ctx,
		bulkOf(ticketCopy, batch, func(w *copyWriter, d ports.Dossier) { w.ticket(d.View) }),
		bulkOf(ledgerCopy, entries, (*copyWriter).entry),
		bulkOf(clockCopy, standings, (*copyWriter).standing))
}

// copyWriter writes rows field by field. The zero value is ready.
type copyWriter struct {
	text  bytes.Buffer
	begun bool // the row has a field already
}

// escapes are the characters that mean something in COPY's text format.
var escapes = strings.NewReplacer("\\", `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

func (w *copyWriter) raw(text string) {
	if w.begun {
		w.text.WriteByte('\t')
	}
	w.begun = true
	w.text.WriteString(text)
}

func (w *copyWriter) end() {
	w.text.WriteByte('\n')
	w.begun = false
}

func (w *copyWriter) str(text string) { w.raw(escapes.Replace(text)) }

func (w *copyWriter) null() { w.raw(`\N`) }

// ref is NULL where there is no id.
func (w *copyWriter) ref(id domain.ID) {
	if id == "" {
		w.null()
		return
	}
	w.str(string(id))
}

func (w *copyWriter) flag(b bool) { w.raw(strconv.FormatBool(b)) }

func (w *copyWriter) int(n int) { w.raw(strconv.Itoa(n)) }

// time is NULL where t is zero.
func (w *copyWriter) time(t time.Time) {
	if t.IsZero() {
		w.null()
		return
	}
	w.raw(t.UTC().Format("2006-01-02 15:04:05.999999Z07:00"))
}

// words is a tsvector of words, which have no quotes in them: letters, digits and marks only.
func (w *copyWriter) words(text string) {
	if text == "" {
		w.raw("")
		return
	}
	w.str(`'` + strings.ReplaceAll(text, " ", `' '`) + `'`)
}

func (w *copyWriter) account(a account.Account) {
	for _, text := range [...]string{string(a.ID), a.Username, a.UsernameKey, a.Email, a.EmailKey, a.Phone, a.PasswordHash, a.Address} {
		w.str(text)
	}
	w.ref(a.RoleID)
	w.flag(a.IsActive)
	w.flag(a.IsStaff)
	w.flag(a.IsSuperuser)
	w.time(a.LastLogin)
	w.time(a.CreatedAt)
	w.time(a.UpdatedAt)
	w.words(a.SearchText())
}

func (w *copyWriter) entry(e sla.Entry) {
	r := ledgerRowOf(e)
	w.ref(r.TicketID)
	w.int(r.Seq)
	w.str(string(r.Metric))
	w.int(r.Cycle)
	w.str(string(r.Kind))
	w.time(r.At)
	w.time(r.RecordedAt)
	w.str(r.Reason)
	w.ref(r.PolicyID)
	w.ref(r.PriorityID)
	if r.TargetSeconds == nil {
		for range 7 {
			w.null()
		}
		return
	}
	w.raw(strconv.FormatInt(*r.TargetSeconds, 10))
	w.time(r.DueAt)
	w.ref(r.EditionID)
	w.int(*r.WarnPercent)
	w.str(*r.PauseTypes)
	w.str(string(r.OnReopen))
	w.flag(*r.Escalate)
}

func (w *copyWriter) standing(s sla.Standing) {
	w.ref(s.TicketID)
	w.str(string(s.Metric))
	w.int(s.Cycle)
	w.str(string(s.State))
	w.time(s.DueAt)
	w.time(s.DecidedAt)
}

func (w *copyWriter) ticket(v ticket.View) {
	for _, text := range [...]string{string(v.ID), v.Number, v.Title, v.Description} {
		w.str(text)
	}
	w.ref(v.MenuID)
	w.ref(v.StatusID)
	w.int(v.StatusWeight)
	w.flag(v.StatusType.Active())
	w.ref(v.PriorityID)
	w.int(v.PriorityWeight)
	w.ref(v.CreatedFor)
	w.ref(v.AssignedTo)
	w.ref(v.CreatedBy)
	w.str(domain.Fold(v.CreatedByName))
	for _, t := range [...]time.Time{v.ResponseDeadline, v.DueDate, v.FirstResponseAt, v.ResolvedAt, v.SLADueDate} {
		w.time(t)
	}
	w.flag(v.SLAByHand)
	w.flag(v.SLABreached)
	w.time(v.SLABreachedAt)
	w.time(v.SLANextAt)
	w.time(v.DueReminded)
	w.flag(v.IsEscalated)
	if v.CustomerSatisfaction == 0 {
		w.null()
	} else {
		w.int(v.CustomerSatisfaction)
	}
	w.int(v.Urgency)
	w.time(v.UrgencyFrom)
	w.time(v.UrgencyUntil)
	w.time(v.CreatedAt)
	w.time(v.UpdatedAt)
	w.words(v.SearchText())
}
