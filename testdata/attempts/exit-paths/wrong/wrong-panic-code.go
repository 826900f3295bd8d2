// A panic is told, and the status is 1, as in Python.
package exitpaths

import (
	"bufio"
	"fmt"
	"os"
)

type exit struct{ code int }

var (
	handlers []func()
	out      = bufio.NewWriter(os.Stdout)
)

func Run(body func()) {
	code := runBody(body)
	runHandlers()
	out.Flush()
	os.Exit(code)
}

func runBody(body func()) (code int) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case exit:
			code = r.code
		default:
			fmt.Fprintln(os.Stderr, "panic:", r)
			code = 1
		}
	}()
	body()
	return 0
}

func runHandlers() {
	for i := len(handlers) - 1; i >= 0; i-- {
		runHandler(handlers[i])
	}
}

func runHandler(h func()) {
	defer func() {
		switch r := recover().(type) {
		case nil, exit:
		default:
			fmt.Fprintln(os.Stderr, "exit handler failed:", r)
		}
	}()
	h()
}

func AtExit(handler func()) { handlers = append(handlers, handler) }

func Print(text string) { out.WriteString(text) }

func Exit(code int) { panic(exit{code}) }

func HardExit(code int) { os.Exit(code) }
