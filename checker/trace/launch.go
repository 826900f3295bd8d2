package trace

import (
	"fmt"
	"io"
	"os"
	"runtime"

	"forklings/checker/seccomp"

	"golang.org/x/sys/unix"
)

// Launcher is the argv[0] of a launcher: a process that waits until it is traced, installs the filter that it is handed meanwhile
// (Filter, as bytes), and then becomes the program that the other arguments name: its path, and its own arguments. Where there is no
// SmallLauncher, the checker is one.
const Launcher = "forklings-launcher"

// held is the descriptor of the filter, at whose end the launcher goes on.
const held = 3

// init is the whole life of a launcher. It does not wait for main: what other packages make ready at the start is not for it.
func init() {
	if os.Args[0] != Launcher || len(os.Args) < 3 {
		return
	}
	runtime.LockOSThread() // to the main thread: it is the one that is traced
	unix.CloseOnExec(held)
	filter, err := io.ReadAll(os.NewFile(held, "held"))
	if err == nil {
		_, err = seccomp.Install(seccomp.FromBytes(filter), 0)
	}
	if err == nil {
		err = unix.Exec(os.Args[1], os.Args[2:], os.Environ())
	}
	fmt.Fprintln(os.Stderr, "forklings: start under the tracer:", err)
	os.Exit(125)
}
