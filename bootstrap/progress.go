package bootstrap

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progressInterval is the interval of progress lines without a terminal.
const progressInterval = 5 * time.Second

// progress shows the progress of long work: a bar on a terminal, otherwise a line from time to time. It is safe for concurrent use.
type progress struct {
	out   io.Writer
	what  string
	total int
	bar   *progressbar.ProgressBar // nil without a terminal

	mu       sync.Mutex // guards the fields below
	n        int
	reported time.Time
}

func newProgress(out io.Writer, what string, total int) *progress {
	p := &progress{out: out, what: what, total: total, reported: now()}
	if isTerminal(out) {
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(out), progressbar.OptionSetDescription(what),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetPredictTime(true),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionFullWidth())
	}
	return p
}

// add adds n to the progress.
func (p *progress) add(n int) {
	if p.bar != nil {
		_ = p.bar.Add(n) // an error of the terminal does not matter
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n += n
	if at := now(); at.Sub(p.reported) >= progressInterval {
		p.reported = at
		fmt.Fprintf(p.out, "%d of %d %s\n", p.n, p.total, p.what)
	}
}

// end finishes the bar. p may be nil.
func (p *progress) end() {
	if p != nil && p.bar != nil {
		_ = p.bar.Finish()
		fmt.Fprintln(p.out)
	}
}
