// A handler that has simply returned is told as one that has failed: with the value nil.
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
		r := recover()
		if _, exits := r.(systemExit); !exits {
			fmt.Fprintf(os.Stderr, "exit handler failed: %v\n", r)
		}
	}()
	handler()
}

func AtExit(handler func()) { handlers = append(handlers, handler) }

func Print(text string) { buffer.WriteString(text) }

func Exit(code int) { panic(systemExit{code}) }

func HardExit(code int) { os.Exit(code) }
