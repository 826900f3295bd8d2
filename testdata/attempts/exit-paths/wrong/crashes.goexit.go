// Exit ends the main goroutine, and with nobody left the runtime gives up.
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
	body()
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

func HardExit(code int) { os.Exit(code) }
