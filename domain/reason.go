package domain

// Reason is why a request failed, as a stable code for programs. Responses hold it as `code`.
type Reason string

// The reasons of use cases. Each one belongs to one kind of errors.
const (
	ReasonInvalid            Reason = "invalid"             // a value is wrong
	ReasonMalformed          Reason = "malformed"           // the input could not be parsed
	ReasonTokenMissing       Reason = "token_missing"       // no credentials were sent
	ReasonTokenInvalid       Reason = "token_invalid"       // the token is not one of this service, or has the wrong type
	ReasonTokenExpired       Reason = "token_expired"       // the token was valid until its expiry
	ReasonSessionRevoked     Reason = "session_revoked"     // the session of the token has ended
	ReasonCredentialsInvalid Reason = "credentials_invalid" // user name or password are wrong
	ReasonForbidden          Reason = "forbidden"           // the actor lacks the permission
	ReasonOutsideYourRights  Reason = "outside_your_rights" // the actor would grant, or touch, more than it holds
	ReasonNotFound           Reason = "not_found"
	ReasonConflict           Reason = "conflict" // any other contradiction with what is stored
	ReasonInUse              Reason = "in_use"
	ReasonLastSuperuser      Reason = "last_superuser"
	ReasonYourself           Reason = "yourself" // the actor may do it to others only
	ReasonPredefined         Reason = "predefined"
	ReasonDefaultNeeded      Reason = "default_needed" // without it there would be no default
	ReasonClosed             Reason = "closed"         // the ticket is closed or cancelled
	ReasonRetryInProgress    Reason = "retry_in_progress"
	ReasonRetryMismatch      Reason = "retry_mismatch"
	ReasonPreconditionFailed Reason = "precondition_failed"
	ReasonGone               Reason = "gone" // a link that was used, or whose time is over
	ReasonThrottled          Reason = "throttled"
	ReasonUnavailable        Reason = "unavailable"
	ReasonInternal           Reason = "internal"
)

// kinds maps each reason to its kind.
var kinds = map[Reason]Kind{
	ReasonInvalid: Invalid, ReasonMalformed: Invalid,
	ReasonTokenMissing: Unauthenticated, ReasonTokenInvalid: Unauthenticated, ReasonTokenExpired: Unauthenticated,
	ReasonSessionRevoked: Unauthenticated, ReasonCredentialsInvalid: Unauthenticated,
	ReasonForbidden: Forbidden, ReasonOutsideYourRights: Forbidden,
	ReasonNotFound: NotFound,
	ReasonConflict: Conflict, ReasonInUse: Conflict, ReasonLastSuperuser: Conflict, ReasonYourself: Conflict,
	ReasonPredefined: Conflict, ReasonDefaultNeeded: Conflict, ReasonClosed: Conflict, ReasonRetryInProgress: Conflict,
	ReasonRetryMismatch: Reused, ReasonPreconditionFailed: Stale, ReasonGone: Gone,
	ReasonThrottled: Throttled, ReasonUnavailable: Unavailable, ReasonInternal: Internal,
}

// Kind returns the kind of the errors with a reason.
func (r Reason) Kind() Kind { return kinds[r] }

// defaultReasons maps each kind to the reason of its errors that name none.
var defaultReasons = [...]Reason{
	Internal: ReasonInternal, Invalid: ReasonInvalid, Unauthenticated: ReasonTokenInvalid, Forbidden: ReasonForbidden,
	NotFound: ReasonNotFound, Conflict: ReasonConflict, Gone: ReasonGone, Stale: ReasonPreconditionFailed, Reused: ReasonRetryMismatch,
	Throttled: ReasonThrottled, Unavailable: ReasonUnavailable,
}
