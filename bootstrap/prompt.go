package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/term"
)

// terminal reports whether the input is a terminal.
func (c *Console) terminal() bool { return term.IsTerminal(int(c.In.Fd())) } //nolint:gosec // file descriptors are small

// ask asks for a line of text.
func (c *Console) ask(ctx context.Context, label string) (string, error) {
	fmt.Fprint(c.Err, label+": ")
	text, err := readOrCancel(ctx, c.readLine)
	return strings.TrimSpace(text), err
}

// askPassword asks for a password twice, without echo.
func (c *Console) askPassword(ctx context.Context) (string, error) {
	first, err := c.askHidden(ctx, "Password")
	if err != nil {
		return "", err
	}
	second, err := c.askHidden(ctx, "Password (again)")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", errors.New("the passwords differ")
	}
	return first, nil
}

func (c *Console) askHidden(ctx context.Context, label string) (string, error) {
	fmt.Fprint(c.Err, label+": ")
	fd := int(c.In.Fd()) //nolint:gosec // file descriptors are small
	before, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	text, err := readOrCancel(ctx, func() (string, error) {
		b, err := term.ReadPassword(fd)
		return string(b), err
	})
	fmt.Fprintln(c.Err)
	return text, errors.Join(err, term.Restore(fd, before)) // an abandoned read leaves the echo off
}

// readLine reads one line, byte by byte: what follows it is left for the next question.
func (c *Console) readLine() (string, error) {
	var line []byte
	for b := make([]byte, 1); ; {
		n, err := c.In.Read(b)
		switch {
		case n == 1 && b[0] == '\n', errors.Is(err, io.EOF) && len(line) > 0:
			return string(line), nil
		case err != nil:
			return "", err
		case n == 1:
			line = append(line, b[0])
		}
	}
}

// readOrCancel returns the result of read, or the error of ctx if it ends first.
func readOrCancel(ctx context.Context, read func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := read()
		answers <- answer{text, err}
	}()
	select {
	case a := <-answers:
		return a.text, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
