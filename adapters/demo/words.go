package demo

import (
	"fmt"
	"strings"
)

var (
	firstNames = []string{
		"Aarav", "Anita", "Bikash", "Binita", "Deepak", "Dolma", "Gita", "Hari", "Ishwor", "Jyoti", "Kabita", "Kiran", "Laxmi", "Manoj", "Maya",
		"Nabin", "Nirmala", "Pemba", "Prakash", "Rajan", "Rita", "Sabina", "Sanjay", "Sarita", "Suman", "Sunita", "Tenzin", "Umesh",
	}
	lastNames = []string{
		"Adhikari", "Basnet", "Bhandari", "Chaudhary", "Dahal", "Gautam", "Ghimire", "Gurung", "Joshi", "Karki", "Khadka", "Lama", "Magar",
		"Maharjan", "Pandey", "Poudel", "Rai", "Rana", "Sharma", "Sherpa", "Shrestha", "Tamang", "Thapa", "Yadav",
	}
	mailHosts = []string{"example.com", "example.net", "example.org"}
	streets   = []string{"Lazimpat Road", "Lake Side", "Durbar Marg", "New Road", "Ring Road", "Station Road", "Temple Street", "Mill Lane"}
	towns     = []string{"Kathmandu", "Lalitpur", "Pokhara", "Biratnagar", "Bharatpur", "Dharan", "Butwal", "Janakpur"}

	things = []string{
		"Printer", "Laptop", "VPN", "Mailbox", "Payroll report", "Badge reader", "Phone line", "Wi-Fi", "Shared folder", "Projector",
		"Invoice export", "Password reset", "Calendar", "Scanner", "Booking page", "Backup", "Customer portal", "Barcode gun", "Till",
		"Headset",
	}
	faults = []string{
		"does not start", "is very slow", "stopped after the update", "shows a blank page", "loses its connection", "refuses my password",
		"gives wrong totals", "is missing since Monday", "asks for a licence", "makes a strange noise", "has to be replaced", "should be moved",
		"needs access for a new colleague", "prints every page twice", "cannot be reached from home",
	}
	places = []string{
		"on the second floor", "in the warehouse", "at the reception", "in the Pokhara office", "for the night shift", "in accounting",
		"at the counter", "in meeting room 4", "for the whole team", "on my desk",
	}

	openings = []string{
		"It began this morning.", "It worked until yesterday.", "We see it since the move.", "It happens every few hours.",
		"A colleague reports the same.", "It happened twice this week.",
	}
	details = []string{
		"Restarting did not help.", "The light on the front is red.", "The screen says error %d.", "Other machines beside it are fine.",
		"Order %d is waiting for it.", "The cable was changed already.", "I attached what the log says about request %d.",
		"Only the newest version is affected.", "Half of the team cannot work.", "The serial number ends in %d.",
	}
	closings = []string{
		"Please call before you come.", "It is not urgent.", "We need it before the end of the month.", "Thank you for looking into it.",
		"Somebody is here until six.", "A replacement would do, too.",
	}
)

func (d *Desk) title() string {
	return fmt.Sprintf("%s %s %s", pick(d, things), pick(d, faults), pick(d, places))
}

// description returns two to five sentences.
func (d *Desk) description() string {
	sentences := []string{pick(d, openings)}
	for range 1 + d.random.IntN(3) {
		s := pick(d, details)
		if strings.Contains(s, "%d") {
			s = fmt.Sprintf(s, 2+d.random.IntN(9000))
		}
		sentences = append(sentences, s)
	}
	if d.percent(60) {
		sentences = append(sentences, pick(d, closings))
	}
	return strings.Join(sentences, " ")
}
