package ticket

import (
	"slices"
	"strconv"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// RuleUndo is what a rule changed because of a comment that was taken back.
type RuleUndo struct {
	StatusID             domain.ID // before the rule
	ResolvedAt           time.Time
	CustomerSatisfaction int
}

// UndoOf returns what must be undone because a reply was taken back; ok is false if nothing must: no rule changed the status
// because of it or of a reply that was taken back before, the status changed again since, or another reply that was written
// since stands. history begins with the newest entry.
func UndoOf(comment domain.ID, history []EntryView) (undo RuleUndo, ok bool) {
	i := slices.IndexFunc(history, func(e EntryView) bool { return e.Kind == EntryChanged && e.Field == StatusField })
	if i < 0 || history[i].Via != access.ViaRule {
		return RuleUndo{}, false
	}
	rule := history[i]
	because := rule.CommentID == comment || slices.ContainsFunc(history[:i], func(e EntryView) bool {
		return e.CommentID == rule.CommentID && e.takesBack() && e.At.After(rule.At) // at the same time, it was an undo
	})
	if !because || anotherReply(history, i, comment, rule.ActorID) {
		return RuleUndo{}, false
	}
	undo.StatusID = domain.ID(rule.From)
	for _, e := range history {
		if e.CommentID != rule.CommentID || e.Via != access.ViaRule || !e.At.Equal(rule.At) {
			continue
		}
		switch e.Field {
		case "resolvedAt":
			undo.ResolvedAt, _ = time.Parse(time.RFC3339Nano, e.From) // "" is unset
		case "customerSatisfaction":
			undo.CustomerSatisfaction, _ = strconv.Atoi(e.From)
		}
	}
	return undo, true
}

// takesBack reports whether a comment was deleted or is internal since.
func (e Entry) takesBack() bool {
	return e.Kind == EntryCommentDeleted || e.Kind == EntryCommentEdited && e.Internal
}

// anotherReply reports whether the requester wrote another public comment among the first n entries of the history, or made one
// public, and did not take it back. history begins with the newest entry.
func anotherReply(history []EntryView, n int, than, requester domain.ID) bool {
	gone := map[domain.ID]bool{than: true}
	for i, e := range history[:n] {
		switch {
		case e.takesBack():
			gone[e.CommentID] = true
		case e.ActorID == requester && !gone[e.CommentID] && e.says(history[i+1:]):
			return true
		}
	}
	return false
}

// says reports whether a comment was written publicly or, since it was internal among the earlier entries, made public.
func (e Entry) says(earlier []EntryView) bool {
	if e.Internal || e.Kind != EntryCommentEdited {
		return !e.Internal && e.Kind == EntryCommented
	}
	before := slices.IndexFunc(earlier, func(x EntryView) bool { return x.CommentID == e.CommentID && x.isOfComment() })
	return before >= 0 && earlier[before].Internal
}

// isOfComment reports whether the entry says that a comment was written or edited.
func (e Entry) isOfComment() bool { return e.Kind == EntryCommented || e.Kind == EntryCommentEdited }

// Undo moves the ticket back to the status that it had before a rule changed it. s is that status.
func (v *View) Undo(x RuleUndo, s Status, now time.Time) {
	v.setStatus(s)
	v.ResolvedAt, v.CustomerSatisfaction, v.UpdatedAt = x.ResolvedAt, x.CustomerSatisfaction, now
	v.RecomputeUrgency(now)
}
