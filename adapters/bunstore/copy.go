package bunstore

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/ticket"
)

// PostgreSQL's COPY in its text format, which takes every type as it is written, tsvector included
// (https://www.postgresql.org/docs/current/sql-copy.html, "Text Format").

const (
	accountCopy = `COPY accounts (id, username, username_key, email, email_key, phone, password_hash, address, role_id,
 is_active, is_staff, is_superuser, last_login, created_at, updated_at, search) FROM STDIN`

	ticketCopy = `COPY tickets (id, number, title, description, menu_id, status_id, status_weight, is_active, priority_id, priority_weight,
 created_for, assigned_to, created_by, creator, response_deadline, due_date, first_response_at, resolved_at, sla_due_date,
 sla_by_hand, sla_breached, is_escalated, customer_satisfaction, urgency, urgency_from, urgency_until, created_at, updated_at, search) FROM STDIN`
)

// copyRows writes n rows with one COPY: all of them or none.
func (s *Store) copyRows(ctx context.Context, command string, n int, row func(w *copyWriter, i int)) error {
	var w copyWriter
	for i := range n {
		row(&w, i)
		w.end()
	}
	pooled, err := s.engine.pool.Acquire(ctx)
	if err != nil {
		return settle(ctx, s.engine.translate(err))
	}
	defer pooled.Release()
	_, err = pooled.Conn().PgConn().CopyFrom(ctx, &w.text, command)
	return settle(ctx, s.engine.translate(err))
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
