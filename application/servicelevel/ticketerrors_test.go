package servicelevel

import (
	"errors"
	"fmt"
	"testing"

	"tickt/ports"
)

func TestLeftOutNamesTheFirstHundredTicketsAndCountsTheOthers(t *testing.T) {
	cause := errors.New("damaged")
	var l leftOut
	if l.errs() != nil {
		t.Errorf("the zero value has %v", l.errs())
	}
	for i := range maxLeftOut {
		l.add("forecast", ports.TicketRef{Number: fmt.Sprintf("TKT-%03d", i)}, cause)
	}
	all := l.errs()
	if len(all) != maxLeftOut || all[99].Error() != "forecast ticket TKT-099: damaged" || !errors.Is(all[0], cause) {
		t.Errorf("%d errors, the last is %v", len(all), all[len(all)-1])
	}
	for range 2 {
		l.add("forecast", ports.TicketRef{Number: "TKT-100"}, cause)
	}
	for range 2 { // reading them adds nothing
		if all = l.errs(); len(all) != maxLeftOut+1 || all[maxLeftOut].Error() != "2 more tickets failed" {
			t.Errorf("%d errors, the last is %v", len(all), all[len(all)-1])
		}
	}
}
