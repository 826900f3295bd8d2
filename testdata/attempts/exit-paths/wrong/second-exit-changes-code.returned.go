// A body that returns has not called Exit, so a handler's Exit is taken for the first.

package exitpaths

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"
)

var (
	handlers []func()
	text     []byte
	code     = -1
	leaving  bool
)

func Run(body func()) {
	var end sync.WaitGroup
	end.Add(1)
	go func() {
		returned := false
		defer end.Done()
		defer func() {
			if returned || code >= 0 && recoverNothing() {
				return
			}
			if v := recover(); v != nil {
				fmt.Fprintln(os.Stderr, "panic:", v)
				if code < 0 {
					code = 2
				}
			}
		}()
		body()
		returned = true
	}()
	end.Wait()
	leaving = true
	for len(handlers) > 0 {
		last := len(handlers) - 1
		h := handlers[last]
		handlers = handlers[:last]
		end.Add(1)
		go func() {
			defer end.Done()
			defer func() {
				if v := recover(); v != nil {
					fmt.Fprintf(os.Stderr, "exit handler failed: %v\n", v)
				}
			}()
			h()
		}()
		end.Wait()
	}
	if code < 0 {
		code = 0
	}
	for len(text) > 0 {
		n, err := syscall.Write(1, text)
		if err == syscall.EINTR || err == syscall.EAGAIN {
			continue
		}
		if err != nil {
			break
		}
		text = text[n:]
	}
	for {
		syscall.RawSyscall(syscall.SYS_EXIT_GROUP, uintptr(code), 0, 0)
	}
}

func recoverNothing() bool { return false }

func AtExit(handler func()) { handlers = append(handlers, handler) }

func Print(t string) { text = append(text, t...) }

func Exit(c int) {
	if code < 0 {
		code = c
	}
	runtime.Goexit()
}

func HardExit(c int) {
	syscall.RawSyscall(syscall.SYS_EXIT_GROUP, uintptr(c), 0, 0)
	select {}
}
