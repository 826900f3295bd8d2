// The body and every handler have a goroutine of their own, and Exit ends it: nothing can recover that.
package exitpaths

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
)

var (
	mu       sync.Mutex
	handlers []func()
	out      = bufio.NewWriter(os.Stdout)
	code     = 0
	first    sync.Once // only the first order to leave counts
)

func Run(body func()) {
	if r := ended(body); r != nil {
		first.Do(func() { code = 2 })
	}
	first.Do(func() {})
	for {
		mu.Lock()
		n := len(handlers)
		if n == 0 {
			break
		}
		h := handlers[n-1]
		handlers = handlers[:n-1]
		mu.Unlock()
		if r := ended(h); r != nil {
			fmt.Fprintf(os.Stderr, "exit handler failed: %v\n", r)
		}
	}
	out.Flush()
	os.Exit(code)
}

// ended runs f to its end, which may be a return, an Exit or a panic; it gives the value of the panic.
func ended(f func()) any {
	end := make(chan any)
	go func() {
		var r any
		defer func() { end <- r }()
		defer func() {
			if r = recover(); r != nil {
				fmt.Fprintf(os.Stderr, "%v\n\n%s", r, debug.Stack())
			}
		}()
		f()
	}()
	return <-end
}

func AtExit(handler func()) {
	mu.Lock()
	defer mu.Unlock()
	handlers = append(handlers, handler)
}

func Print(text string) {
	mu.Lock()
	defer mu.Unlock()
	out.WriteString(text)
}

func Exit(status int) {
	first.Do(func() { code = status })
	runtime.Goexit()
}

func HardExit(status int) { os.Exit(status) }
