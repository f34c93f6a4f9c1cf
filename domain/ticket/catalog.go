package ticket

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/lifecycle"
)

// StatusType is what a status means for the life of a ticket.
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

// StatusTypes lists every type in the order of their default weights.
var StatusTypes = lifecycle.StatusTypes

// Status is one of the states that a desk gives its tickets.
type Status struct {
	ID          domain.ID
	Name        string
	NameKey     string // folded, unique
	Code        string // upper-case, unique
	Description string
	Weight      int // lower comes first
	StatusType  StatusType
	IsDefault   bool // at most one status is
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Priority is one of the grades of importance that a desk gives its tickets.
type Priority struct {
	ID          domain.ID
	Name        string
	NameKey     string // folded, unique
	Code        string // upper-case, unique
	Description string
	Weight      int    // higher comes first
	Color       string // #rrggbb
	SLAHours    int    // hours to the first response; 0: no service level
	IsDefault   bool   // at most one priority is
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// MaxWeight bounds the weights of statuses and priorities; the least is 0.
const MaxWeight = 1_000_000

const (
	maxSLAHours    = 24 * 366 * 10
	defaultColor   = "#28a745"
	maxName        = 50
	maxCode        = 20
	maxDescription = 1000
)

var color = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// StatusPatch is what a client says of a status; on a new one, what it leaves out takes its default.
type StatusPatch struct {
	Name        domain.Optional[string]
	Code        domain.Optional[string]
	Description domain.Optional[string]
	Weight      domain.Optional[int]
	StatusType  domain.Optional[string]
	IsDefault   domain.Optional[bool]
	Unread      domain.Problems // with fields that could not be read at all
}

// PriorityPatch is what a client says of a priority.
type PriorityPatch struct {
	Name        domain.Optional[string]
	Code        domain.Optional[string]
	Description domain.Optional[string]
	Weight      domain.Optional[int]
	Color       domain.Optional[string]
	SLAHours    domain.Optional[int]
	IsDefault   domain.Optional[bool]
	Unread      domain.Problems // with fields that could not be read at all
}

// Replacement is what PUT means: everything that was left out returns to its default.
func (c StatusPatch) Replacement() StatusPatch {
	return StatusPatch{
		Name: c.Name.OrNull(), Code: c.Code.OrNull(), Description: c.Description.OrNull(), Weight: c.Weight.OrNull(),
		StatusType: c.StatusType.OrNull(), IsDefault: c.IsDefault.OrNull(), Unread: c.Unread,
	}
}

// Replacement is what PUT means: everything that was left out returns to its default.
func (c PriorityPatch) Replacement() PriorityPatch {
	return PriorityPatch{
		Name: c.Name.OrNull(), Code: c.Code.OrNull(), Description: c.Description.OrNull(), Weight: c.Weight.OrNull(),
		Color: c.Color.OrNull(), SLAHours: c.SLAHours.OrNull(), IsDefault: c.IsDefault.OrNull(), Unread: c.Unread,
	}
}

// NewStatus makes a status from what a client says of it.
func NewStatus(id domain.ID, c StatusPatch, now time.Time) (Status, error) {
	s := Status{ID: id, CreatedAt: now}
	err := s.Apply(c.Replacement(), now)
	return s, err
}

// Apply changes the status; on an error, which lists every problem, it is as it was.
func (s *Status) Apply(c StatusPatch, now time.Time) error {
	p := slices.Clone(c.Unread)
	n := *s
	n.Name, n.Code, n.Description = labels(&p, "Status name", "Status code", c.Name.Or(s.Name), c.Code.Or(s.Code),
		c.Description.Or(s.Description))
	n.NameKey = domain.FoldCase(n.Name)
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
	n.IsDefault = c.IsDefault.Or(s.IsDefault)
	if err := p.Err(); err != nil {
		return err
	}
	n.UpdatedAt = now
	*s = n
	return nil
}

// ErrTypeInUse refuses to change the type of a status that tickets have: what became of them followed from it.
var ErrTypeInUse = domain.Fail(domain.Conflict, "Ticket status is in use by tickets; its type cannot be changed.")

// WhileUsed fails, as ErrTypeInUse, where the status may become after only as long as no ticket has it.
func (s Status) WhileUsed(after Status) error {
	if s.StatusType != after.StatusType {
		return ErrTypeInUse
	}
	return nil
}

// YieldDefault takes the default from the status, because another becomes it.
func (s *Status) YieldDefault(now time.Time) { s.IsDefault, s.UpdatedAt = false, now }

// NewPriority makes a priority from what a client says of it.
func NewPriority(id domain.ID, c PriorityPatch, now time.Time) (Priority, error) {
	p := Priority{ID: id, CreatedAt: now}
	err := p.Apply(c.Replacement(), now)
	return p, err
}

// Apply changes the priority; on an error, which lists every problem, it is as it was.
func (x *Priority) Apply(c PriorityPatch, now time.Time) error {
	p := slices.Clone(c.Unread)
	n := *x
	n.Name, n.Code, n.Description = labels(&p, "Priority name", "Priority code", c.Name.Or(x.Name), c.Code.Or(x.Code),
		c.Description.Or(x.Description))
	n.NameKey = domain.FoldCase(n.Name)
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
	n.UpdatedAt = now
	*x = n
	return nil
}

// YieldDefault takes the default from the priority, because another becomes it.
func (x *Priority) YieldDefault(now time.Time) { x.IsDefault, x.UpdatedAt = false, now }

func labels(p *domain.Problems, nameTerm, codeTerm domain.Term, name, code, description string) (string, string, string) {
	name = p.Text("name", nameTerm, name, maxName, domain.RequiredName)
	code = strings.ToUpper(p.Text("code", codeTerm, code, maxCode, domain.RequiredName))
	return name, code, p.Text("description", "Description", description, maxDescription, domain.Multiline)
}

func checkWeight(p *domain.Problems, w int) {
	if w < 0 || w > MaxWeight {
		p.Add("weight", domain.CodeRange, domain.Params{"label": domain.TermWeight, "least": 0, "most": MaxWeight})
	}
}
