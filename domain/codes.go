package domain

import "strings"

// Code identifies a kind of problem. The part before the first dot is its class, which programs can act on. Each code
// has one sentence in each language.
type Code string

// Class returns the part of the code that clients see: required, type, too_long, too_short, range, invalid, taken,
// unknown or duplicate.
func (c Code) Class() string {
	class, _, _ := strings.Cut(string(c), ".")
	return class
}

// A value is missing.
const (
	CodeBlank              Code = "required.text"
	CodeBlankName          Code = "required.name"
	CodeBlankInItem        Code = "required.text_in_item"
	CodeEmpty              Code = "required.value"
	CodeNoAccount          Code = "required.account"
	CodeNoMenu             Code = "required.menu"
	CodeNoDefaultStatus    Code = "required.default_status"
	CodeNoDefaultPriority  Code = "required.default_priority"
	CodeNoPermission       Code = "required.permission"
	CodeNoPermissionInItem Code = "required.permission_in_item"
	CodeNoInterval         Code = "required.interval"
)

// A value has the wrong type.
const (
	CodeType       Code = "type.value"
	CodeTypeInItem Code = "type.value_in_item"
)

// A value is too long or too short.
const (
	CodeTooLong          Code = "too_long.text"
	CodeTooLongValue     Code = "too_long.value"
	CodeTooManyValues    Code = "too_long.values"
	CodeTooManyWords     Code = "too_long.words"
	CodeTooManyTexts     Code = "too_long.texts"
	CodeTooManyObjects   Code = "too_long.objects"
	CodeTooManyIntervals Code = "too_long.intervals"
	CodeTooManyHolidays  Code = "too_long.holidays"
	CodeTooManyTargets   Code = "too_long.targets"
	CodeTooShort         Code = "too_short.text"
)

// A value is out of range.
const (
	CodeRange       Code = "range.number"
	CodeRangeOrNull Code = "range.number_or_null"
	CodeBounds      Code = "range.bounds"
	CodeNegative    Code = "range.negative"
	CodeTooLarge    Code = "range.number_at_most"
	CodePageSize    Code = "range.page_size"
	CodeTooDeep     Code = "range.menu_depth"
	CodeTooFar      Code = "range.sla_due_date"
	CodeNoPlace     Code = "range.policy_position"
)

// A value is invalid, or not allowed in this place.
const (
	CodeCharacters        Code = "invalid.characters"
	CodeValueCharacters   Code = "invalid.value_characters"
	CodeUsername          Code = "invalid.username"
	CodeUsernameScripts   Code = "invalid.username_scripts"
	CodeLookAlike         Code = "invalid.username_look_alike"
	CodeUsernameReserved  Code = "invalid.username_reserved"
	CodeEmail             Code = "invalid.email"
	CodeEitherName        Code = "invalid.either_name"
	CodePhone             Code = "invalid.phone"
	CodePasswordCharacter Code = "invalid.password_character"
	CodePasswordRepeats   Code = "invalid.password_repeats"
	CodePasswordCommon    Code = "invalid.password_common"
	CodeCurrentPassword   Code = "invalid.current_password"
	CodeCount             Code = "invalid.count"
	CodeID                Code = "invalid.id"
	CodeIDs               Code = "invalid.ids"
	CodeFlag              Code = "invalid.flag"
	CodeFlagOrAll         Code = "invalid.flag_or_all"
	CodeTime              Code = "invalid.time"
	CodeOneOf             Code = "invalid.one_of"
	CodeChoice            Code = "invalid.choice"
	CodePageAndCursor     Code = "invalid.page_and_cursor"
	CodeCursor            Code = "invalid.cursor"
	CodeOrderedCursor     Code = "invalid.ordered_cursor"
	CodeStatus            Code = "invalid.status"
	CodePriority          Code = "invalid.priority"
	CodeMenu              Code = "invalid.menu"
	CodeCustomer          Code = "invalid.customer"
	CodeHandOver          Code = "invalid.hand_over"
	CodeStaff             Code = "invalid.staff"
	CodeTwoAccounts       Code = "invalid.two_accounts"
	CodeDueBeforeResponse Code = "invalid.due_before_response"
	CodeRatedTooEarly     Code = "invalid.rated_too_early"
	CodeColor             Code = "invalid.color"
	CodeAutoCloseType     Code = "invalid.auto_close_type"
	CodeFollowUp          Code = "invalid.follow_up"
	CodeTimeZone          Code = "invalid.time_zone"
	CodeInterval          Code = "invalid.interval"
	CodeOverlap           Code = "invalid.overlap"
	CodeDate              Code = "invalid.date"
	CodeAccountChanged    Code = "invalid.account_changed"
	CodeMenuChanged       Code = "invalid.menu_changed"
	CodeSubMenuURL        Code = "invalid.sub_menu_url"
	CodeLink              Code = "invalid.link"
	CodeOwnParent         Code = "invalid.own_parent"
	CodeCircle            Code = "invalid.circle"
	CodeEditDiffers       Code = "invalid.edit_differs"
	CodeEditDiffersInItem Code = "invalid.edit_differs_in_item"
	CodeRetryKey          Code = "invalid.retry_key"
	CodeCondition         Code = "invalid.condition"
)

// A value that must be unique is already in use.
const (
	CodeTaken           Code = "taken.value"
	CodeTakenBy         Code = "taken.by"
	CodeAssignmentTaken Code = "taken.assignment"
)

// A value refers to something that does not exist.
const (
	CodeUnknownField     Code = "unknown.field"
	CodeUnknownParameter Code = "unknown.parameter"
	CodeUnknownRole      Code = "unknown.role"
	CodeRoleToPermit     Code = "unknown.role_to_permit"
	CodeUnknownUsers     Code = "unknown.users"
	CodeUnknownUsersMore Code = "unknown.users_and_more"
	CodeUnknownMenus     Code = "unknown.menus"
	CodeUnknownParent    Code = "unknown.parent_menu"
	CodeAccountToAssign  Code = "unknown.account_to_assign"
	CodeMenuToAssign     Code = "unknown.menu_to_assign"
	CodePriorityToMatch  Code = "unknown.priority_to_match"
	CodeMenuToMatch      Code = "unknown.menu_to_match"
	CodeUnknownCalendar  Code = "unknown.calendar"
	CodeUnknownClock     Code = "unknown.clock"
	CodeUnknownDay       Code = "unknown.day"
)

// Something occurs more than once.
const (
	CodeFieldTwice     Code = "duplicate.field"
	CodeParameterTwice Code = "duplicate.parameter"
	CodeMenuTwice      Code = "duplicate.menu"
	CodeMetricTwice    Code = "duplicate.metric"
	CodeDateTwice      Code = "duplicate.date"
)
