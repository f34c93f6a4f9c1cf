package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/term"

	"tickt/domain"
	"tickt/domain/sentence"
)

// terminal reports whether the input is a terminal.
func (c *Console) terminal() bool { return term.IsTerminal(int(c.In.Fd())) } //nolint:gosec // file descriptors are small

// ask asks for a line of text.
func (c *Console) ask(ctx context.Context, label string) (string, error) {
	fmt.Fprint(c.Err, label+": ")
	text, err := readOrCancel(ctx, c.readLine)
	return strings.TrimSpace(text), err
}

// question is a question on a terminal.
type question struct {
	field  string // of the problems of its answer
	label  string
	answer *string
	ask    func(ctx context.Context, label string) (string, error)
}

// until asks a question until check returns no problem of its field. It prints each problem.
func (c *Console) until(ctx context.Context, q question, check func() (domain.Problems, error)) error {
	for {
		answer, err := q.ask(ctx, q.label)
		switch {
		case errors.Is(err, errPasswordsDiffer):
			fmt.Fprintln(c.Err, "The passwords differ.")
			continue
		case errors.Is(err, io.EOF):
			return errors.New("the input ended before the last answer")
		case err != nil:
			return err
		}
		*q.answer = answer
		problems, err := check()
		if err != nil {
			return err
		}
		wrong := problemsOf(problems, q.field)
		if len(wrong) == 0 {
			return nil
		}
		for _, p := range wrong {
			fmt.Fprintln(c.Err, sentence.English.Of(p))
		}
	}
}

// problemsOf returns the problems of a field.
func problemsOf(all domain.Problems, field string) (of domain.Problems) {
	for _, p := range all {
		if p.Field == field {
			of = append(of, p)
		}
	}
	return of
}

var errPasswordsDiffer = errors.New("the passwords differ")

// askPassword asks for a password twice, without echo.
func (c *Console) askPassword(ctx context.Context, label string) (string, error) {
	first, err := c.askHidden(ctx, label)
	if err != nil {
		return "", err
	}
	second, err := c.askHidden(ctx, label+" (again)")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", errPasswordsDiffer
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
