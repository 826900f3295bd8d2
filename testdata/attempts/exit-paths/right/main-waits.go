// The main goroutine does the end, and waits for the body's outcome meanwhile; a writer goroutine owns the buffer.
package exitpaths

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
)

type outcome struct {
	code  int
	panic any
}

var (
	register = make(chan func())
	take     = make(chan chan func())
	write    = make(chan string)
	flush    = make(chan chan bool)
	ends     = make(chan outcome)    // of the body first, then of every handler
	now      atomic.Pointer[outcome] // of the one that runs
)

func start() {
	var handlers []func()
	var text strings.Builder
	for {
		select {
		case h := <-register:
			handlers = append([]func(){h}, handlers...)
		case reply := <-take:
			if len(handlers) == 0 {
				reply <- nil
				continue
			}
			reply <- handlers[0]
			handlers = handlers[1:]
		case s := <-write:
			text.WriteString(s)
		case done := <-flush:
			fmt.Print(text.String())
			done <- true
		}
	}
}

func Run(body func()) {
	go start()
	end := run(body)
	if end.panic != nil {
		fmt.Fprintln(os.Stderr, end.panic)
		end.code = 2
	}
	for {
		reply := make(chan func())
		take <- reply
		h := <-reply
		if h == nil {
			break
		}
		if r := run(h).panic; r != nil {
			fmt.Fprintln(os.Stderr, "exit handler failed:", r)
		}
	}
	done := make(chan bool)
	flush <- done
	<-done
	os.Exit(end.code)
}

func run(f func()) outcome {
	go func() {
		now.Store(new(outcome))
		defer func() {
			end := now.Load()
			end.panic = recover()
			ends <- *end
		}()
		f()
	}()
	return <-ends
}

func AtExit(handler func()) { register <- handler }

func Print(text string) { write <- text }

func Exit(code int) {
	now.Load().code = code
	runtime.Goexit()
}

func HardExit(code int) { syscall.Exit(code) }
