package domain

// These are the terms that are used more than once, or that are parameters. A label that is used only once is written
// where it is used.

// Labels of fields.
const (
	TermAutoClose    Term = "Days until tickets are closed"
	TermDisplayOrder Term = "Display order"
	TermEmail        Term = "Email"
	TermMenuDetails  Term = "Menu Details"
	TermMenuID       Term = "Menu ID"
	TermPassword     Term = "Password"
	TermPhoneNumber  Term = "Phone Number"
	TermRefreshToken Term = "Refresh token"
	TermRoleID       Term = "Role ID"
	TermSLAHours     Term = "SLA hours"
	TermSatisfaction Term = "Customer satisfaction"
	TermStatusTypeOf Term = "Status type"
	TermTargets      Term = "Targets"
	TermToken        Term = "Token"
	TermUserList     Term = "User list"
	TermUsername     Term = "Username"
	TermWeight       Term = "Weight"
)

// Kinds of resources.
const (
	TermCalendar Term = "Calendar"
	TermMenu     Term = "Menu"
	TermPolicy   Term = "SLA policy"
	TermPriority Term = "Ticket priority"
	TermRole     Term = "Role"
	TermStatus   Term = "Ticket status"
)

// Fields that are unique.
const (
	TermCode     Term = "code"
	TermName     Term = "name"
	TermPosition Term = "position"
	TermURL      Term = "URL"
)

// Enumerations of which a value is chosen.
const (
	TermMetric     Term = "metric"
	TermOnReply    Term = "effect of a requester's reply"
	TermReopening  Term = "way to reopen"
	TermScope      Term = "ticket scope"
	TermStatusType Term = "status type"
	TermVisibility Term = "visibility"
)

// Types of values.
const (
	TermAnInt      Term = "a whole number"
	TermAnObject   Term = "an object"
	TermAText      Term = "a string"
	TermATime      Term = "a date and time, such as 2026-01-31T09:30:00Z or 2026/01/31 09:30"
	TermBool       Term = "true or false"
	TermBoolInItem Term = "a boolean value"
	TermObjects    Term = "a list of objects"
	TermPairs      Term = `a list of pairs of times, such as [["09:00","17:30"]]`
	TermTexts      Term = "a list of strings"
)
