package notification

import (
	"slices"

	"tickt/domain"
)

// Choice is how an account is told of a type of notification.
type Choice string

// The choices, as clients name them.
const (
	TellNone  Choice = "none"
	TellInbox Choice = "inbox"
	TellMail  Choice = "mail"
	TellBoth  Choice = "both" // the default
)

// EveryChoice lists every choice.
var EveryChoice = []Choice{TellNone, TellInbox, TellMail, TellBoth}

// Choices are what an account has chosen. nil stands for the default of every type.
type Choices struct {
	Made []Made `json:"made"` // without the types that have the default
}

// Made is the choice for a type.
type Made struct {
	Type   Type   `json:"type"`
	Choice Choice `json:"choice"`
}

// Of returns the choice for a type.
func (c *Choices) Of(t Type) Choice {
	if c != nil {
		for _, m := range c.Made {
			if m.Type == t {
				return m.Choice
			}
		}
	}
	return TellBoth
}

// Changed returns the choices with those of a patch. null returns one to its default. Problems name the field notify and the
// type.
func (c *Choices) Changed(patch map[Type]domain.Optional[string], p *domain.Problems) *Choices {
	changed := &Choices{}
	for _, t := range Types {
		choice := c.Of(t)
		if value := patch[t]; value.Null {
			choice = TellBoth
		} else {
			choice = Choice(value.Or(string(choice)))
		}
		if !slices.Contains(EveryChoice, choice) {
			p.AddOnce("notify."+string(t), domain.CodeOneOf, domain.Params{"choices": domain.Names(EveryChoice)})
		}
		if choice != TellBoth {
			changed.Made = append(changed.Made, Made{t, choice})
		}
	}
	if len(changed.Made) == 0 {
		return nil
	}
	return changed
}

// Inbox reports whether a choice includes the inbox.
func (c Choice) Inbox() bool { return c == TellInbox || c == TellBoth }

// Mail reports whether a choice includes a mail.
func (c Choice) Mail() bool { return c == TellMail || c == TellBoth }
