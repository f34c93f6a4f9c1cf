package mail

import (
	"strconv"
	"strings"
	"time"

	"tickt/domain"
)

// language is a language of mails. The texts of the templates and of account mails are written in English and looked up in
// words; a text that is not there stays English.
type language struct {
	code   string // BCP 47
	words  map[string]string
	format func(time.Time) string
}

// languages are the languages of mails by code.
var languages = map[string]language{
	english: {code: english, format: englishTime},
	"ne":    {code: "ne", words: nepali, format: nepaliTime},
}

// english is the language of accounts without one of languages.
const english = "en"

func languageOf(code string) language {
	if l, ok := languages[code]; ok {
		return l
	}
	return languages[english]
}

// say returns a text in the language. values are names and their values: the value of a name replaces it in braces.
func (l language) say(text string, values ...string) string {
	if said, ok := l.words[text]; ok {
		text = said
	}
	for i := 0; i+1 < len(values); i += 2 {
		values[i] = "{" + values[i] + "}"
	}
	return strings.NewReplacer(values[:len(values)/2*2]...).Replace(text)
}

// lineIndent is the column of the values of a text mail, in English.
const lineIndent = 12

// line returns a line of a text mail: a label in the language, and its value. Only English values are aligned, since the
// letters of other scripts differ in width.
func (l language) line(label, value string) string {
	said := l.say(label) + ":"
	if l.code == english {
		said += strings.Repeat(" ", max(0, lineIndent-len(said)-1))
	}
	return said + " " + value
}

// functions are the functions of templates in addition to the standard ones.
func (l language) functions() map[string]any {
	return map[string]any{
		"list":     func(values ...string) []string { return values },
		"say":      l.say,
		"line":     l.line,
		"language": func() string { return l.code },
	}
}

// time formats a time for people in a zone; "" for the zero time.
func (l language) time(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return l.format(t.In(zone))
}

// englishTime formats a time in English.
func englishTime(t time.Time) string {
	return t.Format("Monday, 2 January 2006, 15:04 ") + domain.ZoneName(t)
}

// nepaliTime formats a time in Nepali, by the Gregorian calendar.
func nepaliTime(t time.Time) string {
	return digits(strconv.Itoa(t.Year())) + " " + nepaliMonths[t.Month()-1] + " " + digits(strconv.Itoa(t.Day())) + ", " +
		nepaliDays[t.Weekday()] + ", " + digits(t.Format("15:04 ")+domain.ZoneName(t))
}

// digits writes ASCII digits in Devanagari.
func digits(text string) string {
	const zero = '०'
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return zero + r - '0'
		}
		return r
	}, text)
}

var (
	nepaliMonths = [...]string{
		"जनवरी", "फेब्रुअरी", "मार्च", "अप्रिल", "मे", "जुन", "जुलाई", "अगस्ट", "सेप्टेम्बर", "अक्टोबर", "नोभेम्बर", "डिसेम्बर",
	}
	nepaliDays = [...]string{"आइतबार", "सोमबार", "मङ्गलबार", "बुधबार", "बिहीबार", "शुक्रबार", "शनिबार"}
)
