// The handlers are a chain of closures, the buffer is a slice, and the end is exit_group(2) itself.
package exitpaths

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

type stop struct{ status int }

var chain = func() {}
var buffer []byte

func Run(body func()) {
	status := 0
	attempt(body, func(r any) {
		if s, ok := r.(*stop); ok {
			status = s.status
			return
		}
		status = 2
		fmt.Fprintln(os.Stderr, "the body panicked:", r)
	})
	chain()
	for len(buffer) > 0 {
		n, err := unix.Write(1, buffer)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			break
		}
		buffer = buffer[n:]
	}
	unix.Exit(status)
}

func AtExit(handler func()) {
	rest := chain
	chain = func() {
		attempt(handler, func(r any) {
			if _, ok := r.(*stop); !ok {
				fmt.Fprintln(os.Stderr, "exit handler failed:", r)
			}
		})
		rest()
	}
}

func attempt(f func(), caught func(any)) {
	defer func() {
		if r := recover(); r != nil {
			caught(r)
		}
	}()
	f()
}

func Print(text string) { buffer = append(buffer, text...) }

func Exit(code int) { panic(&stop{code}) }

func HardExit(code int) {
	for {
		unix.RawSyscall(unix.SYS_EXIT_GROUP, uintptr(code), 0, 0)
	}
}
