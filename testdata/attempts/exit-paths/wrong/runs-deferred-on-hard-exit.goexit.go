// HardExit ends the body's goroutine; Run sees a mark and skips the rest.
package exitpaths

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
)

var (
	handlers []func()
	out      = bufio.NewWriter(os.Stdout)
	status   int
	hard     bool
)

func Run(body func()) {
	done := make(chan bool)
	go func() {
		defer close(done)
		body()
	}()
	<-done
	if hard {
		os.Exit(status)
	}
	for i := len(handlers) - 1; i >= 0; i-- {
		runHandler(handlers[i])
	}
	out.Flush()
	os.Exit(status)
}

func runHandler(h func()) {
	done := make(chan bool)
	go func() {
		defer close(done)
		defer func() {
			if r := recover(); r != nil {
				fmt.Fprintln(os.Stderr, "exit handler failed:", r)
			}
		}()
		h()
	}()
	<-done
}

func AtExit(handler func()) { handlers = append(handlers, handler) }

func Print(text string) { out.WriteString(text) }

func Exit(code int) {
	status = code
	runtime.Goexit()
}

func HardExit(code int) {
	status, hard = code, true
	runtime.Goexit()
}
