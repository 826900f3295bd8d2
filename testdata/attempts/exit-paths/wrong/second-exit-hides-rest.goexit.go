// Exit ends its goroutine; in a handler, that is the one that was to run the rest.
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
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintln(os.Stderr, "exit handler failed:", r)
		}
	}()
	h()
}

func AtExit(handler func()) { handlers = append(handlers, handler) }

func Print(text string) { out.WriteString(text) }

func Exit(code int) {
	status = code
	runtime.Goexit()
}

func HardExit(code int) { os.Exit(code) }
