package domain

// What fields are called.
const (
	TermAddress      Term = "address"
	TermBody         Term = "body"
	TermCalendarName Term = "calendar name"
	TermCreateURL    Term = "create URL"
	TermDescription  Term = "description"
	TermDisplayOrder Term = "display order"
	TermEmail        Term = "email"
	TermHolidayName  Term = "holiday name"
	TermIcon         Term = "icon"
	TermListURL      Term = "list URL"
	TermMenuDetails  Term = "menu details"
	TermMenuID       Term = "menu ID"
	TermMenuName     Term = "menu name"
	TermMenuURL      Term = "menu URL"
	TermPassword     Term = "password"
	TermPhoneNumber  Term = "phone number"
	TermPolicyName   Term = "policy name"
	TermPriorityCode Term = "priority code"
	TermPriorityName Term = "priority name"
	TermRefreshToken Term = "refresh token"
	TermRoleID       Term = "role ID"
	TermRoleName     Term = "role name"
	TermSLAHours     Term = "SLA hours"
	TermSatisfaction Term = "customer satisfaction"
	TermStatusCode   Term = "status code"
	TermStatusName   Term = "status name"
	TermStatusTypeOf Term = "type of a status"
	TermTargets      Term = "targets"
	TermTimeZone     Term = "time zone"
	TermTitle        Term = "title"
	TermToken        Term = "token"
	TermUserList     Term = "user list"
	TermUsername     Term = "username"
	TermWeight       Term = "weight"
)

// What there is.
const (
	TermCalendar Term = "calendar"
	TermMenu     Term = "menu"
	TermPolicy   Term = "policy"
	TermPriority Term = "priority"
	TermRole     Term = "role"
	TermStatus   Term = "status"
)

// By what there is only one of it.
const (
	TermCode     Term = "code"
	TermName     Term = "name"
	TermPosition Term = "position"
	TermURL      Term = "URL"
)

// Of what one is chosen.
const (
	TermMetric     Term = "metric"
	TermReopening  Term = "way to reopen"
	TermScope      Term = "ticket scope"
	TermStatusType Term = "status type"
	TermVisibility Term = "visibility"
)

// What a value must be.
const (
	TermAnInt      Term = "a whole number"
	TermAnObject   Term = "an object"
	TermAText      Term = "a text"
	TermATime      Term = "a time"
	TermBool       Term = "true or false"
	TermBoolInItem Term = "true or false in an item"
	TermObjects    Term = "objects"
	TermPairs      Term = "pairs of times"
	TermTexts      Term = "texts"
)
