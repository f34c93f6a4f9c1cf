package notification_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/notification"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

// kathmandu is 5:45 h ahead of UTC.
var kathmandu, _ = domain.TimeZone("Asia/Kathmandu")

// viewOf returns the only log of an event for the readers bob and eve.
func viewOf(t *testing.T, e notification.Event) notification.View {
	t.Helper()
	all := logs(e, []notification.Reader{reader(bob), reader(eve)})
	if len(all) != 1 {
		t.Fatalf("got %+v", all)
	}
	return notification.View{Log: all[0], TicketNumber: e.After.Number}
}

func TestTextIsInTheLanguageAndZoneOfTheReader(t *testing.T) {
	later := func(e *notification.Event) { e.Before.DueDate = now; due(e) }
	late := func(e *notification.Event) {
		e.Alarms = []sla.Event{{Metric: sla.FirstResponse, Kind: sla.Breached, At: now}, {Metric: sla.Resolution, Kind: sla.Warned, At: now}}
	}
	for name, c := range map[string]struct {
		steps    []step
		language string
		zone     *time.Location
		want     notification.Text
	}{
		"English in another zone": {[]step{later, status}, "en", kathmandu, notification.Text{
			Headline: "Status changed", Title: "Status changed: Printer",
			Message: "TKT-20260301-0001: status changed from Open to Resolved and due date changed from 2026-03-01 17:45 UTC+05:45 to " +
				"2026-03-03 05:45 UTC+05:45 by ana.",
		}},
		"Nepali in its zone": {[]step{later, status}, "ne", kathmandu, notification.Text{
			Headline: "स्थिति बदलियो", Title: "स्थिति बदलियो: Printer",
			Message: "TKT-20260301-0001: स्थिति Open बाट Resolved मा बदलियो र अन्तिम मिति " +
				"२०२६-०३-०१ १७:४५ UTC+०५:४५ बाट २०२६-०३-०३ ०५:४५ UTC+०५:४५ मा सारियो (ana)।",
		}},
		"alarms in Nepali": {[]step{late}, "ne", time.UTC, notification.Text{
			Headline: "SLA उल्लङ्घन", Title: "SLA उल्लङ्घन: Printer",
			Message: "TKT-20260301-0001: पहिलो जवाफ को समय २०२६-०३-०१ १२:०० UTC मा नाघिसकेको छ र समाधान को समय सकिन लागेको छ।",
		}},
		"alarms that a change noticed": {[]step{late}, "en", time.UTC, notification.Text{
			Headline: "SLA breached", Title: "SLA breached: Printer",
			Message: "TKT-20260301-0001: first response overdue since 2026-03-01 12:00 UTC and resolution soon due.",
		}},
		"another language": {[]step{due}, "de", time.UTC, notification.Text{
			Headline: "Ticket updated", Title: "Ticket updated: Printer", Message: "TKT-20260301-0001: due date set to 2026-03-03 00:00 UTC by ana.",
		}},
		"values that look like names of values": {
			[]step{func(e *notification.Event) {
				e.Before.StatusName, e.After.StatusID, e.After.StatusName = "{to}", "x", "{by}"
			}},
			"en", time.UTC,
			notification.Text{
				Headline: "Status changed", Title: "Status changed: Printer", Message: "TKT-20260301-0001: status changed from {to} to {by} by ana.",
			},
		},
	} {
		if got := viewOf(t, event(printer(), ana, c.steps...)).Text(c.language, c.zone); got != c.want {
			t.Errorf("%s: got\n%+v\nwant\n%+v", name, got, c.want)
		}
	}
}

func TestTextOfALogWithoutNewsIsTheStoredOne(t *testing.T) {
	v := viewOf(t, event(printer(), ana, due))
	v.News = nil
	want := notification.Text{Title: "Ticket updated: Printer", Message: "TKT-20260301-0001: due date set to 2026-03-03 00:00 UTC by ana."}
	if got := v.Text("ne", kathmandu); got != want {
		t.Errorf("got %+v", got)
	}
}

// TestEveryLanguageHasWordsForEverything checks that no text in a language falls back to a key, and that it uses what its
// English counterpart uses.
func TestEveryLanguageHasWordsForEverything(t *testing.T) {
	full := notification.Fact{From: "FROM", To: "TO", Was: now, At: now.Add(time.Hour), Metric: sla.Resolution}
	say := func(language string, kind notification.Type, fact notification.FactKind) notification.Text {
		f := full
		f.Kind = fact
		return notification.View{
			Log:          notification.Log{Type: kind, News: &notification.News{Title: "T", By: "BY", Facts: []notification.Fact{f}}},
			TicketNumber: "TKT",
		}.Text(language, time.UTC)
	}
	ofTime := []notification.FactKind{ // brought about by time alone
		notification.FactDueSoon, notification.FactDuePassed, notification.FactResponsePassed, notification.FactWarned, notification.FactBreached,
	}
	for _, language := range []string{"en", "ne"} {
		for _, kind := range notification.Types {
			if got := say(language, kind, notification.FactOpened).Headline; got == "" {
				t.Errorf("%s has no headline of %s", language, kind)
			}
		}
		for _, kind := range notification.FactKinds {
			en, got := say("en", notification.TicketUpdated, kind).Message, say(language, notification.TicketUpdated, kind).Message
			if language != "en" && got == en || !strings.HasPrefix(got, "TKT: ") || strings.Contains(got, "BY") == slices.Contains(ofTime, kind) ||
				strings.Contains(got, "{") {
				t.Errorf("%s says %q of %s", language, got, kind)
			}
			for _, value := range []string{"FROM", "TO"} {
				if strings.Contains(en, value) != strings.Contains(got, value) {
					t.Errorf("%s says %q, English %q", language, got, en)
				}
			}
		}
	}
	if got := say("en", notification.TicketUpdated, "of_a_later_release").Message; got != "TKT: of a later release by BY." {
		t.Errorf("an unknown fact is %q", got)
	}
}

func TestNewsAreOnlyWhatTheRecipientMayRead(t *testing.T) {
	all := logs(event(printer(), ana, addComment(ticket.Internal), status), []notification.Reader{reader(bob), reader(rita)})
	fact := notification.Fact{Kind: notification.FactStatus, From: "Open", To: "Resolved"}
	for i, want := range [][]notification.Fact{{fact, {Kind: notification.FactNote, CommentID: "c"}}, {fact}} {
		l := all[map[bool]int{true: i, false: 1 - i}[all[0].RecipientID == bob]]
		if !reflect.DeepEqual(l.News.Facts, want) || l.News.Title != "Printer" || l.News.By != ana {
			t.Errorf("%s gets %+v, want %+v", l.RecipientID, l.News, want)
		}
	}
}
