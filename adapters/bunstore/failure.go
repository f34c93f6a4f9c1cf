package bunstore

import (
	"errors"
	"reflect"
	"regexp"
	"runtime"
	"strings"
)

// failure is an error with the operation that failed: the method of a port and the statement, as in "Tickets.Save:
// UPDATE tickets: " before the cause. Most errors are compared and never printed, so the text is computed when it is
// needed. Operations are derived from the names of the store types and of their exported methods.
type failure struct {
	cause     error
	statement string // its text
	calls     []uintptr
}

// maxCalls is the maximum number of calls between the method of a port and the statement.
const maxCalls = 16

func (f *failure) Error() string {
	text := nameOf(f.statement) + ": " + f.cause.Error()
	if operation := f.operation(); operation != "" {
		return operation + ": " + text
	}
	return text
}

func (f *failure) Unwrap() error { return f.cause }

// withCause returns err with its cause replaced and its operation kept.
func withCause(err, cause error) error {
	var f *failure
	if !errors.As(err, &f) {
		return cause
	}
	return &failure{cause: cause, statement: f.statement, calls: f.calls}
}

var (
	here = reflect.TypeFor[failure]().PkgPath() + "."

	// storeMethod matches a store and its method in the name of a function, as in "tickets.Save" and
	// "catalog[...].Get".
	storeMethod = regexp.MustCompile(`^([a-z]\w*)(?:\[\.\.\.\])?\.([A-Z]\w*)`)

	// wholeMethod matches a method of Store itself, as in "(*Store).Update.func1".
	wholeMethod = regexp.MustCompile(`^\(\*Store\)\.([A-Z]\w*)`)
)

// operation returns the method of a port that was called, as in "Tickets.Save"; "" if there was none. If a method
// calls another one of the same store, the outer one counts.
func (f *failure) operation() string {
	var store, method, whole string
	for frames, more := runtime.CallersFrames(f.calls), true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		name, ours := strings.CutPrefix(frame.Function, here)
		if !ours {
			break
		}
		if m := storeMethod.FindStringSubmatch(name); m != nil && (store == "" || store == m[1]) {
			store, method = m[1], m[2]
		}
		if m := wholeMethod.FindStringSubmatch(name); m != nil && whole == "" {
			whole = "Store." + m[1]
		}
	}
	if store == "" {
		return whole
	}
	return strings.ToUpper(store[:1]) + store[1:] + "." + method
}
