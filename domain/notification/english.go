package notification

import "tickt/domain/sla"

// english is the catalog of the contract, and of the texts that are stored.
var english = catalog{
	headlines: map[Type]string{
		TicketCreated:          "New ticket",
		TicketReceived:         "Ticket opened for you",
		TicketAssigned:         "Ticket assigned",
		TicketReassigned:       "Ticket reassigned",
		StatusChanged:          "Status changed",
		PriorityChanged:        "Priority changed",
		CommentAdded:           "New comment",
		TicketUpdated:          "Ticket updated",
		DueDateApproaching:     "Due soon",
		DueDatePassed:          "Due date passed",
		ResponseDeadlinePassed: "Response deadline passed",
		SLAWarning:             "SLA warning",
		SLABreached:            "SLA breached",
	},
	facts: map[FactKind]string{
		FactOpened:         "opened",
		FactOpenedFor:      "opened and assigned to {to}",
		FactAssigned:       "assigned to {to}",
		FactReassigned:     "reassigned from {from} to {to}",
		FactUnassigned:     "unassigned from {from}",
		FactRequester:      "requester changed from {from} to {to}",
		FactStatus:         "status changed from {from} to {to}",
		FactPriority:       "priority changed from {from} to {to}",
		FactComment:        "comment added",
		FactNote:           "internal note added",
		FactTitle:          `title changed from "{from}" to "{to}"`,
		FactDueSet:         "due date set to {at}",
		FactDueMoved:       "due date changed from {was} to {at}",
		FactDueRemoved:     "due date removed",
		FactDueSoon:        "due {at}",
		FactDuePassed:      "due date {at} passed",
		FactResponsePassed: "response deadline {at} passed without a first response",
		FactWarned:         "{metric} soon due",
		FactBreached:       "{metric} overdue since {at}",
	},
	metrics: map[sla.Metric]string{
		sla.FirstResponse: "first response",
		sla.NextResponse:  "next response",
		sla.Resolution:    "resolution",
	},
	sentence:   "{number}: {facts}.",
	sentenceBy: "{number}: {facts} by {by}.",
	and:        " and ",
	time:       minute,
}
