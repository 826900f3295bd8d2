// Package exitpaths leaves a process the soft way, like Python's sys.exit, and the hard way, like os._exit.
package exitpaths

import (
	"bufio"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
)

// leaving is the panic that carries an exit code up through the body, as SystemExit does in Python.
type leaving struct{ code int }

// crashed is the exit code of a Go program that panics.
const crashed = 2

var (
	mu       sync.Mutex // held for a moment only, never while a handler runs: handlers call Print
	handlers []func()
	out      = bufio.NewWriter(os.Stdout)
)

// Run is a program's main: it runs the body, ends the process, and never returns.
//
// When the body returns, the process leaves the soft way with exit code 0: the exit handlers run, then the
// buffer of Print is written to standard output. When the body panics, the same happens; standard error
// tells the panic's value, and the code is 2.
func Run(body func()) {
	code := outcome(body)
	for handler := last(); handler != nil; handler = last() {
		call(handler)
	}
	flush()
	os.Exit(code)
}

// outcome runs the body and its deferred functions, and gives the exit code it leaves with. Only a panic
// of Exit's own is an order to leave; any other one must not look like success.
func outcome(body func()) (code int) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case leaving:
			code = r.code
		default:
			fmt.Fprintf(os.Stderr, "panic: %v\n\n%s", r, debug.Stack())
			code = crashed
		}
	}()
	body()
	return 0
}

// AtExit registers a handler for the soft way out. It does not run it.
//
// On the soft way the handlers run one after the other, each once, the last registered first. When one
// panics, a line "exit handler failed: VALUE" goes to standard error; the others still run, what was printed
// is still written, and the code stays what it was.
func AtExit(handler func()) {
	mu.Lock()
	defer mu.Unlock()
	handlers = append(handlers, handler)
}

// last takes the handler registered last off the list, so that none runs twice. It gives nil when none is left.
func last() func() {
	mu.Lock()
	defer mu.Unlock()
	n := len(handlers)
	if n == 0 {
		return nil
	}
	handler := handlers[n-1]
	handlers = handlers[:n-1]
	return handler
}

// call runs one handler. Whatever it panics with ends here, an Exit too: that leaves only this handler.
func call(handler func()) {
	defer func() {
		r := recover()
		if _, exits := r.(leaving); r != nil && !exits {
			fmt.Fprintln(os.Stderr, "exit handler failed:", r)
		}
	}()
	handler()
}

// Print appends the text, unchanged, to a buffer in memory that holds at least 4096 bytes. Nothing of it is on
// standard output before the soft way's last step writes it.
func Print(text string) {
	mu.Lock()
	defer mu.Unlock()
	out.WriteString(text) // an error stays in the writer until Flush tells it
}

func flush() {
	mu.Lock()
	defer mu.Unlock()
	if err := out.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, "standard output:", err)
	}
}

// Exit leaves the soft way, from the body or from any function that it calls. It does not return.
//
// The deferred functions on the way out run first, as in a return; then the handlers; then the buffer is
// written, with what the handlers have printed; then the process ends with the code. Called by a handler, it
// ends that handler only: its deferred functions run, the other handlers too, and the first code stands.
//
// It is a panic because only a panic, or runtime.Goexit, runs the deferred functions of all callers.
func Exit(code int) { panic(leaving{code}) }

// HardExit ends the process at once with the code, from anywhere, also from a handler: no deferred function
// runs, no (further) handler runs, and what is in the buffer is lost.
//
// os.Exit is that already: exit_group(2) ends every thread, and memory goes with the process.
func HardExit(code int) { os.Exit(code) }
