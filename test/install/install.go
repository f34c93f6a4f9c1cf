// Package install installs programs that tests need, with the package manager of the system.
package install

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// Program is a program as package managers name it.
type Program struct {
	Apt, Dnf, Apk, Brew string // packages, separated by spaces
}

// managers are the supported package managers, with the commands that install packages, whose names follow.
var managers = []struct {
	name     string
	packages func(Program) string
	calls    []string
	byOwner  bool // runs as its owner instead of as root
}{
	{
		name: "apt-get", packages: func(p Program) string { return p.Apt }, calls: []string{
			"env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 update",
			"env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends",
		},
	},
	{name: "dnf", packages: func(p Program) string { return p.Dnf }, calls: []string{"dnf -y install"}},
	{name: "apk", packages: func(p Program) string { return p.Apk }, calls: []string{"apk add --wait 300"}},
	{name: "brew", packages: func(p Program) string { return p.Brew }, calls: []string{"brew install"}, byOwner: true},
}

// Run installs a program with the first package manager that exists. It never prompts.
func Run(ctx context.Context, p Program) error {
	for _, m := range managers {
		if _, err := exec.LookPath(m.name); err != nil {
			continue
		}
		var rights []string
		if !m.byOwner && os.Geteuid() != 0 {
			rights = []string{"sudo", "-n"}
		}
		for i, call := range m.calls {
			words := append(slices.Clone(rights), strings.Fields(call)...)
			if i == len(m.calls)-1 {
				words = append(words, strings.Fields(m.packages(p))...)
			}
			out, err := exec.CommandContext(ctx, words[0], words[1:]...).CombinedOutput() //nolint:gosec // of the table
			if err != nil {
				return fmt.Errorf("%s: %w: %s", m.name, err, Tail(out))
			}
		}
		return nil
	}
	return errors.New("no supported package manager found")
}

// Tail returns the end of the output of a command, for an error.
func Tail(out []byte) string {
	text := strings.TrimSpace(string(out))
	return text[max(0, len(text)-800):]
}
