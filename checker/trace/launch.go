package trace

import (
	"fmt"
	"io"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// Launcher is the argv[0] of a launcher: a process that waits until it is traced, and then becomes the program.
const Launcher = "forklings-launcher"

// held is the descriptor at whose end of file the launcher goes on.
const held = 3

func init() {
	if os.Args[0] == Launcher {
		runtime.LockOSThread() // to the main thread: it is the one that is traced
	}
}

// Main becomes the program when this process was started as a launcher, as "forklings-launcher PATH ARGV...", and then
// never returns. It is to be called first in main.
func Main() {
	if os.Args[0] != Launcher || len(os.Args) < 3 {
		return
	}
	unix.CloseOnExec(held)
	io.Copy(io.Discard, os.NewFile(held, "held"))
	err := Filter()
	if err == nil {
		err = unix.Exec(os.Args[1], os.Args[2:], os.Environ())
	}
	fmt.Fprintln(os.Stderr, "forklings: start under the tracer:", err)
	os.Exit(125)
}
