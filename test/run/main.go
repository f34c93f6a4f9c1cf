// Run runs `go test` with its arguments and prints a line for each package, the output of tests that fail, and at the end
// one line: how long it took, how many packages and tests, what was skipped and why. It is how `make test` ends.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"time"
)

// limit ends a package that hangs. A machine that is busy with other work takes three times as long as a quiet one.
const limit = "20m"

func main() {
	began := time.Now()
	r := newReport(os.Stdout)
	// One package more than there are processors, and twice as many parallel tests in each, since some wait most of the time.
	// The last -p and -parallel count.
	cpus := runtime.NumCPU()
	args := []string{"test", "-json", "-timeout", limit, "-p", strconv.Itoa(cpus + 1), "-parallel", strconv.Itoa(2 * cpus)}
	args = append(args, os.Args[1:]...)
	cmd := exec.Command("go", args...) //nolint:gosec // the arguments are the developer's
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err == nil {
		if err = r.read(out); err == nil {
			err = cmd.Wait()
		}
	}
	fmt.Println(r.summary(time.Since(began)))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
