package bootstrap

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progressInterval is how often progress is told where there is no terminal to draw a bar on.
const progressInterval = 5 * time.Second

// progress tells how far a long piece of work has come: a bar on a terminal, a line now and then elsewhere. It is
// safe for use by any number of goroutines.
type progress struct {
	out   io.Writer
	what  string
	total int
	bar   *progressbar.ProgressBar // nil without a terminal

	mu       sync.Mutex // of the two below
	n        int
	reported time.Time
}

func newProgress(out io.Writer, what string, whole int) *progress {
	p := &progress{out: out, what: what, total: whole, reported: now()}
	if isTerminal(out) {
		p.bar = progressbar.NewOptions(whole, progressbar.OptionSetWriter(out), progressbar.OptionSetDescription(what),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetPredictTime(true),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionFullWidth())
	}
	return p
}

// add says that n more are done.
func (p *progress) add(n int) {
	if p.bar != nil {
		_ = p.bar.Add(n) // fails where nobody can see it anyway
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

// end leaves the line of the bar; of no progress at all there is none.
func (p *progress) end() {
	if p != nil && p.bar != nil {
		_ = p.bar.Finish()
		fmt.Fprintln(p.out)
	}
}
