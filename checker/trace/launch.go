package trace

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// Launcher is the argv[0] of a launcher: a process that waits until it is traced, and then becomes the program.
const Launcher = "forklings-launcher"

// held is the descriptor at whose end of file the launcher goes on.
const held = 3

// init is the whole life of a launcher. It does not wait for main: what other packages make ready at the start is not for it.
func init() {
	if os.Args[0] != Launcher || len(os.Args) < 3 {
		return
	}
	runtime.LockOSThread() // to the main thread: it is the one that is traced
	unix.CloseOnExec(held)
	for b := []byte{0}; ; { // to the end of file
		if n, err := unix.Read(held, b); n <= 0 && err != unix.EINTR {
			break
		}
	}
	err := Filter()
	if err == nil {
		err = unix.Exec(os.Args[1], os.Args[2:], os.Environ())
	}
	fmt.Fprintln(os.Stderr, "forklings: start under the tracer:", err)
	os.Exit(125)
}
