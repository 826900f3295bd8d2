// The panic of the body is told on standard output.
package exitpaths

import (
	"fmt"
	"os"
	"sync"
)

type exitRequest struct{ code int }

var (
	mu       sync.Mutex
	handlers []func()
	buffer   []byte
)

func Run(body func()) {
	code := runBody(body)
	for {
		mu.Lock()
		if len(handlers) == 0 {
			mu.Unlock()
			break
		}
		h := handlers[len(handlers)-1]
		handlers = handlers[:len(handlers)-1]
		mu.Unlock()
		runHandler(h)
	}
	mu.Lock()
	os.Stdout.Write(buffer)
	mu.Unlock()
	os.Exit(code)
}

func runBody(body func()) (code int) {
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(exitRequest); ok {
				code = e.code
				return
			}
			fmt.Println("panic:", r)
			code = 2
		}
	}()
	body()
	return 0
}

func runHandler(h func()) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(exitRequest); ok {
				return
			}
			fmt.Fprintf(os.Stderr, "exit handler failed: %v\n", r)
		}
	}()
	h()
}

func AtExit(handler func()) {
	mu.Lock()
	defer mu.Unlock()
	handlers = append(handlers, handler)
}

func Print(text string) {
	mu.Lock()
	defer mu.Unlock()
	buffer = append(buffer, text...)
}

func Exit(code int) { panic(exitRequest{code}) }

func HardExit(code int) { os.Exit(code) }
