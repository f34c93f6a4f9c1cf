package bootstrap

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// terminalWith opens a terminal on which lines have been typed.
func terminalWith(t *testing.T, lines ...string) *os.File {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	var number, unlock int32
	for request, value := range map[uintptr]*int32{syscall.TIOCGPTN: &number, syscall.TIOCSPTLCK: &unlock} {
		if _, _, failed := syscall.Syscall(syscall.SYS_IOCTL, keyboard.Fd(), request, uintptr(unsafe.Pointer(value))); failed != 0 {
			t.Fatal(failed)
		}
	}
	screen, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _, _ = screen.Close(), keyboard.Close() })
	for _, line := range lines {
		if _, err := keyboard.WriteString(line + "\n"); err != nil {
			t.Fatal(err)
		}
	}
	return screen
}

func TestCreateSuperuserChecksEachAnswer(t *testing.T) {
	dir := t.TempDir()
	run := func(in *os.File, args ...string) (code int, stdout, stderr string) {
		var out, errs bytes.Buffer
		c := Console{In: in, Out: &out, Err: &errs, Dir: dir, Environ: []string{"DATA_DIR=" + dir}}
		code = c.Run(t.Context(), args)
		return code, out.String(), errs.String()
	}
	if code, _, stderr := run(os.Stdin, "migrate", "up"); code != exitOK {
		t.Fatal(stderr)
	}
	code, out, asked := run(terminalWith(t, "two words", "root", "nonsense", "root@example.org", "12", "",
		"short", "short", "seven brown otters", "seven brown cats", "seven brown otters", "seven brown otters"), "createsuperuser")
	if code != exitOK || out != "Superuser root created.\n" {
		t.Fatalf("%d, %q, %q", code, out, asked)
	}
	at := 0
	for _, want := range []string{
		"Username: ", "Username", "Username: Email: ", "mail", "Email: Phone number (optional): ",
		"Enter a valid phone number: national in NP, or international with \"+\".\n",
		"Phone number (optional): ", "--generate-password", "Password: ", "at least 8", "The passwords differ.\n",
	} {
		next := strings.Index(asked[at:], want)
		if next < 0 {
			t.Fatalf("no %q in order: %q", want, asked)
		}
		at += next + len(want)
	}
	if strings.Contains(asked, "otters") {
		t.Errorf("the password is shown: %q", asked)
	}

	code, _, asked = run(terminalWith(t, "ROOT", "second", "second@example.org", ""), "createsuperuser", "--generate-password")
	if code != exitOK || !strings.Contains(asked, "Username already exists.") { // two have no phone number
		t.Errorf("%d, %q", code, asked)
	}
	code, _, asked = run(terminalWith(t, "never read"), "createsuperuser", "--email", "nonsense")
	if code != exitUsage || strings.Contains(asked, "Username:") || strings.Count(asked, "\n") != 1 {
		t.Errorf("a wrong flag: %d, %q", code, asked)
	}
	if code, _, asked = run(terminalWith(t, "\x04"), "createsuperuser"); code != exitFailed || !strings.Contains(asked, "the input ended") {
		t.Errorf("the end of the input: %d, %q", code, asked)
	}
}
