// Everything happens in deferred functions, and a panic that is not Exit's goes on to the Go runtime.
package exitpaths

import (
	"bytes"
	"fmt"
	"os"
)

type systemExit int

var handlers []func()
var printed bytes.Buffer

func Run(body func()) {
	defer func() {
		r := recover()
		runAll(handlers)
		os.Stdout.Write(printed.Bytes())
		switch r := r.(type) {
		case nil:
			os.Exit(0)
		case systemExit:
			os.Exit(int(r))
		default:
			panic(r)
		}
	}()
	body()
}

// runAll leaves the unwinding to Go: a deferred call runs whatever became of the one before.
func runAll(handlers []func()) {
	if len(handlers) == 0 {
		return
	}
	n := len(handlers) - 1
	defer runAll(handlers[:n])
	defer func() {
		r := recover()
		if _, ok := r.(systemExit); r != nil && !ok {
			fmt.Fprintln(os.Stderr, "exit handler failed:", r)
		}
	}()
	handlers[n]()
}

func AtExit(handler func()) { handlers = append(handlers, handler) }

func Print(text string) { printed.WriteString(text) }

func Exit(code int) { panic(systemExit(code)) }

func HardExit(code int) { os.Exit(code) }
