// Package exitpaths leaves a process the soft way, like Python's sys.exit, and the hard way, like os._exit.
package exitpaths

// Run is a program's main: it runs the body, ends the process, and never returns.
//
// When the body returns, the process leaves the soft way with exit code 0: the exit handlers run, then the
// buffer of Print is written to standard output. When the body panics, the same happens; standard error
// tells the panic's value, and the code is 2.
func Run(body func()) {}

// AtExit registers a handler for the soft way out. It does not run it.
//
// On the soft way the handlers run one after the other, each once, the last registered first. When one
// panics, a line "exit handler failed: VALUE" goes to standard error; the others still run, what was printed
// is still written, and the code stays what it was.
func AtExit(handler func()) {}

// Print appends the text, unchanged, to a buffer in memory that holds at least 4096 bytes. Nothing of it is on
// standard output before the soft way's last step writes it.
func Print(text string) {}

// Exit leaves the soft way, from the body or from any function that it calls. It does not return.
//
// The deferred functions on the way out run first, as in a return; then the handlers; then the buffer is
// written, with what the handlers have printed; then the process ends with the code. Called by a handler, it
// ends that handler only: its deferred functions run, the other handlers too, and the first code stands.
func Exit(code int) {}

// HardExit ends the process at once with the code, from anywhere, also from a handler: no deferred function
// runs, no (further) handler runs, and what is in the buffer is lost.
func HardExit(code int) {}
