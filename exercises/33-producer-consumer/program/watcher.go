package program

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"forklings/checker/syncpoint"

	"golang.org/x/sys/unix"
)

// What the watcher tells the watched process, and what it hears from there: named pipes in the scenario's directory.
const (
	orders = ".kit-orders"
	heard  = ".kit-heard"
)

const (
	closed = 'c' // the memory that processes share can only be read here
	open   = 'o'
)

// holds is how often the watcher comes to the point storing.
const holds = 3

// watched calls f while the watcher traces this thread. A second thread does with the memory what the watcher wants. That the
// call begins, and has ended, the watcher hears by a signal that does nothing.
func watched(f func()) {
	in, err := unix.Open(orders, unix.O_RDWR|unix.O_CLOEXEC, 0)
	must(err)
	out, err := unix.Open(heard, unix.O_RDWR|unix.O_CLOEXEC, 0)
	must(err)
	memory := shared()
	runtime.GOMAXPROCS(4) // one of them is for the second thread alone, which nobody else must have to wait for
	go func() {
		runtime.LockOSThread()
		order := new(byte)
		for {
			if n, _, _ := unix.RawSyscall(unix.SYS_READ, uintptr(in), uintptr(unsafe.Pointer(order)), 1); n != 1 {
				continue
			}
			mode := uintptr(unix.PROT_READ)
			if *order == open {
				mode |= unix.PROT_WRITE
			}
			for _, r := range memory {
				unix.RawSyscall(unix.SYS_MPROTECT, r.from, r.size, mode)
			}
			unix.RawSyscall(unix.SYS_WRITE, uintptr(out), uintptr(unsafe.Pointer(order)), 1)
		}
	}()
	unix.Tgkill(os.Getpid(), unix.Gettid(), unix.SIGWINCH)
	f()
	unix.Tgkill(os.Getpid(), unix.Gettid(), unix.SIGWINCH)
}

// region is a part of this process's memory.
type region struct{ from, size uintptr }

// shared finds the memory that this process shares with others, and may write to.
func shared() (all []region) {
	text, err := os.ReadFile("/proc/self/maps")
	must(err)
	for line := range strings.Lines(string(text)) {
		var from, to uintptr
		var mode string
		if n, _ := fmt.Sscanf(line, "%x-%x %s", &from, &to, &mode); n == 3 && mode == "rw-s" {
			all = append(all, region{from, to - from})
		}
	}
	return all
}

// watch traces the first thread of a process (ptrace(2)), and stops it whenever it is about to store something in the memory
// that processes share, which cannot be written to for that time: what it has read before is in a register, and others may
// come in between.
func watch(me syncpoint.Role) {
	pid, err := strconv.Atoi(os.Args[2])
	must(err)
	w := &watcher{pid: pid}
	for file, fd := range map[string]*int{orders: &w.orders, heard: &w.heard} {
		must(unix.Mkfifo(file, 0o600))
		*fd, err = unix.Open(file, unix.O_RDWR|unix.O_CLOEXEC, 0)
		must(err)
	}
	runtime.LockOSThread() // a thread is the tracer
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(pid), 0, unix.PTRACE_O_TRACESYSGOOD, 0, 0)
	me.Say("tracing", errno == 0)
	me.Reach("tracing")
	if errno != 0 {
		return
	}

	signal := w.wait()
	for signal != 0 && signal != unix.SIGWINCH {
		signal = w.goOn(unix.PTRACE_CONT, signal)
	}
	w.order(closed)
	held, inCall := 0, false
	signal = w.goOn(unix.PTRACE_SYSCALL, 0)
	for signal != 0 && signal != unix.SIGWINCH {
		deliver := signal
		switch signal {
		case unix.SIGTRAP | 0x80: // a system call may write to the memory
			inCall = !inCall
			w.order(map[bool]byte{true: open, false: closed}[inCall])
			deliver = 0
		case unix.SIGTRAP:
			deliver = 0
		case unix.SIGSEGV:
			if held < holds {
				held++
				goOn := w.stopOthers() // the Go runtime looks after a thread that seems to work
				me.Reach("storing")
				goOn()
			}
			w.order(open)
			if deliver = w.goOn(unix.PTRACE_SINGLESTEP, 0); deliver == unix.SIGTRAP {
				w.order(closed)
				deliver = 0
			} // else it had another reason
		}
		signal = w.goOn(unix.PTRACE_SYSCALL, deliver)
	}
	w.order(open)
	for ; held < holds; held++ {
		me.Reach("storing")
	}
	unix.PtraceDetach(pid)
	syscall.Pause()
}

// watcher has traced a thread, which is stopped between two calls of goOn.
type watcher struct{ pid, orders, heard int }

// goOn lets the thread go on to its next stop, and gives the signal of that, 0 when it has ended. By SIGURG the Go runtime
// tells a goroutine that it works for too long; this one need not know.
func (w *watcher) goOn(how int, deliver unix.Signal) unix.Signal {
	for {
		unix.Syscall6(unix.SYS_PTRACE, uintptr(how), uintptr(w.pid), 0, uintptr(deliver), 0, 0)
		signal := w.wait()
		if signal != unix.SIGURG {
			return signal
		}
		deliver = 0
	}
}

func (w *watcher) wait() unix.Signal {
	if status := wait(w.pid); status.Stopped() {
		return status.StopSignal()
	}
	return 0
}

// wait waits for the next stop of a thread, or for its end.
func wait(tid int) (status unix.WaitStatus) {
	for {
		if _, err := unix.Wait4(tid, &status, unix.WALL, nil); err != unix.EINTR {
			return status
		}
	}
}

// stopOthers stops the other threads of the process, until goOn is called.
func (w *watcher) stopOthers() (goOn func()) {
	stopped := map[int]unix.Signal{} // and the signal that each of them was stopped by
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", w.pid))
	for _, path := range threads {
		tid, err := strconv.Atoi(filepath.Base(path))
		must(err)
		if tid == w.pid {
			continue
		}
		if _, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(tid), 0, 0, 0, 0); errno != 0 {
			continue // it has ended
		}
		unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_INTERRUPT, uintptr(tid), 0, 0, 0, 0)
		if status := wait(tid); status.Stopped() {
			stopped[tid] = 0
			if int(status)>>16 == 0 { // no event of ptrace: a signal of its own
				stopped[tid] = status.StopSignal()
			}
		}
	}
	return func() {
		for tid, signal := range stopped {
			unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_DETACH, uintptr(tid), 0, uintptr(signal), 0, 0)
		}
	}
}

// order has the other process open or close the memory, and waits until it has.
func (w *watcher) order(what byte) {
	b := []byte{what}
	unix.Write(w.orders, b)
	for {
		if n, _ := unix.Read(w.heard, b); n == 1 {
			return
		}
	}
}
