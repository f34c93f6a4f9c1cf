package bunstore

import (
	"errors"
	"reflect"
	"regexp"
	"runtime"
	"strings"
)

// failure is an error with what the store was doing: the method of a port and the statement, as in
// "Tickets.Save: UPDATE tickets: " before the cause. Most errors are compared and never read, so the names are
// computed when the text is asked for.
type failure struct {
	cause     error
	statement string // its text
	calls     []uintptr
}

// maxCalls is how many calls there are at most between a method of a port and its statement.
const maxCalls = 16

func (f *failure) Error() string {
	text := nameOf(f.statement) + ": " + f.cause.Error()
	if operation := f.operation(); operation != "" {
		return operation + ": " + text
	}
	return text
}

func (f *failure) Unwrap() error { return f.cause }

// because returns an error with the cause replaced; what was being done stays.
func because(err, cause error) error {
	var f *failure
	if !errors.As(err, &f) {
		return cause
	}
	return &failure{cause: cause, statement: f.statement, calls: f.calls}
}

var (
	here = reflect.TypeFor[failure]().PkgPath() + "."

	// storeMethod finds a store and its method in the name of a function, as in "tickets.Save" and "catalog[...].Get".
	storeMethod = regexp.MustCompile(`^([a-z]\w*)(?:\[\.\.\.\])?\.([A-Z]\w*)`)

	// wholeMethod finds a method of the Store itself, as in "(*Store).Update.func1".
	wholeMethod = regexp.MustCompile(`^\(\*Store\)\.([A-Z]\w*)`)
)

// operation returns the method of a port that was called, as in "Tickets.Save"; "" if there was none. A method that
// calls another one of the same store is the one that counts.
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
