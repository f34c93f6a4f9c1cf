package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// The texts of -search follow the frequencies of a natural language, in which few words are in nearly every text and most are in
// hardly any (Zipf's law), and mix scripts. Words of known frequency are added.

const (
	vocabulary = 50_000 // distinct words
	rareWords  = 50     // words that are each in about rareIn tickets
	rareIn     = 20

	halfWord  = "network" // in every second ticket
	tenthWord = "printer" // in one ticket of ten
	rareHan   = "鼹鼠打洞"    // in about rareIn tickets
)

// texts makes texts. It is for one goroutine.
type texts struct {
	random *rand.Rand
	ranks  *rand.Zipf
	words  []string
	every  int // a rare word is in every so many tickets
}

func newTexts(tickets int) *texts {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // no secret
	t := &texts{random: random, ranks: rand.NewZipf(random, 1.07, 3, vocabulary-1), every: max(tickets/rareIn, rareWords+1)}
	for i := range vocabulary {
		t.words = append(t.words, word(i))
	}
	return t
}

var (
	latin      = strings.Fields("ba co di fe gu ha jo ki le mu na po qui re su ta vo wi xe zu bran clo dri fle gro")
	devanagari = strings.Fields("का खि गु चे जो टा डि तु दे नो पा फि बु मे यो रा लि वु से हो")
	han        = []rune("的一是不了人我在有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可")
)

// word returns the i-th word: one of ten is Nepali, one of ten Chinese.
func word(i int) string {
	switch i % 10 {
	case 3:
		return syllables(i, devanagari)
	case 7:
		return string([]rune{han[i/10%len(han)], han[i/10/len(han)%len(han)], han[i%len(han)]})
	default:
		return syllables(i, latin)
	}
}

func syllables(i int, of []string) string {
	w := of[i%len(of)]
	for i /= len(of); i > 0; i /= len(of) {
		w += of[i%len(of)]
	}
	return w + of[len(w)%len(of)]
}

// rareWord returns the n-th rare word.
func rareWord(n int) string { return fmt.Sprintf("%c%cquokka", 'a'+n/26, 'a'+n%26) }

// some returns a number of random words.
func (t *texts) some(words int) string {
	out := make([]string, words)
	for i := range out {
		out[i] = t.words[t.ranks.Uint64()]
	}
	return strings.Join(out, " ")
}

func (t *texts) title() string { return t.some(3 + t.random.IntN(6)) }

// description returns the description of the i-th ticket, with the words of known frequency.
func (t *texts) description(i int) string {
	text := t.some(10 + t.random.IntN(30))
	if t.random.IntN(2) == 0 {
		text += " " + halfWord
	}
	if t.random.IntN(10) == 0 {
		text += " " + tenthWord
	}
	switch n := i % t.every; {
	case n < rareWords:
		text += " " + rareWord(n)
	case n == rareWords:
		text += " " + rareHan
	}
	return text
}

func (t *texts) comment() string { return t.some(5 + t.random.IntN(30)) }
