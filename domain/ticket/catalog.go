package ticket

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/lifecycle"
	"tickt/domain/namekey"
	"tickt/domain/text"
)

// StatusType is what a status means.
type StatusType = lifecycle.StatusType

// The types, in the order of their default weights 1 to 6.
const (
	Open       = lifecycle.Open
	InProgress = lifecycle.InProgress
	Pending    = lifecycle.Pending
	Resolved   = lifecycle.Resolved
	Closed     = lifecycle.Closed
	Cancelled  = lifecycle.Cancelled
)

// StatusTypes is every type, in the order of their default weights.
var StatusTypes = lifecycle.StatusTypes

// Status is a state of tickets that the desk defines.
type Status struct {
	ID          domain.ID
	Name        string
	NameKey     string // key of Name, unique
	Code        string // upper-case, unique
	Description string
	Weight      int // lower comes first
	StatusType  StatusType
	OnReply     OnReply // when the requester replies
	// AutoCloseDays is after how many days without a public comment a resolved ticket is closed; 0: never.
	AutoCloseDays int
	IsDefault     bool // true for at most one status
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// Priority is a degree of importance that the desk defines.
type Priority struct {
	ID          domain.ID
	Name        string
	NameKey     string // key of Name, unique
	Code        string // upper-case, unique
	Description string
	Weight      int    // higher comes first
	Color       string // #rrggbb
	SLAHours    int    // hours to the first response if no policy matches; 0: no promise
	IsDefault   bool   // true for at most one priority
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// MaxWeight is the largest weight of a status or priority; the smallest is 0.
const MaxWeight = 1_000_000

const (
	maxSLAHours    = 24 * 366 * 10 // ten years
	defaultColor   = "#28a745"
	maxName        = 50
	maxCode        = 20
	maxDescription = 1000
)

var color = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// StatusPatch is what a client sends of a status.
type StatusPatch struct {
	Name        domain.Optional[string]
	Code        domain.Optional[string]
	Description domain.Optional[string]
	Weight      domain.Optional[int]
	StatusType  domain.Optional[string]
	OnReply     domain.Optional[string]

	AutoCloseDays domain.Optional[int]
	IsDefault     domain.Optional[bool]
	Unread        domain.Problems // with fields that could not be read
}

// PriorityPatch is what a client sends of a priority.
type PriorityPatch struct {
	Name        domain.Optional[string]
	Code        domain.Optional[string]
	Description domain.Optional[string]
	Weight      domain.Optional[int]
	Color       domain.Optional[string]
	SLAHours    domain.Optional[int]
	IsDefault   domain.Optional[bool]
	Unread      domain.Problems // with fields that could not be read
}

// Replacement returns the patch that PUT applies: absent fields return to their defaults, or are reported as missing. An
// absent IsDefault stays as it is, because one entry must be the default.
func (c StatusPatch) Replacement() StatusPatch {
	return StatusPatch{
		Name: c.Name.OrNull(), Code: c.Code.OrNull(), Description: c.Description.OrNull(), Weight: c.Weight.OrNull(),
		StatusType: c.StatusType.OrNull(), OnReply: c.OnReply.OrNull(), AutoCloseDays: c.AutoCloseDays.OrNull(), IsDefault: c.IsDefault,
		Unread: c.Unread,
	}
}

// Replacement returns the patch that PUT applies: absent fields return to their defaults, or are reported as missing. An
// absent IsDefault stays as it is, because one entry must be the default.
func (c PriorityPatch) Replacement() PriorityPatch {
	return PriorityPatch{
		Name: c.Name.OrNull(), Code: c.Code.OrNull(), Description: c.Description.OrNull(), Weight: c.Weight.OrNull(),
		Color: c.Color.OrNull(), SLAHours: c.SLAHours.OrNull(), IsDefault: c.IsDefault, Unread: c.Unread,
	}
}

// NewStatus returns a new status. The error lists every problem.
func NewStatus(id domain.ID, c StatusPatch, now time.Time) (Status, error) {
	s := Status{ID: id, CreatedAt: now}
	err := s.Apply(c.Replacement(), now)
	return s, err
}

// Apply changes the status. The error lists every problem; the status is then unchanged. If nothing changes, UpdatedAt stays.
func (s *Status) Apply(c StatusPatch, now time.Time) error {
	p := slices.Clone(c.Unread)
	n := *s
	labels{c.Name, c.Code, c.Description}.set(&p, "Status name", "Status code", &n.Name, &n.Code, &n.Description)
	n.NameKey = namekey.Of(s.NameKey, s.Name, n.Name)
	n.StatusType = StatusType(strings.TrimSpace(c.StatusType.Or(string(s.StatusType))))
	switch {
	case p.Has("statusType"):
	case n.StatusType == "":
		p.Add("statusType", domain.CodeBlank, domain.Params{"label": domain.TermStatusTypeOf})
	case !n.StatusType.Known():
		p.Add("statusType", domain.CodeChoice, domain.Params{"what": domain.TermStatusType, "choices": domain.Names(lifecycle.StatusTypes)})
	}
	n.Weight = c.Weight.Or(s.Weight)
	if c.Weight.Null {
		n.Weight = n.StatusType.DefaultWeight()
	}
	checkWeight(&p, n.Weight)
	n.setOnReply(&p, c.OnReply)
	n.setAutoCloseDays(&p, c.AutoCloseDays)
	n.IsDefault = c.IsDefault.Or(s.IsDefault)
	if err := p.Err(); err != nil {
		return err
	}
	if !domain.Same(n, *s) {
		n.UpdatedAt = now
	}
	*s = n
	return nil
}

// ErrTypeInUse is the error of changing the type of a status that tickets have. Their clocks and times depend on the type.
var ErrTypeInUse = domain.FailFor(domain.ReasonInUse, "Ticket status is in use by tickets; its type cannot be changed.")

// WhileUsed returns ErrTypeInUse if the status must not be changed to after while tickets have it.
func (s Status) WhileUsed(after Status) error {
	if s.StatusType != after.StatusType {
		return ErrTypeInUse
	}
	return nil
}

// YieldDefault makes the status no longer the default, because another becomes it.
func (s *Status) YieldDefault(now time.Time) { s.IsDefault, s.UpdatedAt = false, now }

// InheritDefault makes the status the default, because it replaces the one that was.
func (s *Status) InheritDefault(now time.Time) { s.IsDefault, s.UpdatedAt = true, now }

// NewPriority returns a new priority. The error lists every problem.
func NewPriority(id domain.ID, c PriorityPatch, now time.Time) (Priority, error) {
	p := Priority{ID: id, CreatedAt: now}
	err := p.Apply(c.Replacement(), now)
	return p, err
}

// Apply changes the priority. The error lists every problem; the priority is then unchanged. If nothing changes, UpdatedAt stays.
func (x *Priority) Apply(c PriorityPatch, now time.Time) error {
	p := slices.Clone(c.Unread)
	n := *x
	labels{c.Name, c.Code, c.Description}.set(&p, "Priority name", "Priority code", &n.Name, &n.Code, &n.Description)
	n.NameKey = namekey.Of(x.NameKey, x.Name, n.Name)
	n.Weight = c.Weight.Or(x.Weight)
	checkWeight(&p, n.Weight)
	n.Color = strings.ToLower(strings.TrimSpace(c.Color.Or(x.Color)))
	if n.Color == "" {
		n.Color = defaultColor
	}
	if !color.MatchString(n.Color) {
		p.Add("color", domain.CodeColor)
	}
	n.SLAHours = c.SLAHours.Or(x.SLAHours)
	if c.SLAHours.Given() && (n.SLAHours < 1 || n.SLAHours > maxSLAHours) {
		p.Add("slaHours", domain.CodeRangeOrNull, domain.Params{"label": domain.TermSLAHours, "least": 1, "most": maxSLAHours})
	}
	n.IsDefault = c.IsDefault.Or(x.IsDefault)
	if err := p.Err(); err != nil {
		return err
	}
	if !domain.Same(n, *x) {
		n.UpdatedAt = now
	}
	*x = n
	return nil
}

// YieldDefault makes the priority no longer the default, because another becomes it.
func (x *Priority) YieldDefault(now time.Time) { x.IsDefault, x.UpdatedAt = false, now }

// InheritDefault makes the priority the default, because it replaces the one that was.
func (x *Priority) InheritDefault(now time.Time) { x.IsDefault, x.UpdatedAt = true, now }

// labels are the texts that a client sends of a status or priority.
type labels struct{ name, code, description domain.Optional[string] }

// set changes the stored texts.
func (l labels) set(p *domain.Problems, nameTerm, codeTerm domain.Term, name, code, description *string) {
	*name = p.ChangedText("name", nameTerm, l.name, *name, maxName, domain.RequiredName)
	*code = text.Upper(p.ChangedText("code", codeTerm, l.code, *code, maxCode, domain.RequiredName))
	*description = p.ChangedText("description", "Description", l.description, *description, maxDescription, domain.Multiline)
}

func checkWeight(p *domain.Problems, w int) {
	if w < 0 || w > MaxWeight {
		p.Add("weight", domain.CodeRange, domain.Params{"label": domain.TermWeight, "least": 0, "most": MaxWeight})
	}
}

// SetKey sets the key of the name to one that was derived again.
func (s *Status) SetKey(key string) { s.NameKey = key }

// SetKey sets the key of the name to one that was derived again.
func (x *Priority) SetKey(key string) { x.NameKey = key }
