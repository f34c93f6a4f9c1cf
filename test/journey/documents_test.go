package journey

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// tour are the pages whose shell blocks can be pasted one after the other into one shell. In README.md they begin with the
// section "Five minutes".
var tour = []string{"README.md", "docs/api.md", "docs/service-levels.md"}

// shells are the shells that the tour runs in, as a user starts them: interactive, so that the history and comments of a
// pasted text count, and without the user's own settings.
var shells = [][]string{{"bash", "--norc", "--noediting", "-i"}, {"zsh", "-f", "-i", "-o", "NO_PROMPT_SP"}, {"dash", "-i"}}

// TestTourOfTheDocumentsRunsInEveryShell pastes the blocks of the documents word for word, and compares what is printed with the
// answers that the documents show.
func TestTourOfTheDocumentsRunsInEveryShell(t *testing.T) {
	for _, shell := range shells {
		t.Run(shell[0], func(t *testing.T) {
			if _, err := exec.LookPath(shell[0]); err != nil {
				t.Skip(shell[0] + " is not installed")
			}
			onBoth(t, func(t *testing.T, d desk) {
				d.setUp(t)
				takeTour(t, d.serve(t), shell, "")
			})
		})
	}
}

// TestTourOutlivesItsTokens lets the access token expire before every block.
func TestTourOutlivesItsTokens(t *testing.T) {
	d := newDesk(t)
	d.setUp(t)
	takeTour(t, d.serve(t), shells[0], "login_time=0 access_token=expired\n")
}

// takeTour pastes the blocks into a shell. before is typed before each of them.
func takeTour(t *testing.T, s *service, shell []string, before string) {
	t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	terminal := openTerminal(t, s, shell)
	for _, page := range tour {
		names := names{}
		for _, b := range tourOf(t, page) {
			printed := terminal.paste(t, before+b.commands)
			if err := compareAnswers(b.answers, printed, names); err != nil {
				t.Fatalf("%s: %s\n%v\nprinted: %s", page, b.commands, err, printed)
			}
		}
	}
	if complaints := terminal.close(t); complaints != "" {
		t.Errorf("the shell complains: %s", complaints)
	}
}

// block is a shell block of a document with the JSON block that shows its answers, "" if there is none.
type block struct{ commands, answers string }

var (
	fenced    = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")
	tourBegin = "## Five minutes"
)

// tourOf returns the shell blocks of a page, each with the answers that the next block shows.
func tourOf(t *testing.T, page string) (blocks []block) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", page))
	if err != nil {
		t.Fatal(err)
	}
	if _, rest, found := bytes.Cut(text, []byte(tourBegin)); found {
		text = rest
	} else if page == "README.md" {
		t.Fatalf("README.md has no section %q", tourBegin)
	}
	previous := ""
	for _, m := range fenced.FindAllStringSubmatch(string(text), -1) {
		switch {
		case m[1] == "sh":
			blocks = append(blocks, block{commands: m[2]})
		case m[1] == "json" && previous == "sh":
			blocks[len(blocks)-1].answers = m[2]
		}
		previous = m[1]
	}
	if len(blocks) == 0 {
		t.Fatalf("%s has no shell blocks", page)
	}
	return blocks
}

// terminal is an interactive shell in an empty directory.
type terminal struct {
	process    *exec.Cmd
	directory  string
	input      io.WriteCloser
	output     *bufio.Reader
	complaints bytes.Buffer // standard error: prompts and errors
}

// openTerminal starts a shell whose curl finds the service at localhost:8000.
func openTerminal(t *testing.T, s *service, shell []string) *terminal {
	t.Helper()
	home := t.TempDir()
	settings := fmt.Sprintf("connect-to = \"localhost:8000:%s\"\nmax-time = %d\n",
		strings.TrimPrefix(s.url, "http://"), int(patience/time.Second))
	if err := os.WriteFile(filepath.Join(home, ".curlrc"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), shell[0], shell[1:]...)
	term := &terminal{process: c, directory: t.TempDir()}
	c.Dir, c.Stderr = term.directory, &term.complaints
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "PS1=", "PS2=", "NO_PROXY=*"}
	var err error
	if term.input, err = c.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	term.output = bufio.NewReader(out)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return term
}

const (
	passwordPrompt = "Password of admin: "
	endOfBlock     = "End of the block."
)

// paste runs a block and returns what it prints. If the block asks for the password, paste types it.
func (term *terminal) paste(t *testing.T, commands string) string {
	t.Helper()
	term.write(t, commands)
	if strings.Contains(commands, passwordPrompt) {
		term.readTo(t, passwordPrompt)
		term.write(t, password+"\n")
	}
	term.write(t, "printf '%s\\n' '"+endOfBlock+"'\n")
	return term.readTo(t, endOfBlock+"\n")
}

func (term *terminal) write(t *testing.T, text string) {
	t.Helper()
	if _, err := io.WriteString(term.input, text); err != nil {
		t.Fatalf("%v: %s", err, term.complaints.String())
	}
}

// readTo returns the output up to a text.
func (term *terminal) readTo(t *testing.T, end string) string {
	t.Helper()
	var got strings.Builder
	for !strings.HasSuffix(got.String(), end) {
		b, err := term.output.ReadByte()
		if err != nil {
			_ = term.process.Wait() // Stderr is complete then
			t.Fatalf("the shell ended: %s%s", got.String(), term.complaints.String())
		}
		got.WriteByte(b)
	}
	return strings.TrimSuffix(got.String(), end)
}

// close ends the shell and returns its errors. The directory in which it ran must be empty.
func (term *terminal) close(t *testing.T) string {
	t.Helper()
	term.write(t, "exit\n")
	_, _ = io.Copy(io.Discard, term.output) // ends when the shell does
	if err := term.process.Wait(); err != nil {
		t.Errorf("the shell: %v", err)
	}
	if left, err := os.ReadDir(term.directory); err != nil || len(left) > 0 {
		t.Errorf("the tour leaves %v behind (%v)", left, err)
	}
	return remarks.ReplaceAllString(term.complaints.String(), "")
}

// remarks are what interactive shells say without a terminal.
var remarks = regexp.MustCompile(`(?m)^(bash: cannot set terminal process group.*|bash: no job control in this shell|` +
	`zsh: .*can't (?:open|set) tty.*|dash: \d+: can't access tty; job control turned off|exit)?\n?`)
