package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	readyWithin = 20 * time.Second
	stopWithin  = 15 * time.Second
)

// process is a server that this program has started.
type process struct {
	name    string
	address string
	ready   time.Duration // the time from its start until it was ready
	command *exec.Cmd
	log     *os.File
	ended   chan error
}

// serve starts the service.
func (s *site) serve(ctx context.Context) (*process, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	c := s.command(context.WithoutCancel(ctx), "serve")
	c.Env = append(c.Env, "HTTP_ADDR="+address)
	return start(ctx, "service", address, s.folder, c)
}

// startCeiling starts this program as a ceiling with a task.
func (s *site) startCeiling(ctx context.Context, t task) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if t.Address, err = freeAddress(ctx); err != nil {
		return nil, err
	}
	text, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(context.WithoutCancel(ctx), self, "-ceiling") //nolint:gosec // ourselves
	c.Stdin = strings.NewReader(string(text))
	return start(ctx, "ceiling", t.Address, s.folder, c)
}

// start runs a server and waits until it is ready.
func start(ctx context.Context, name, address, folder string, c *exec.Cmd) (*process, error) {
	log, err := os.Create(filepath.Join(folder, name+".log")) //nolint:gosec // our own folder
	if err != nil {
		return nil, err
	}
	c.Stdout, c.Stderr = log, log
	began := time.Now()
	if err := c.Start(); err != nil {
		return nil, errors.Join(err, log.Close())
	}
	p := &process{name: name, address: address, command: c, log: log, ended: make(chan error, 1)}
	go func() { p.ended <- c.Wait() }()
	if err := p.await(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w: %s", name, err, tail(log.Name())), p.stop())
	}
	p.ready = time.Since(began)
	return p, nil
}

// await polls /readyz until the server is ready.
func (p *process) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	retry := time.NewTicker(2 * time.Millisecond)
	defer retry.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.address+"/readyz", nil)
		if err != nil {
			return err
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-p.ended:
			p.ended <- err
			return errors.Join(errors.New("the process exited"), err)
		case <-ctx.Done():
			return errors.New("not ready in time")
		case <-retry.C:
		}
	}
}

// stop sends SIGTERM to the process, and kills it if it does not exit in time.
func (p *process) stop() error {
	_ = p.command.Process.Signal(syscall.SIGTERM) // fails if it has exited
	var err error
	select {
	case err = <-p.ended:
	case <-time.After(stopWithin):
		err = errors.Join(errors.New(p.name+" did not stop"), p.command.Process.Kill(), <-p.ended)
	}
	return errors.Join(err, p.log.Close())
}

// memory returns the resident memory of the process in MB, current and maximal, or 0 if the system does not report it.
func (p *process) memory() (now, most int) {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(p.command.Process.Pid) + "/status")
	if err != nil {
		return 0, 0
	}
	field := func(name string) int {
		_, rest, _ := strings.Cut(string(status), name+":")
		fields := strings.Fields(rest)
		if len(fields) == 0 {
			return 0
		}
		kb, _ := strconv.Atoi(fields[0])
		return kb / 1024
	}
	return field("VmRSS"), field("VmHWM")
}
