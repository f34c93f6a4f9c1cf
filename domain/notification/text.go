package notification

import (
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
)

// Text is what a log says to a reader.
type Text struct {
	Headline string // what kind of event it is, as in "Status changed"; "" in logs without news
	Title    string // the headline and the title of the ticket
	Message  string // what happened, and who did it
}

// Text returns what the log says in a language (a primary language subtag of BCP 47), with times in a zone. It is English in
// a language without a catalog. A log without news says what is stored, in English and UTC.
func (v View) Text(language string, zone *time.Location) Text {
	if v.News == nil {
		return Text{Title: v.Title, Message: v.Message}
	}
	return v.News.text(v.Type, v.TicketNumber, catalogOf(language), zone)
}

// catalogs are the words of every language.
var catalogs = map[string]catalog{"en": english, "ne": nepali}

func catalogOf(language string) catalog {
	if c, ok := catalogs[language]; ok {
		return c
	}
	return english
}

// catalog is the words of a language. Names in braces are replaced by values.
type catalog struct {
	headlines  map[Type]string
	facts      map[FactKind]string // {from}, {to}, {was}, {at} and {metric} are fields of the fact
	metrics    map[sla.Metric]string
	sentence   string // of {number} and {facts}
	sentenceBy string // the same, with {by}: who did it
	and        string // between the last two facts
	time       func(time.Time) string
}

// minute formats a time in ASCII, to the minute.
func minute(t time.Time) string { return t.Format("2006-01-02 15:04 ") + domain.ZoneName(t) }

func (n News) text(kind Type, number string, c catalog, zone *time.Location) Text {
	facts := make([]string, len(n.Facts))
	for i, f := range n.Facts {
		facts[i] = c.fact(f, zone)
	}
	sentence := c.sentence
	if n.By != "" && slices.ContainsFunc(n.Facts, Fact.isDone) {
		sentence = c.sentenceBy
	}
	headline := c.headlines[kind]
	return Text{
		Headline: headline, Title: shorten(headline+": "+n.Title, maxTitle),
		Message: fill(sentence, "number", number, "facts", join(facts, c.and), "by", n.By),
	}
}

// maxQuote is the maximum length of a value in a message, in characters.
const maxQuote = 80

// fact returns a fact in words. It is the kind itself if a later release stored it, which has words for it.
func (c catalog) fact(f Fact, zone *time.Location) string {
	text, ok := c.facts[f.Kind]
	if !ok {
		return strings.ReplaceAll(string(f.Kind), "_", " ")
	}
	return fill(text, "from", shorten(f.From, maxQuote), "to", shorten(f.To, maxQuote), "metric", c.metrics[f.Metric],
		"was", c.time(f.Was.In(zone)), "at", c.time(f.At.In(zone)))
}

// fill replaces names in braces by their values. values are names and their values.
func fill(text string, values ...string) string {
	for i := 0; i < len(values); i += 2 {
		values[i] = "{" + values[i] + "}"
	}
	return strings.NewReplacer(values...).Replace(text)
}

// join joins parts as in a sentence: "a, b and c".
func join(parts []string, and string) string {
	last := len(parts) - 1
	if last < 1 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:last], ", ") + and + parts[last]
}
