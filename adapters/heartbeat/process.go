package heartbeat

import (
	"errors"
	"os"
	"strings"
	"syscall"
)

// thisProcess returns where this process runs. space is the same for two processes only if each can be found by its pid from
// the other: they run on one machine, since it was started, and in one namespace of processes (pid_namespaces(7)). It is ""
// where the system does not tell.
func thisProcess() (host string, pid int, space string) {
	host, _ = os.Hostname()
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return host, os.Getpid(), ""
	}
	namespace, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return host, os.Getpid(), ""
	}
	return host, os.Getpid(), strings.TrimSpace(string(boot)) + " " + namespace
}

// died reports whether the process is certain to have ended. It is not if the process runs elsewhere, or if another one got
// its pid.
func (p Process) died() bool {
	_, _, here := thisProcess()
	return here != "" && p.space == here && errors.Is(syscall.Kill(p.PID, 0), syscall.ESRCH)
}
