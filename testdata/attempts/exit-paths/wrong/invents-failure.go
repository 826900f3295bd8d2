// Whatever a handler's recover gives is told as a failure, the value that Exit panics with, too.
package exitpaths

import (
	"bytes"
	"fmt"
	"os"
)

type systemExit struct{ code int }

var (
	handlers []func()
	buffer   bytes.Buffer
)

func Run(body func()) {
	code := 0
	func() {
		defer func() {
			if r := recover(); r != nil {
				if exit, ok := r.(systemExit); ok {
					code = exit.code
					return
				}
				fmt.Fprintln(os.Stderr, "panic:", r)
				code = 2
			}
		}()
		body()
	}()
	for len(handlers) > 0 {
		handler := handlers[len(handlers)-1]
		handlers = handlers[:len(handlers)-1]
		guard(handler)
	}
	os.Stdout.Write(buffer.Bytes())
	os.Exit(code)
}

func guard(handler func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(os.Stderr, "exit handler failed: %v\n", r)
		}
	}()
	handler()
}

func AtExit(handler func()) { handlers = append(handlers, handler) }

func Print(text string) { buffer.WriteString(text) }

func Exit(code int) { panic(systemExit{code}) }

func HardExit(code int) { os.Exit(code) }
