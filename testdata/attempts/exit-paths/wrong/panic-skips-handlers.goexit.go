// The body has a goroutine of its own, and a panic there crashes the process.
package exitpaths

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
)

var (
	handlers []func()
	out      = bufio.NewWriter(os.Stdout)
	status   int
	once     sync.Once
)

func Run(body func()) {
	done := make(chan bool)
	go func() {
		defer close(done)
		body()
	}()
	<-done
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
	once.Do(func() { status = code })
	runtime.Goexit()
}

func HardExit(code int) { os.Exit(code) }
