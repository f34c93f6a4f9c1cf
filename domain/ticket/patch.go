package ticket

import (
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// Patch is what a client sends of a ticket, a new or an existing one. Its ids are unchecked; one that is not a valid ID
// refers to nothing.
type Patch struct {
	Title                domain.Optional[string]
	Description          domain.Optional[string]
	StatusID             domain.Optional[string]
	PriorityID           domain.Optional[string]
	MenuID               domain.Optional[string]
	FollowUpOf           domain.Optional[string] // only of a new ticket; ignored otherwise
	CreatedFor           domain.Optional[string]
	CreatedForName       domain.Optional[string] // the name, if the client sent one besides the id
	AssignedTo           domain.Optional[string]
	AssignedToName       domain.Optional[string] // the name, if the client sent one besides the id
	ResponseDeadline     domain.Optional[time.Time]
	DueDate              domain.Optional[time.Time]
	ResolvedAt           domain.Optional[time.Time]
	SLADueDate           domain.Optional[time.Time]
	IsEscalated          domain.Optional[bool]
	CustomerSatisfaction domain.Optional[int]
	Unread               domain.Problems // with fields that could not be read, to be reported with the others
}

const (
	maxTitle = 200
	maxBody  = 64 * 1024 // characters, of a description or a comment
)

// setTexts sets the title and description.
func (c Patch) setTexts(v *View, p *domain.Problems) {
	v.Title = p.ChangedText("title", "Title", c.Title, v.Title, maxTitle, domain.Required)
	v.Description = p.ChangedText("description", "Description", c.Description, v.Description, maxBody, domain.Required, domain.Multiline)
}

// Replacement returns the patch that PUT applies: absent fields return to their defaults, or are reported as missing.
func (c Patch) Replacement() Patch {
	return Patch{
		Title: c.Title.OrNull(), Description: c.Description.OrNull(),
		StatusID: c.StatusID.OrNull(), PriorityID: c.PriorityID.OrNull(), MenuID: c.MenuID.OrNull(),
		CreatedFor: c.CreatedFor.OrNull(), CreatedForName: c.CreatedForName,
		AssignedTo: c.AssignedTo.OrNull(), AssignedToName: c.AssignedToName,
		ResponseDeadline: c.ResponseDeadline.OrNull(), DueDate: c.DueDate.OrNull(),
		ResolvedAt: c.ResolvedAt.OrNull(), SLADueDate: c.SLADueDate.OrNull(),
		IsEscalated: c.IsEscalated.OrNull(), CustomerSatisfaction: c.CustomerSatisfaction.OrNull(), Unread: c.Unread,
	}
}

// RequesterReplacement returns the patch that PUT applies for a requester: of the absent fields, only those that it may
// write return to their defaults.
func (c Patch) RequesterReplacement() Patch {
	c.Title, c.Description, c.CustomerSatisfaction = c.Title.OrNull(), c.Description.OrNull(), c.CustomerSatisfaction.OrNull()
	return c
}

// WithoutUnchanged returns the patch without the fields that are the same in v: a client may send back what it read. It
// keeps the title, the description and the customer satisfaction, which a requester may write.
func (c Patch) WithoutUnchanged(v View) Patch {
	drop := func(f *domain.Optional[string], has string) {
		if strings.TrimSpace(f.Value) == has {
			*f = domain.Optional[string]{}
		}
	}
	drop(&c.StatusID, string(v.StatusID))
	drop(&c.PriorityID, string(v.PriorityID))
	drop(&c.MenuID, string(v.MenuID))
	if c.CreatedForName.Value == v.CreatedForName || !c.CreatedForName.Set {
		drop(&c.CreatedFor, string(v.CreatedFor))
	}
	if c.AssignedToName.Value == v.AssignedToName || !c.AssignedToName.Set {
		drop(&c.AssignedTo, string(v.AssignedTo))
	}
	dropTime := func(f *domain.Optional[time.Time], has time.Time) {
		if f.Value.Equal(has) {
			*f = domain.Optional[time.Time]{}
		}
	}
	dropTime(&c.ResponseDeadline, v.ResponseDeadline)
	dropTime(&c.DueDate, v.DueDate)
	dropTime(&c.ResolvedAt, v.ResolvedAt)
	dropTime(&c.SLADueDate, v.SLADueDate)
	if c.IsEscalated.Value == v.IsEscalated {
		c.IsEscalated = domain.Optional[bool]{}
	}
	return c
}

// Restrict fails as Forbidden if the actor is a requester (its scope is own) and the patch has fields that a requester may
// not write. opening is true if the ticket is new; it may name the actor as its customer, which it is for anyway.
func (c Patch) Restrict(actor access.Actor, opening bool) error {
	if actor.SeesAll() {
		return nil
	}
	var refused []string
	refuse := func(field string, set bool) {
		if set {
			refused = append(refused, field)
		}
	}
	refuse("statusId", c.StatusID.Set)
	refuse("priorityId", c.PriorityID.Set && !opening)
	refuse("menuId", c.MenuID.Set && !opening)
	refuse("createdFor", c.CreatedFor.Set && (!opening || c.CreatedFor.Value != string(actor.ID)))
	refuse("assignedTo", c.AssignedTo.Set)
	refuse("responseDeadline", c.ResponseDeadline.Set)
	refuse("dueDate", c.DueDate.Set)
	refuse("resolvedAt", c.ResolvedAt.Set)
	refuse("slaDueDate", c.SLADueDate.Set)
	refuse("isEscalated", c.IsEscalated.Set)
	refuse("customerSatisfaction", c.CustomerSatisfaction.Set && opening)
	if refused == nil {
		return nil
	}
	return domain.Fail(domain.Forbidden, "You may not set "+strings.Join(refused, ", ")+".")
}

// Refs are the references of a patch, to be looked up. StatusID and PriorityID are absent, an id, or null, which means the
// default one. Their id is "" if the client sent something that is not an ID; it refers to nothing. The other ids are ""
// if there is nothing to look up.
type Refs struct {
	StatusID, PriorityID           domain.Optional[domain.ID]
	MenuID, CreatedFor, AssignedTo domain.ID
	FollowUpOf                     domain.ID // of a new ticket
	ReplyStatus                    bool      // Found.ReplyStatus is wanted
}

// Refs returns what must be looked up to apply the patch. opening is true if the ticket is new.
func (c Patch) Refs(opening bool) Refs {
	id := func(f domain.Optional[string]) domain.ID {
		id, _ := domain.ParseID(f.Value)
		return id
	}
	orDefault := func(f domain.Optional[string]) domain.Optional[domain.ID] {
		switch {
		case f.Given():
			return domain.Some(id(f))
		case f.Null || opening:
			return domain.Null[domain.ID]()
		default:
			return domain.Optional[domain.ID]{}
		}
	}
	refs := Refs{
		StatusID: orDefault(c.StatusID), PriorityID: orDefault(c.PriorityID),
		MenuID: id(c.MenuID), CreatedFor: id(c.CreatedFor), AssignedTo: id(c.AssignedTo),
	}
	if opening {
		refs.FollowUpOf = id(c.FollowUpOf)
	}
	return refs
}

// Person is an account that a ticket may refer to.
type Person struct {
	ID       domain.ID
	Name     string
	IsActive bool
	MayView  bool // may view tickets
}

// FollowUp is a ticket that a new one may follow up.
type FollowUp struct {
	ID         domain.ID
	Number     string
	StatusType StatusType
	CreatedBy  domain.ID
	CreatedFor domain.ID
}

// MenuRef is a menu that a ticket may refer to.
type MenuRef struct {
	ID   domain.ID
	Name string
}

// Found is what was found for Refs; nil if nothing was to be looked up or it does not exist.
type Found struct {
	Status     *Status
	Priority   *Priority
	Menu       *MenuRef
	CreatedFor *Person
	AssignedTo *Person
	FollowUp   *FollowUp
	// ReplyStatus is the status that the ticket gets when its requester replies (Status.ReplyStatus).
	ReplyStatus *Status
}
