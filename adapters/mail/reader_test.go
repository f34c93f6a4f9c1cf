package mail_test

import (
	"strings"
	"testing"

	"tickt/domain/notification"
)

// TestMailIsWrittenForItsReader checks that a notification is told in the recipient's language and zone, everywhere in the mail.
func TestMailIsWrittenForItsReader(t *testing.T) {
	o := (&smtpServer{}).start(t)
	x := statusChangeMail("l1", "zoe@example.org", "Printer")
	x.Language, x.TimeZone = "ne", "Asia/Tokyo"
	x.Log.Type, x.Log.News = notification.TicketUpdated, &notification.News{
		Title: "Printer", By: "zoe", Facts: []notification.Fact{{Kind: notification.FactDueSet, At: noon}},
	}
	check(t, o.mailer(t, nil).Send(t.Context(), x))
	p := parse(t, o.got()[0].text)
	for _, body := range []string{p.text, p.html} {
		for _, want := range []string{"अन्तिम मिति २०२६-०३-०१ २१:०० JST राखियो (zoe)।"} {
			if !strings.Contains(body, want) {
				t.Errorf("%q is not in\n%s", want, body)
			}
		}
		if strings.Contains(body, "changed") || strings.Contains(body, "UTC") {
			t.Errorf("not for its reader:\n%s", body)
		}
	}
}
