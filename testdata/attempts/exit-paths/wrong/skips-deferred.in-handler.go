// An Exit in a handler never comes back, and leaves the handler's goroutine asleep: what it has deferred does not run.
package exitpaths

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"syscall"
)

type entry struct {
	f    func()
	next *entry
}

var (
	lock    = make(chan struct{}, 1)
	top     *entry
	text    string
	status  int
	left    bool // the status is settled
	exiting bool
	skip    = make(chan struct{})
)

func Run(body func()) {
	inGoroutine(body, func(v any) {
		os.Stderr.WriteString("panic: " + fmt.Sprint(v) + "\n")
		status = 2
	})
	lock <- struct{}{}
	left = true
	<-lock
	for {
		lock <- struct{}{}
		e := top
		if e != nil {
			top = e.next
		}
		<-lock
		if e == nil {
			break
		}
		exiting = true
		inGoroutine(e.f, func(v any) {
			os.Stderr.WriteString("exit handler failed: " + fmt.Sprint(v) + "\n")
		})
	}
	b := []byte(text)
	for len(b) > 0 {
		n, err := syscall.Write(1, b)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			break
		}
		b = b[n:]
	}
	HardExit(status)
}

func inGoroutine(f func(), failed func(any)) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if v := recover(); v != nil {
				failed(v)
			}
		}()
		f()
	}()
	select {
	case <-done:
	case <-skip:
	}
}

func AtExit(handler func()) {
	lock <- struct{}{}
	top = &entry{handler, top}
	<-lock
}

func Print(s string) {
	lock <- struct{}{}
	text += s
	<-lock
}

func Exit(code int) {
	lock <- struct{}{}
	if !left {
		status, left = code, true
	}
	again := left && exiting
	<-lock
	if again {
		skip <- struct{}{}
		select {}
	}
	runtime.Goexit()
}

func HardExit(code int) {
	syscall.RawSyscall(syscall.SYS_EXIT_GROUP, uintptr(code), 0, 0)
	panic("still here: " + strconv.Itoa(code))
}
