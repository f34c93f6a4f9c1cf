package notification

import (
	"strings"
	"time"

	"tickt/domain/sla"
)

// nepali is the catalog of Nepali.
var nepali = catalog{
	headlines: map[Type]string{
		TicketCreated:          "नयाँ टिकट",
		TicketReceived:         "तपाईंका लागि टिकट खोलियो",
		TicketAssigned:         "टिकट जिम्मा लगाइयो",
		TicketReassigned:       "टिकटको जिम्मेवारी सारियो",
		StatusChanged:          "स्थिति बदलियो",
		PriorityChanged:        "प्राथमिकता बदलियो",
		CommentAdded:           "नयाँ टिप्पणी",
		TicketUpdated:          "टिकट अद्यावधिक भयो",
		DueDateApproaching:     "अन्तिम मिति नजिकिँदै छ",
		DueDatePassed:          "अन्तिम मिति नाघ्यो",
		ResponseDeadlinePassed: "जवाफ दिने समय नाघ्यो",
		SLAWarning:             "SLA चेतावनी",
		SLABreached:            "SLA उल्लङ्घन",
	},
	facts: map[FactKind]string{
		FactOpened:         "टिकट खोलियो",
		FactOpenedFor:      "टिकट खोलियो र {to} लाई जिम्मा लगाइयो",
		FactAssigned:       "{to} लाई जिम्मा लगाइयो",
		FactReassigned:     "जिम्मेवारी {from} बाट {to} मा सारियो",
		FactUnassigned:     "जिम्मेवारी {from} बाट हटाइयो",
		FactRequester:      "अनुरोधकर्ता {from} बाट {to} मा बदलियो",
		FactStatus:         "स्थिति {from} बाट {to} मा बदलियो",
		FactPriority:       "प्राथमिकता {from} बाट {to} मा बदलियो",
		FactComment:        "टिप्पणी थपियो",
		FactNote:           "आन्तरिक टिप्पणी थपियो",
		FactTitle:          `शीर्षक "{from}" बाट "{to}" मा बदलियो`,
		FactDueSet:         "अन्तिम मिति {at} राखियो",
		FactDueMoved:       "अन्तिम मिति {was} बाट {at} मा सारियो",
		FactDueRemoved:     "अन्तिम मिति हटाइयो",
		FactDueSoon:        "अन्तिम मिति {at} हो",
		FactDuePassed:      "अन्तिम मिति {at} नाघ्यो",
		FactResponsePassed: "पहिलो जवाफ बिना जवाफ दिने समय {at} नाघ्यो",
		FactWarned:         "{metric} को समय सकिन लागेको छ",
		FactBreached:       "{metric} को समय {at} मा नाघिसकेको छ",
	},
	metrics: map[sla.Metric]string{
		sla.FirstResponse: "पहिलो जवाफ",
		sla.NextResponse:  "अर्को जवाफ",
		sla.Resolution:    "समाधान",
	},
	sentence:   "{number}: {facts}।",
	sentenceBy: "{number}: {facts} ({by})।",
	and:        " र ",
	time:       func(t time.Time) string { return strings.Map(devanagari, minute(t)) },
}

// devanagari returns an ASCII digit in Devanagari, and any other rune as it is.
func devanagari(r rune) rune {
	const zero = '०'
	if r >= '0' && r <= '9' {
		return zero + r - '0'
	}
	return r
}
