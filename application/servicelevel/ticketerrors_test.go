package servicelevel

import (
	"errors"
	"fmt"
	"testing"

	"tickt/ports"
)

func TestTicketErrorsNamesTheFirstHundredAndCountsTheOthers(t *testing.T) {
	cause := errors.New("damaged")
	var l ticketErrors
	if l.errs() != nil {
		t.Errorf("the zero value holds %v", l.errs())
	}
	for i := range maxNamedErrors {
		l.add("forecast", ports.TicketRef{Number: fmt.Sprintf("TKT-%03d", i)}, cause)
	}
	all := l.errs()
	if len(all) != maxNamedErrors || all[99].Error() != "forecast ticket TKT-099: damaged" || !errors.Is(all[0], cause) {
		t.Errorf("%d errors, the last is %v", len(all), all[len(all)-1])
	}
	for range 2 {
		l.add("forecast", ports.TicketRef{Number: "TKT-100"}, cause)
	}
	for range 2 { // the second call returns the same
		if all = l.errs(); len(all) != maxNamedErrors+1 || all[maxNamedErrors].Error() != "2 more tickets failed" {
			t.Errorf("%d errors, the last is %v", len(all), all[len(all)-1])
		}
	}
}
