package httpapi

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tickt/test/desk"
)

// faultReport is a report of a fault in one script. Its words are between spaces; a run of a script without spaces counts as a word.
type faultReport struct {
	script string
	text   string
	forms  []string // other forms of parts of the text, which must find it
	absent []string // what looks similar, and must not find it
	// unspaced is set if any part of a word finds it, otherwise only the beginning of a word does.
	unspaced bool
}

var reports = []faultReport{
	{
		script: "Latin", text: "Le problème\u202f: l’imprimante du café est cassée",
		forms: []string{"probleme", "CAFE", "ｐｒｏｂｌèｍｅ", "cas\u00adsée", "“café est”"}, absent: []string{"mprimante", `"café cassée"`, "es"},
	},
	{
		script: "Latin (Vietnamese)", text: "Chiếc máy quét trên tầng hai hỏng hoàn toàn",
		forms: []string{"chiec may quet", "tang hai hong"}, absent: []string{"uét"},
	},
	{
		script: "Greek", text: "Ο εκτυπωτής του ορόφου χάλασε σήμερα",
		forms: []string{"εκτυπωτης", "ΕΚΤΥΠΩΤΉΣ", "σημερα"}, absent: []string{"κτυπωτής"},
	},
	{
		script: "Cyrillic", text: "Принтер на этаже сломался ещё вчера, чёрный",
		forms: []string{"еще", "ЧЕРНЫЙ", "черныи"}, absent: []string{"ринтер", "cломался"},
	},
	{script: "Armenian", text: "Տպիչը երկրորդ հարկում կոտրված է", absent: []string{"պիչը"}},
	{
		script: "Georgian", text: "პრინტერი მეორე სართულზე გაფუჭდა",
		absent: []string{"რინტერი"},
	},
	{
		script: "Hebrew", text: "המדפסת בקומה השנייה מקולקלת",
		forms: []string{"\u200fהמדפסת\u200f"}, absent: []string{"מדפסת"},
	},
	{
		script: "Arabic", text: "الطابعة الجديدة معطلة منذ البارحة",
		forms: []string{"ﺍﻟﻄﺎﺑﻌﺔ"}, absent: []string{"طابعة"},
	},
	{
		script: "Arabic (Persian)", text: "چاپگر طبقهٔ دوم خراب می\u200cشود",
		forms: []string{"میشود", "می\u200cشو"}, absent: []string{"اپگر"},
	},
	{script: "Arabic (Urdu)", text: "دوسری منزل والا پرنٹر خراب ہے", absent: []string{"رنٹر"}},
	{
		script: "Devanagari (Nepali)", text: "दोस्रो तलाको प्रिन्टर बिग्रियो",
		absent: []string{"बिग्रीयो", "रिन्टर"},
	},
	{
		script: "Devanagari (Hindi)", text: "दूसरी मंज़िल का प्रिंटर ख़राब",
		forms: []string{"मं\u095bिल", "\u0959राब"}, absent: []string{"खराब"},
	},
	{script: "Newa", text: "𑐥𑑂𑐬𑐶𑐣𑑂𑐚𑐬 𑐳𑑂𑐫𑐒𑑂𑐎𑐬", absent: []string{"𑐬𑐶𑐣𑑂𑐚𑐬"}},
	{
		script: "Bengali", text: "দ্বিতীয় তলার প্রিন্টার নষ্ট হয়েছে",
		forms: []string{"দ্বিতী\u09af\u09bc"}, absent: []string{"রিন্টার"},
	},
	{
		script: "Gurmukhi", text: "ਦੂਜੀ ਮੰਜ਼ਿਲ ਵਾਲਾ ਪ੍ਰਿੰਟਰ ਖਰਾਬ",
		forms: []string{"ਮੰ\u0a5bਿਲ"}, absent: []string{"ਰਿੰਟਰ"},
	},
	{
		script: "Gujarati", text: "બીજા માળનું પ્રિન્ટર બગડી ગયું",
		absent: []string{"રિન્ટર"},
	},
	{
		script: "Odia", text: "ଦ୍ୱିତୀୟ ମହଲାର ପ୍ରିଣ୍ଟର ଖରାପ ହୋଇଛି",
		absent: []string{"ରିଣ୍ଟର"},
	},
	{
		script: "Tamil", text: "இரண்டாவது மாடி அச்சுப்பொறி பழுதடைந்தது",
		absent: []string{"ச்சுப்பொறி", "பொறி"},
	},
	{
		script: "Telugu", text: "రెండో అంతస్తులో ప్రింటర్ చెడిపోయింది",
		absent: []string{"రింటర్"},
	},
	{script: "Kannada", text: "ಎರಡನೇ ಮಹಡಿಯ ಮುದ್ರಕ ಕೆಟ್ಟಿದೆ", absent: []string{"ದ್ರಕ"}},
	{
		script: "Malayalam", text: "രണ്ടാം നിലയിലെ പ്രിന്റർ കേടായി",
		absent: []string{"റർ"},
	},
	{
		script: "Sinhala", text: "දෙවන මහලේ මුද්\u200dරණ යන්ත්\u200dරය කැඩී",
		forms: []string{"මුද්රණ"}, absent: []string{"රණ"},
	},
	{script: "Thaana", text: "ޕްރިންޓަރު ހަލާކުވެއްޖެ އިއްޔެ", absent: []string{"ރިންޓަރު"}},
	{script: "Syriac", text: "ܡܛܒܥܢܐ ܬܒܝܪܐ ܒܒܝܬܐ", absent: []string{"ܛܒܥܢܐ"}},
	{
		script: "Tibetan", text: "པར་འཁོར་འདི་ཆག་པ་རེད",
		forms: []string{"འཁོར་འདི", `"པར་འཁོར"`}, absent: []string{"ཁོར"},
	},
	{
		script: "Ethiopic", text: "በሁለተኛው ፎቅ የሚገኘው ማተሚያ ተበላሽቷል",
		forms: []string{"ማተሚያ፡ተበላሽቷል"}, absent: []string{"ተሚያ"},
	},
	{script: "Cherokee", text: "ᏗᎪᏪᎵᏍᎩ ᎤᏲᏨᎢ", forms: []string{"ꮧꭺꮺꮅꮝꭹ"}, absent: []string{"ᎪᏪᎵᏍᎩ"}},
	{
		script: "Adlam", text: "𞤆𞤪𞤭𞤲𞤼𞤫𞤪 𞤦𞤮𞤲𞤭𞤭𞤲𞤣𞤫",
		forms: []string{"𞤨𞤪𞤭𞤲𞤼𞤫𞤪"}, absent: []string{"𞤪𞤭𞤲𞤼𞤫𞤪"},
	},
	{script: "N’Ko", text: "ߜߙߏߡߍ߲ ߕߌߢߍߣߍ߲", absent: []string{"ߙߏߡߍ߲"}},
	{script: "Tifinagh", text: "ⵜⴰⵙⴰⴳⴳⴰⵣⵜ ⵜⵔⵥⴰⴰⵙⵙⴰ", absent: []string{"ⴰⵙⴰⴳⴳⴰⵣⵜ"}},
	{
		script: "Mongolian", text: "ᠬᠡᠪᠯᠡᠭᠴᠢ ᠡᠪᠳᠡᠷᠡᠴᠡᠢ",
		forms: []string{"ᠬᠡ\u180bᠪᠯᠡᠭᠴᠢ"}, absent: []string{"ᠪᠯᠡᠭᠴᠢ"},
	},
	{script: "Ol Chiki", text: "ᱯᱨᱤᱱᱴᱚᱨ ᱨᱟᱹᱯᱩᱫᱮᱱᱟ", absent: []string{"ᱤᱱᱴᱚᱨ"}},
	{
		script: "Thai", text: "เครื่องพิมพ์ชั้นสองเสีย แล้วครับ",
		forms: []string{"พิมพ์", "ชั้น\u200bสอง"}, absent: []string{"เสียชั้น"}, unspaced: true,
	},
	{
		script: "Lao", text: "ເຄື່ອງພິມຊັ້ນສອງເສຍ ແລ້ວ",
		forms: []string{"ພິມ"}, absent: []string{"ເສຍຊັ້ນ"}, unspaced: true,
	},
	{
		script: "Khmer", text: "ម៉ាស៊ីនបោះពុម្ព ជាន់ទីពីរខូច",
		forms: []string{"បោះពុម្ព"}, absent: []string{"ខូចទី"}, unspaced: true,
	},
	{
		script: "Burmese", text: "ဒုတိယထပ်က ပရင်တာ ပျက်နေတယ်",
		forms: []string{"ရင်တာ"}, absent: []string{"တာရင်"}, unspaced: true,
	},
	{
		script: "Han (simplified)", text: "二楼的打印机坏了 请维修",
		forms: []string{"打印机", "二楼的打印机坏了", "了"}, absent: []string{"打机", "打印机请"}, unspaced: true,
	},
	{
		script: "Han (traditional)", text: "二樓的印表機壞了 請維修",
		forms: []string{"印表機", "機壞"}, absent: []string{"表印", "打印机"}, unspaced: true,
	},
	{
		script: "Kana", text: "二階のプリンターがこわれました 至急",
		forms: []string{"ﾌﾟﾘﾝﾀｰ", "プリンタ", "フ\u309aリンター"}, absent: []string{"ブリンター", "ぷりんたー"}, unspaced: true,
	},
	{
		script: "Hangul", text: "이층 프린터가 고장났어요 빨리",
		forms: []string{"린터", "프린터"}, absent: []string{"터린"}, unspaced: true,
	},
	{
		script: "Latin and Han", text: "iPhone手机 屏幕碎了",
		forms: []string{"iphone", "手机", "IPHONE手机", "ｉＰｈｏｎｅ"}, absent: []string{"hone", "机手"},
	},
}

// tally counts the searches of a kind that found what they must find.
type tally struct{ right, asked int }

func (r *tally) String() string {
	switch {
	case r.asked == 0:
		return "–"
	case r.right == r.asked:
		return fmt.Sprint("all ", r.asked)
	}
	return fmt.Sprintf("%d of %d", r.right, r.asked)
}

// TestSearchInEveryScript searches reports in many scripts by parts, phrases, other normal forms and other cases. It prints what is
// found as a table.
func TestSearchInEveryScript(t *testing.T) {
	s := newClients(t)
	ids := make([]string, len(reports))
	for i, x := range reports {
		ids[i] = s.report(i, x.text)
	}
	var table strings.Builder
	out := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "script\tpart\tphrase\tother form\tother case\tno match")
	for i, x := range reports {
		search := func(want bool, typed ...string) *tally {
			var r tally
			for _, text := range typed {
				r.asked++
				found := s.ask(desk.Agent, "GET", "/api/tickets/?pageSize=100&search="+url.QueryEscape(text), "")
				if found.status == http.StatusOK && slices.Contains(strings.Fields(found.list("referenceId")), ids[i]) == want {
					r.right++
				} else {
					t.Errorf("%s: %q finds %q: want %v, got %d %.200s", x.script, text, x.text, want, found.status, found.body)
				}
			}
			return &r
		}
		fmt.Fprintf(out, "%s\t%v\t%v\t%v\t%v\t%v\n", x.script, search(true, x.parts()...), search(true, x.phrases()...),
			search(true, append(x.otherForms(), x.forms...)...), search(true, x.otherCases()...),
			search(false, append(x.wrongPhrases(), x.absent...)...))
	}
	_ = out.Flush()
	t.Log("\n" + table.String())
}

// report opens a ticket whose title, description or public comment is a text, and returns its id.
func (s *clients) report(i int, text string) string {
	title, description := "Report", "A fault."
	switch i % 3 {
	case 0:
		title = text
	case 1:
		description = text
	}
	r := s.ask(desk.Agent, "POST", "/api/tickets/", fmt.Sprintf(`{"title":%s,"description":%s}`, quoted(title), quoted(description))).
		must(http.StatusCreated, "Ticket created successfully.")
	id := r.object()["referenceId"].(string)
	if i%3 == 2 {
		s.ask(desk.Agent, "POST", "/api/ticket/"+id+"/comments/", `{"body":`+quoted(text)+`}`)
	}
	return id
}

// words returns what is between spaces and is more than punctuation.
func (x faultReport) words() []string {
	return slices.DeleteFunc(strings.Fields(x.text), func(w string) bool { return !strings.ContainsFunc(w, unicode.IsLetter) })
}

// longest returns the longest word.
func (x faultReport) longest() string {
	return slices.MaxFunc(x.words(), func(a, b string) int { return utf8.RuneCountInString(a) - utf8.RuneCountInString(b) })
}

// parts returns the beginnings of words; in a script without spaces, every part of two and of four characters.
func (x faultReport) parts() (all []string) {
	for _, w := range strings.FieldsFunc(x.text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }) {
		r := []rune(w)
		if !x.unspaced {
			if len(r) >= 4 {
				all = append(all, string(r[:4]), w)
			}
			continue
		}
		for from := range r {
			for n := 2; n <= 4 && from+n <= len(r) && !unicode.IsMark(r[from]); n += 2 {
				all = append(all, string(r[from:from+n]))
			}
		}
	}
	return all
}

// phrases returns every two neighboring words in quotes.
func (x faultReport) phrases() (all []string) {
	w := x.words()
	for i := range len(w) - 1 {
		all = append(all, `"`+w[i]+" "+w[i+1]+`"`)
	}
	return all
}

// wrongPhrases returns phrases in the wrong order.
func (x faultReport) wrongPhrases() (all []string) {
	w := x.words()
	for i := range len(w) - 1 {
		all = append(all, `"`+w[i+1]+" "+w[i]+`"`)
	}
	return all
}

// otherForms returns the longest word, and the whole text, in the normal forms of Unicode.
func (x faultReport) otherForms() (all []string) {
	for _, form := range []norm.Form{norm.NFC, norm.NFD, norm.NFKC, norm.NFKD} {
		all = append(all, form.String(x.longest()), form.String(x.text))
	}
	return all
}

// otherCases returns the text in upper and lower case, if its script has cases.
func (x faultReport) otherCases() (all []string) {
	for _, other := range []string{strings.ToUpper(x.text), strings.ToLower(x.text)} {
		if other != x.text {
			all = append(all, other)
		}
	}
	return all
}

// TestNotesInEveryScriptAreFoundByTheirReadersOnly checks that internal notes are found in every script by those who read
// them, and by no one else.
func TestNotesInEveryScriptAreFoundByTheirReadersOnly(t *testing.T) {
	s := newClients(t)
	for _, x := range reports {
		r := s.ask(desk.Customer, "POST", "/api/tickets/", `{"title":"Report","description":"A fault."}`).
			must(http.StatusCreated, "Ticket created successfully.")
		id := r.object()["referenceId"].(string)
		s.ask(desk.Agent, "POST", "/api/ticket/"+id+"/comments/", `{"visibility":"internal","body":`+quoted(x.text)+`}`)
		for who, want := range map[string]bool{desk.Agent: true, desk.Customer: false} {
			found := s.ask(who, "GET", "/api/tickets/?search="+url.QueryEscape(x.longest()), "").must(http.StatusOK, "Ok")
			if got := slices.Contains(strings.Fields(found.list("referenceId")), id); got != want {
				t.Errorf("%s: %s finds an internal note: %v", x.script, who, got)
			}
			if count := found.object()["count"]; !want && count != 0.0 {
				t.Errorf("%s: %s is told a count of %v", x.script, who, count)
			}
		}
	}
}
